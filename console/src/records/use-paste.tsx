import type { FormId, RecordId } from '@lianke/shared/ids';
import type { RecordView } from '@lianke/shared/records/query';
import { useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import { type FormView, keys, useDepartments, useMembers } from '../api/queries.js';
import { undoBatches } from './batch.js';
import type { Column } from './columns.js';
import { readPaste } from './paste.js';

/** Pastes a block of cells over loaded rows as one batch that can be undone. */
export function usePaste(form: FormView) {
  const { t } = useTranslation('records');
  const { message } = App.useApp();
  const client = useQueryClient();
  const members = useMembers();
  const departments = useDepartments();

  return async function paste(
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
            {t('pasted', { n: pasted.cells })}
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
  };
}
