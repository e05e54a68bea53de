import { useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { messageOf } from '../api/errors.js';
import { keys } from '../api/queries.js';
import { type BulkAction, runBulk, undoBatches } from './batch.js';
import { UndoReport } from './undo-report.js';

const undoSeconds = 10;

/** Takes batches back and tells how that went, in three buckets where not all of it could be. */
export function useUndo() {
  const { t } = useTranslation('records');
  const { message, modal } = App.useApp();
  const client = useQueryClient();
  return async function undo(batchIds: readonly string[], key?: string): Promise<void> {
    if (key) message.destroy(key);
    try {
      const report = await undoBatches(batchIds);
      if (report.kept + report.failed === 0) message.success(t('undone', { n: report.reversed }));
      else {
        const dialog = modal.info({ title: t('undoReport'), width: 520, icon: null });
        dialog.update({ content: <UndoReport report={report} onFollow={() => dialog.destroy()} /> });
      }
    } catch (error) {
      message.error(t('undoFailed', { reason: messageOf(error) }));
    }
    // A batch may have reached into other forms: what went along with a transfer, what pointed at merged records.
    await client.invalidateQueries({ queryKey: ['data'] });
  };
}

/** Runs bulk actions and offers 撤销 after each; answers how many records were changed. */
export function useBulk(formId: string) {
  const { t } = useTranslation('records');
  const { message } = App.useApp();
  const client = useQueryClient();
  const renew = () => client.invalidateQueries({ queryKey: keys.data(formId) });
  const undo = useUndo();

  /** `done` is the sentence after success, given the number of changed records. */
  return async function run(ids: readonly string[], action: BulkAction, done: (n: number) => string): Promise<number> {
    const key = `bulk-${crypto.randomUUID()}`;
    const slow = ids.length > 1000;
    const progress = (at: number) =>
      message.open({ key, type: 'loading', content: t('working', { done: at, total: ids.length }), duration: 0 });
    if (slow) progress(0);
    try {
      const outcome = await runBulk(formId, ids, action, slow ? progress : undefined);
      await renew();
      if (outcome.done === 0 && outcome.failed > 0) {
        message.open({ key, type: 'error', content: t('bulkNone', { n: outcome.failed, reason: outcome.reason }) });
        return 0;
      }
      if (outcome.done === 0) {
        message.open({ key, type: 'info', content: t('bulkUnchanged') });
        return 0;
      }
      const sentence =
        outcome.failed > 0
          ? t('bulkPart', { done: outcome.done, failed: outcome.failed, reason: outcome.reason })
          : done(outcome.done);
      message.open({
        key,
        type: outcome.failed > 0 ? 'warning' : 'success',
        duration: undoSeconds,
        content: (
          <>
            {sentence}
            <Button type="link" size="small" onClick={() => void undo(outcome.batchIds, key)}>
              {t('common:undo')}
            </Button>
          </>
        ),
      });
      return outcome.done;
    } catch (error) {
      message.open({ key, type: 'error', content: messageOf(error) });
      await renew();
      return 0;
    }
  };
}
