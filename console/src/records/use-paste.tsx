import type { FormId, RecordId } from '@lianke/shared/ids';
import type { BulkBody } from '@lianke/shared/records/bulk';
import { maxPaste } from '@lianke/shared/records/bulk';
import type { RecordView } from '@lianke/shared/records/query';
import { useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import { type FormView, keys, useDepartments, useMembers } from '../api/queries.js';
import { fieldRenderers } from '../fields/registry.js';
import { comma } from '../i18n/punctuation.js';
import { formatTotal } from '../shared/format.js';
import type { Column } from './columns.js';
import { clearPlan } from './grid/clear-plan.js';
import { spread } from './grid/clipboard.js';
import { fillPlan } from './grid/fill-plan.js';
import { type GridItem, recordOf } from './grid/items.js';
import type { Block } from './grid/use-cells.js';
import type { Pasted } from './paste.js';
import { findLabels } from './paste-links.js';
import { useRuleEnv } from './rules.js';
import { useUndo } from './use-bulk.js';
import { toWrite } from './values.js';

interface Paste {
  rows: readonly GridItem[];
  columns: readonly Column[];
  block: Block;
  cells: string[][];
  /** Reads so many records of the list, or all there are; absent where rows below the last one make no sense. */
  ensure?: ((n: number) => Promise<RecordView[]>) | undefined;
  /** Rows below the last record become new records. */
  mayCreate: boolean;
}

/** Pastes or fills a block of cells as one batch that can be undone; rows below the last record become new ones. */
export function usePaste(form: FormView, remember: (batchIds: readonly string[]) => void) {
  const { t } = useTranslation('records');
  const { message } = App.useApp();
  const client = useQueryClient();
  const members = useMembers();
  const departments = useDepartments();
  const undo = useUndo();
  const env = useRuleEnv();

  async function paste({ rows, columns, block, cells, ensure, mayCreate }: Paste): Promise<void> {
    const whole = spread(cells, block);
    if (whole.length > maxPaste) {
      message.warning(t('pasteTooLong', { n: formatTotal(maxPaste) }));
      return;
    }
    const key = `paste-${crypto.randomUUID()}`;
    if (whole.length > 100)
      message.open({ key, type: 'loading', duration: 0, content: t('pasting', { n: formatTotal(whole.length) }) });
    try {
      const fields = columns.slice(block.left).map((column) => column.field);
      const links = await findLabels(fields, whole);
      const names = { member: members.data ?? [], department: departments.data ?? [], links };
      // Reading cells knows every field's spreadsheet form: it comes with the first paste.
      const { readPaste } = await import('./paste.js');
      const pasted = readPaste(whole, fields, names);
      const bottom = block.top + whole.length;
      const all = ensure ? await ensure(bottom) : [];
      const records = ensure
        ? all.slice(block.top, bottom)
        : rows
            .slice(block.top)
            .flatMap((item) => recordOf(item) ?? [])
            .slice(0, whole.length);
      const update = pasted.rows.flatMap(({ row, values }) => {
        const record = records[row];
        return record ? [{ id: record.id as RecordId, values }] : [];
      });
      const create = mayCreate
        ? pasted.rows.filter(({ row }) => row >= records.length).map(({ values }) => ({ values }))
        : [];
      await write('pasted', { action: 'paste', update, create }, pasted, key);
    } catch (error) {
      message.open({ key, type: 'error', content: messageOf(error) });
    }
  }

  /** 向下填充, as `fillPlan` says which row takes the values of which. */
  async function fill(
    rows: readonly GridItem[],
    columns: readonly Column[],
    block: Block,
    source?: Block,
  ): Promise<void> {
    const targets = fillPlan(block, source).flatMap(({ to, from }) => {
      const [record, given] = [recordOf(rows[to]), recordOf(rows[from])];
      return record && given ? [{ record, given }] : [];
    });
    if (targets.length === 0) return;
    if (targets.length > maxPaste) {
      message.warning(t('pasteTooLong', { n: formatTotal(maxPaste) }));
      return;
    }
    const chosen = columns.slice(block.left, block.right + 1).map((column) => column.field);
    const fields = chosen.filter((field) => field.writable && fieldRenderers[field.type].inCell && !field.rules.unique);
    const update = targets.flatMap(({ record, given }) => {
      // Stars are no value to hand on, and are not written over.
      const clear = fields.filter(({ key }) => ![record, given].some(({ masked }) => masked?.includes(key)));
      const values = Object.fromEntries(clear.map((field) => [field.key, toWrite(field, given.values[field.key])]));
      return clear.length === 0 ? [] : [{ id: record.id as RecordId, values }];
    });
    const cells = update.reduce((sum, { values }) => sum + Object.keys(values).length, 0);
    const told = { rows: [], cells, skipped: chosen.length * targets.length - cells, reason: t('notEditable') };
    try {
      await write('filled', { action: 'fill', update }, told, `fill-${crypto.randomUUID()}`);
    } catch (error) {
      message.error(messageOf(error));
    }
  }

  /** Empties a block: what is required, kept by the system or hidden behind stars stays, and is counted. */
  async function clear(rows: readonly GridItem[], columns: readonly Column[], block: Block): Promise<void> {
    const { update, cells, skipped } = clearPlan(form, rows, columns, block, env);
    if (update.length > maxPaste) {
      message.warning(t('pasteTooLong', { n: formatTotal(maxPaste) }));
      return;
    }
    try {
      const told = { rows: [], cells, skipped, reason: t('clearRequired') };
      await write('blockCleared', { action: 'fill', update }, told, `clear-${crypto.randomUUID()}`);
    } catch (error) {
      message.error(messageOf(error));
    }
  }

  async function write(
    done: 'pasted' | 'filled' | 'blockCleared',
    body: Extract<BulkBody, { action: 'paste' | 'fill' }>,
    pasted: Pasted,
    key: string,
  ): Promise<void> {
    const made = body.action === 'paste' ? body.create.length : 0;
    const left = done === 'blockCleared' ? 'clearSkipped' : 'pasteSkipped';
    if (body.update.length + made === 0) {
      if (pasted.skipped === 0) return;
      const content = t(left, { n: pasted.skipped, reason: pasted.reason || t('notEditable') });
      message.open({ key, type: 'warning', content });
      return;
    }
    const answer = await api('records.bulk', { params: { formId: form.id as FormId }, body });
    await client.invalidateQueries({ queryKey: keys.data(form.id) });
    if (answer.done > 0) remember([answer.batchId]);
    const notMade = answer.failures.filter((failure) => failure.recordId === null).length;
    const parts = [
      t(done, { n: pasted.cells }),
      ...(made > notMade ? [t('pasteCreated', { n: formatTotal(made - notMade) })] : []),
      ...(pasted.skipped > 0 ? [t(left, { n: pasted.skipped, reason: pasted.reason })] : []),
      ...(answer.failed > 0 ? [t('pasteFailed', { n: answer.failed, reason: answer.failures[0]?.reason ?? '' })] : []),
    ];
    message.open({
      key,
      type: pasted.skipped + answer.failed > 0 ? 'warning' : 'success',
      duration: 10,
      content: (
        <>
          {parts.join(comma())}
          {answer.done > 0 && (
            <Button type="link" size="small" onClick={() => void undo([answer.batchId], key)}>
              {t('common:undo')}
            </Button>
          )}
        </>
      ),
    });
  }

  return { paste, fill, clear };
}
