import type { FormId, RecordId } from '@lianke/shared/ids';
import type { RecordView } from '@lianke/shared/records/query';
import { useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import { type FormView, keys, useDepartments, useMembers } from '../api/queries.js';
import { fieldRenderers } from '../fields/registry.js';
import { undoBatches } from './batch.js';
import type { Column } from './columns.js';
import type { Block } from './grid/data-grid.js';
import { readPaste } from './paste.js';
import { toWrite, type Values } from './values.js';

/** Pastes or fills a block of cells over loaded rows as one batch that can be undone. */
export function usePaste(form: FormView) {
  const { t } = useTranslation('records');
  const { message } = App.useApp();
  const client = useQueryClient();
  const members = useMembers();
  const departments = useDepartments();

  async function paste(
    records: readonly RecordView[],
    columns: readonly Column[],
    at: { row: number; col: number },
    cells: string[][],
  ): Promise<void> {
    const names = { member: members.data ?? [], department: departments.data ?? [] };
    const fields = columns.slice(at.col).map((column) => column.field);
    const pasted = readPaste(cells.slice(0, 1000), fields, names);
    const update = pasted.rows.flatMap(({ row, values }) => {
      const record = records[at.row + row];
      return record ? [{ id: record.id as RecordId, values }] : [];
    });
    await write('pasted', update, pasted);
  }

  /** Repeats the block's first row in the rows under it; a single row takes the values of the one above it. */
  async function fill(records: readonly RecordView[], columns: readonly Column[], block: Block): Promise<void> {
    const single = block.top === block.bottom;
    const source = records[single ? block.top - 1 : block.top];
    if (!source) return;
    const chosen = columns.slice(block.left, block.right + 1).map((column) => column.field);
    const fields = chosen.filter((field) => field.writable && fieldRenderers[field.type].inCell && !field.rules.unique);
    const values = Object.fromEntries(fields.map((field) => [field.key, toWrite(field, source.values[field.key])]));
    const targets = records.slice(single ? block.top : block.top + 1, block.bottom + 1);
    const update = fields.length === 0 ? [] : targets.map((record) => ({ id: record.id as RecordId, values }));
    const skipped = (chosen.length - fields.length) * targets.length;
    await write('filled', update, { cells: fields.length * targets.length, skipped, reason: t('notEditable') });
  }

  async function write(
    done: 'pasted' | 'filled',
    update: { id: RecordId; values: Values }[],
    pasted: { cells: number; skipped: number; reason: string },
  ): Promise<void> {
    if (update.length === 0) {
      message.warning(t('pasteSkipped', { n: pasted.skipped, reason: pasted.reason || t('notEditable') }));
      return;
    }
    try {
      const answer = await api('records.batch', { params: { formId: form.id as FormId }, body: { update } });
      await client.invalidateQueries({ queryKey: keys.data(form.id) });
      const failed = answer.results.filter((result) => result.status === 'failed');
      const reason = failed[0]?.error?.fields?.[0]?.message ?? failed[0]?.error?.message ?? pasted.reason;
      const skipped = pasted.skipped + failed.length;
      const key = `paste-${answer.batchId}`;
      message.open({
        key,
        type: skipped > 0 ? 'warning' : 'success',
        duration: 10,
        content: (
          <>
            {t(done, { n: pasted.cells })}
            {skipped > 0 && `，${t('pasteSkipped', { n: skipped, reason })}`}
            <Button
              type="link"
              size="small"
              onClick={async () => {
                message.destroy(key);
                try {
                  await undoBatches([answer.batchId]);
                } catch (error) {
                  message.error(t('undoFailed', { reason: messageOf(error) }));
                }
                await client.invalidateQueries({ queryKey: keys.data(form.id) });
              }}
            >
              {t('common:undo')}
            </Button>
          </>
        ),
      });
    } catch (error) {
      message.error(messageOf(error));
    }
  }

  return { paste, fill };
}
