import { rowFormulas } from '@lianke/shared/formulas/row-formulas';
import type { FormulaField } from '@lianke/shared/formulas/world';
import { asJson, type Json } from '@lianke/shared/json';
import type { RecordView } from '@lianke/shared/records/query';
import { App } from 'antd';
import { useContext, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { messageOf } from '../../api/errors.js';
import { type ReadField, useDepartments, useMe, useMembers } from '../../api/queries.js';
import type { Column } from '../../records/columns.js';
import { spread } from '../../records/grid/clipboard.js';
import type { Block } from '../../records/grid/data-grid.js';
import { fillPlan } from '../../records/grid/fill-plan.js';
import { LinkingContext } from '../../records/linking.js';
import { newRecordId } from '../../records/new-id.js';
import type { Names, Pasted } from '../../records/paste.js';
import { findLabels } from '../../records/paste-links.js';
import { rulesFor, useRuleEnv } from '../../records/rules.js';
import { initialValues, type Values } from '../../records/values.js';
import { timeZone } from '../../shared/format.js';
import { fieldRenderers } from '../registry.js';
import { type EditorProps, isEmptyValue } from '../renderer.js';
import { labelled } from './pasted-labels.js';
import { innerFields, maxRowsOf, type Row, rowsOf } from './rows.js';
import { useLinkedRows } from './use-linked-rows.js';

/** What stands in a column of the table that holds no field of the rows: their numbers. */
export const place: ReadField = {
  id: '#' as ReadField['id'],
  key: '#',
  name: '#',
  type: 'text',
  config: {},
  rules: {},
  writable: false,
};

interface Options {
  field: EditorProps['field'];
  value: EditorProps['value'];
  /** Without it the rows are only read. */
  onChange: EditorProps['onChange'] | undefined;
  editable: boolean;
}

/** The rows of a subform and what is done to them: typed, pasted, filled, copied, moved, taken back. */
export function useTableRows({ field, value, onChange, editable }: Options) {
  const { t } = useTranslation('fields');
  const { message } = App.useApp();
  const me = useMe();
  const members = useMembers();
  const departments = useDepartments();
  const env = useRuleEnv();
  const [undone, setUndone] = useState<Row[][]>([]);
  const fields = useMemo(() => innerFields(field), [field]);
  const rows = useMemo(() => rowsOf(value), [value]);
  const most = maxRowsOf(field);
  const compute = useMemo(
    () => rowFormulas(field as FormulaField, { now: env.now, timeZone: timeZone() }),
    [field, env.now],
  );
  const pseudoForm = useMemo(() => ({ fields, settings: { summaryFields: [] } }), [fields]);
  const rulesOf = (values: Values) => rulesFor(pseudoForm, values, env, { compute });

  function put(next: Row[], keep = true) {
    if (keep) setUndone((old) => [...old.slice(-49), rows]);
    onChange?.(next.length === 0 ? null : asJson(next));
  }

  const withValues = (row: Row, values: Values): Row => {
    const merged = { ...row.values, ...values };
    return { ...row, values: { ...merged, ...compute(merged) } };
  };

  function freshRow(): Row {
    const self = me.data?.member;
    const department = members.data?.find((item) => item.id === self?.id)?.departments[0] ?? null;
    const defaults = self ? initialValues(fields, { id: self.id, label: self.name }, department, new Date()) : {};
    return withValues({ id: newRecordId(), values: {} }, defaults);
  }

  function add(count = 1): Row[] {
    const room = Math.min(count, most - rows.length);
    if (room < count) message.warning(t('mostRows', { n: most }));
    return Array.from({ length: Math.max(0, room) }, freshRow);
  }

  const touched = useRef(new Set<string>());
  const ask = useContext(LinkingContext).ofRows(field.key, partOf(field));
  useLinkedRows(
    ask,
    fields,
    rows,
    (taken) =>
      put(
        rows.map((row) => (taken.has(row.id) ? withValues(row, taken.get(row.id) ?? {}) : row)),
        false,
      ),
    touched.current,
  );

  const update = (id: string, values: Values) => {
    for (const [key, value] of Object.entries(values))
      if (!sameJson(value, rows.find((row) => row.id === id)?.values?.[key] ?? null))
        touched.current.add(`${id}/${key}`);
    put(rows.map((row) => (row.id === id ? withValues(row, values) : row)));
  };

  function mayEdit(column: Column, record?: RecordView): boolean {
    const inner = fields.find((item) => item.key === column.field.key);
    if (!editable || !inner?.writable || !fieldRenderers[inner.type].inCell) return false;
    const state = record && rulesOf(record.values).stateOf(inner);
    return state?.visible !== false && state?.readonly !== true;
  }

  async function paste(columns: readonly Column[], block: Block, copied: string[][]): Promise<void> {
    if (!editable) return;
    const at = { row: block.top, col: block.left };
    const cells = spread(copied, block);
    const under = columns
      .slice(at.col)
      .map((column) => fields.find((inner) => inner.key === column.field.key) ?? place);
    let pasted: Pasted;
    let names: Names;
    try {
      const links = await findLabels(under, cells.slice(0, most));
      names = { member: members.data ?? [], department: departments.data ?? [], links };
      const { readPaste } = await import('../../records/paste.js');
      pasted = readPaste(cells.slice(0, most), under, names);
    } catch (error) {
      message.error(messageOf(error));
      return;
    }
    const base = [...rows, ...add(Math.max(0, at.row + cells.length - rows.length))];
    for (const { row, values } of pasted.rows) {
      const target = base[at.row + row];
      if (!target) continue;
      for (const key of Object.keys(values)) touched.current.add(`${target.id}/${key}`);
      base[at.row + row] = withValues(target, labelled(fields, values, names));
    }
    put(base);
    if (pasted.skipped > 0) message.warning(t('pasteSkipped', { n: pasted.skipped, reason: pasted.reason }));
  }

  function clear(columns: readonly Column[], block: Block) {
    if (!editable) return;
    const under = columns.slice(block.left, block.right + 1);
    let skipped = 0;
    put(
      rows.map((row, at) => {
        const record = at >= block.top && at <= block.bottom ? rowRecord(row, at) : undefined;
        if (!record) return row;
        const filled = under.filter(({ field: inner }) => !isEmptyValue(row.values?.[inner.key]));
        const free = filled.filter((column) => !column.field.rules.required && mayEdit(column, record));
        skipped += filled.length - free.length;
        for (const { field: inner } of free) touched.current.add(`${row.id}/${inner.key}`);
        return withValues(row, Object.fromEntries(free.map(({ field: inner }) => [inner.key, null])));
      }),
    );
    if (skipped > 0) message.warning(t('clearSkipped', { n: skipped, reason: t('clearRequired') }));
  }

  function fill(columns: readonly Column[], block: Block, source?: Block) {
    if (!editable) return;
    const keys = columns
      .slice(block.left, block.right + 1)
      .flatMap((column) => (mayEdit(column) ? column.field.key : []));
    const from = new Map(fillPlan(block, source).map((item) => [item.to, rows[item.from]]));
    const valuesOf = (given: (typeof rows)[number]) =>
      Object.fromEntries(keys.map((key) => [key, given.values?.[key] ?? null]));
    put(
      rows.map((row, at) => {
        const given = from.get(at);
        return given ? withValues(row, valuesOf(given)) : row;
      }),
    );
  }

  function copy(picked: ReadonlySet<string>) {
    const chosen = rows.filter((row) => picked.has(row.id)).slice(0, most - rows.length);
    const last = rows.findLastIndex((row) => picked.has(row.id));
    const next = [...rows];
    next.splice(last + 1, 0, ...chosen.map((row) => ({ id: newRecordId(), values: { ...row.values } })));
    put(next);
  }

  function shift(picked: ReadonlySet<string>, step: -1 | 1) {
    const next = [...rows];
    const order = step < 0 ? rows.keys() : [...rows.keys()].reverse();
    for (const at of order) {
      const [row, other] = [next[at], next[at + step]];
      if (!row || !other || !picked.has(row.id) || picked.has(other.id)) continue;
      next[at] = other;
      next[at + step] = row;
    }
    put(next);
  }

  function undo() {
    const before = undone.at(-1);
    if (!before) return;
    setUndone(undone.slice(0, -1));
    put(before, false);
  }

  return {
    ask,
    fields,
    rows,
    most,
    compute,
    rulesOf,
    mayEdit,
    put,
    add,
    update,
    paste,
    clear,
    fill,
    copy,
    shift,
    undo,
    undoable: undone.length > 0,
  };
}

/** A row as the table's grid wants it, with its number. */
export function rowRecord(row: Row, at: number): RecordView {
  return { id: row.id, version: 1, label: String(at + 1), values: { ...row.values, '#': String(at + 1) } };
}

/** The form of the rows; a draft has none. */
function partOf(field: EditorProps['field']): string | undefined {
  return typeof field.config.formId === 'string' ? field.config.formId : undefined;
}

function sameJson(a: Json, b: Json): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
