import {
  ArrowDownOutlined,
  ArrowUpOutlined,
  CopyOutlined,
  DeleteOutlined,
  ExpandOutlined,
  PlusOutlined,
} from '@ant-design/icons';
import { shownAs } from '@lianke/shared/fields/derived';
import { fieldTypes } from '@lianke/shared/fields/registry';
import { rowFormulas } from '@lianke/shared/formulas/row-formulas';
import type { FormulaField } from '@lianke/shared/formulas/world';
import { asJson, type Json } from '@lianke/shared/json';
import type { RecordView, Reference } from '@lianke/shared/records/query';
import { App, Button, Tooltip } from 'antd';
import { useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { messageOf } from '../../api/errors.js';
import { type ReadField, useDepartments, useMe, useMembers } from '../../api/queries.js';
import type { Column } from '../../records/columns.js';
import { type Block, DataGrid } from '../../records/grid/data-grid.js';
import { fillPlan } from '../../records/grid/fill-plan.js';
import { type GridItem, recordOf } from '../../records/grid/items.js';
import '../../records/i18n.js';
import { spread } from '../../records/grid/clipboard.js';
import { newRecordId } from '../../records/new-id.js';
import type { Names, Pasted } from '../../records/paste.js';
import { findLabels } from '../../records/paste-links.js';
import { rulesFor, useRuleEnv } from '../../records/rules.js';
import { initialValues, type Values } from '../../records/values.js';
import { FieldValue } from '../../shared/field-value.js';
import { timeZone } from '../../shared/format.js';
import { fieldRenderers } from '../registry.js';
import { type EditorProps, isEmptyValue } from '../renderer.js';
import { RowDialog } from './row-dialog.js';
import { innerFields, isSummed, maxRowsOf, type Row, rowsOf, sumOf } from './rows.js';
import styles from './subform.module.css';
import { useLinkedRows } from './use-linked-rows.js';

const rowHeight = 36;
const shownRows = 10;
const headHeight = 38;

type Props = Omit<EditorProps, 'onChange'> & { onChange?: EditorProps['onChange'] };

const place: ReadField = {
  id: '#',
  key: '#',
  name: '#',
  type: 'text',
  config: {},
  rules: {},
  writable: false,
} as unknown as ReadField;

/** The rows of a subform as a table: typed into, pasted over, copied and moved; without `onChange` it is only read. */
export function SubformTable({ field, value, onChange, label, disabled, invalid, faults }: Props) {
  const { t } = useTranslation('fields');
  const { message } = App.useApp();
  const me = useMe();
  const members = useMembers();
  const departments = useDepartments();
  const env = useRuleEnv();
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [widths, setWidths] = useState<Record<string, number>>({});
  const [open, setOpen] = useState<string>();
  const [undone, setUndone] = useState<Row[][]>([]);
  const editable = onChange !== undefined && !disabled;
  const fields = useMemo(() => innerFields(field), [field]);
  const rows = useMemo(() => rowsOf(value), [value]);
  const most = maxRowsOf(field);
  const compute = useMemo(
    () => rowFormulas(field as unknown as FormulaField, { now: env.now, timeZone: timeZone() }),
    [field, env.now],
  );

  const pseudoForm = useMemo(() => ({ fields, settings: { summaryFields: [] } }), [fields]);
  const rulesOf = (values: Values) => rulesFor(pseudoForm, values, env, { compute });
  const columns: Column[] = [
    { field: place, width: 44, title: true, pinned: true },
    ...fields.map((inner) => ({
      field: { ...inner, type: shownAs(inner).type, config: shownAs(inner).config } as ReadField,
      width: widths[inner.key] ?? fieldRenderers[shownAs(inner).type].width,
      title: false,
      pinned: false,
    })),
  ];
  const items = rows.map(
    (row, at): GridItem => ({
      kind: 'record',
      record: { id: row.id, version: 1, label: String(at + 1), values: { ...row.values, '#': String(at + 1) } },
    }),
  );

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
    const defaults = self
      ? initialValues(fields, { id: self.id, label: self.name }, department, new Date().toISOString())
      : {};
    return withValues({ id: newRecordId(), values: {} }, defaults);
  }

  function add(count = 1): Row[] {
    const room = Math.min(count, most - rows.length);
    if (room < count) message.warning(t('mostRows', { n: most }));
    return Array.from({ length: Math.max(0, room) }, freshRow);
  }

  const touched = useRef(new Set<string>());
  useLinkedRows(
    partOf(field),
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

  async function paste(block: Block, copied: string[][]): Promise<void> {
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

  function clear(block: Block) {
    if (!editable) return;
    const under = columns.slice(block.left, block.right + 1);
    let skipped = 0;
    put(
      rows.map((row, at) => {
        const record = at >= block.top && at <= block.bottom ? recordOf(items[at]) : undefined;
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

  function fill(block: Block, source?: Block) {
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

  function copy() {
    const chosen = rows.filter((row) => picked.has(row.id)).slice(0, most - rows.length);
    const last = rows.findLastIndex((row) => picked.has(row.id));
    const next = [...rows];
    next.splice(last + 1, 0, ...chosen.map((row) => ({ id: newRecordId(), values: { ...row.values } })));
    put(next);
  }

  function shift(step: -1 | 1) {
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

  const sums = useMemo(
    () =>
      fields.filter(isSummed).flatMap((inner) => {
        const sum = sumOf(rows, inner.key);
        return sum === null ? [] : [{ inner, sum }];
      }),
    [fields, rows],
  );
  const opened = rows.find((row) => row.id === open);
  const some = rows.some((row) => picked.has(row.id));
  const height = Math.min(Math.max(rows.length, 1), shownRows) * rowHeight + headHeight + 16;
  return (
    <div>
      <div className={`${styles.table} ${invalid ? styles.invalid : ''}`}>
        {rows.length === 0 && editable ? (
          <div className={styles.empty}>
            <div className="muted">{t('noRows')}</div>
            <Button type="link" icon={<PlusOutlined />} onClick={() => put(add())}>
              {t('addRow')}
            </Button>
          </div>
        ) : (
          <div style={{ height }}>
            <DataGrid
              plain
              label={label ?? field.name}
              items={items}
              onWait={() => undefined}
              onToggle={() => undefined}
              columns={columns}
              sort={[]}
              rowHeight={rowHeight}
              loading={false}
              stale={false}
              hasMore={false}
              onNearEnd={() => undefined}
              picked={picked}
              onPicked={setPicked}
              mayEdit={mayEdit}
              onSave={(record, column, next) => {
                if (mayEdit(column, record)) update(record.id, { [column.field.key]: next });
              }}
              onPaste={(_, block, cells) => void paste(block, cells)}
              onFill={editable ? (_, block, source) => fill(block, source) : undefined}
              onClear={editable ? (_, block) => clear(block) : undefined}
              onUndo={undo}
              onPastEnd={editable ? () => put([...rows, ...add()]) : undefined}
              pathOf={() => undefined}
              onOpen={(record) => setOpen(record.id)}
              onRefusedEdit={(record) => setOpen(record.id)}
              scrollTop={0}
              onScrollTop={() => undefined}
              empty={null}
              onSort={() => undefined}
              onFilter={() => undefined}
              onHide={() => undefined}
              onGroup={() => undefined}
              onPin={() => undefined}
              onMove={() => undefined}
              onResize={(key, width) => setWidths((now) => ({ ...now, [key]: width }))}
            />
          </div>
        )}
        {rows.length > 0 && (
          <div className={styles.sums}>
            <span>{t('rows', { n: rows.length })}</span>
            {sums.map(({ inner, sum }) => (
              <span key={inner.key}>
                {t('sumOf', { name: inner.name })}{' '}
                <strong>
                  <FieldValue field={{ ...inner, ...shownAs(inner) }} value={sum} />
                </strong>
              </span>
            ))}
          </div>
        )}
      </div>
      {faults && faults.length > 0 && (
        <ul className={styles.faults} role="alert">
          {faults.slice(0, 5).map((fault) => (
            <li key={`${fault.row}/${fault.field}`}>
              {t('rowFault', {
                row: fault.row + 1,
                name: fields.find((inner) => inner.key === fault.field)?.name ?? fault.field,
                reason: fault.reason,
              })}
            </li>
          ))}
        </ul>
      )}
      {editable && rows.length > 0 && (
        <div className={styles.tools}>
          <Button
            size="small"
            icon={<PlusOutlined />}
            disabled={rows.length >= most}
            onClick={() => put([...rows, ...add()])}
          >
            {t('addRow')}
          </Button>
          {some && (
            <>
              <Button size="small" icon={<CopyOutlined />} onClick={copy}>
                {t('copyRows')}
              </Button>
              <Tooltip title={t('rowsUp')}>
                <Button size="small" icon={<ArrowUpOutlined />} aria-label={t('rowsUp')} onClick={() => shift(-1)} />
              </Tooltip>
              <Tooltip title={t('rowsDown')}>
                <Button size="small" icon={<ArrowDownOutlined />} aria-label={t('rowsDown')} onClick={() => shift(1)} />
              </Tooltip>
              <Button
                size="small"
                icon={<ExpandOutlined />}
                onClick={() => setOpen(rows.find((row) => picked.has(row.id))?.id)}
              >
                {t('openRow')}
              </Button>
              <Button
                size="small"
                danger
                icon={<DeleteOutlined />}
                onClick={() => {
                  put(rows.filter((row) => !picked.has(row.id)));
                  setPicked(new Set());
                }}
              >
                {t('deleteRows')}
              </Button>
            </>
          )}
          {undone.length > 0 && (
            <Button size="small" type="text" onClick={undo}>
              {t('common:undo')}
            </Button>
          )}
        </div>
      )}
      {opened && (
        <RowDialog
          title={t('rowOf', { name: field.name, n: rows.indexOf(opened) + 1 })}
          fields={fields}
          values={opened.values ?? {}}
          rulesOf={rulesOf}
          compute={compute}
          formId={partOf(field)}
          onClose={() => setOpen(undefined)}
          {...(editable ? { onDone: (values: Values) => update(opened.id, values) } : {})}
        />
      )}
    </div>
  );
}

/** The form of the rows; a draft has none. */
function partOf(field: Props['field']): string | undefined {
  return typeof field.config.formId === 'string' ? field.config.formId : undefined;
}

function sameJson(a: Json, b: Json): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Pasted people, departments and records with their names, as the table shows them. */
function labelled(fields: readonly ReadField[], values: Values, names: Names): Values {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => {
      const field = fields.find((item) => item.key === key);
      const known = field ? referencesFor(field, names) : undefined;
      if (!known) return [key, value];
      const one = (id: Json): Json => known.get(String(id)) ?? id;
      return [key, Array.isArray(value) ? value.map(one) : value === null ? null : one(value)];
    }),
  );
}

function referencesFor(field: ReadField, names: Names): Map<string, Reference> | undefined {
  const { refers } = fieldTypes[field.type];
  if (refers === 'member' || refers === 'department')
    return new Map([...names[refers]].map(({ id, name }) => [id, { id, label: name }]));
  if (refers !== 'record') return undefined;
  return new Map([...(names.links?.get(field.key)?.values() ?? [])].flatMap((item) => (item ? [[item.id, item]] : [])));
}
