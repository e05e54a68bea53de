import type { BatchId, FormId, MemberId, RecordId } from '@lianke/shared/ids';
import type { TransferAlong } from '@lianke/shared/records/transfer';
import { api } from '../api/client.js';
import { messageOf } from '../api/message.js';
import { t } from '../i18n/index.js';
import { showNotice } from '../store/notice.js';

/** What became of one change to many records. */
interface Outcome {
  batchId: string;
  done: number;
  failed: number;
  reason: string;
}

export async function transferMany(
  formId: string,
  ids: readonly string[],
  to: string,
  along: TransferAlong[],
): Promise<Outcome> {
  const body = { ids: [...ids] as RecordId[], to: to as MemberId, along };
  const { batchId, moved } = await api('records.transfer', { params: { formId: formId as FormId }, body });
  const outcome = { batchId, done: 0, failed: 0, reason: '' };
  for (const item of moved) {
    // The sentence counts records; what stayed of the approvals is told by its reason.
    if (item.kind === 'record') outcome.done += item.done;
    outcome.failed += item.failed;
    outcome.reason ||= item.reason;
  }
  return outcome;
}

export async function deleteMany(formId: string, ids: readonly string[]): Promise<Outcome> {
  const body = { action: 'delete' as const, ids: [...ids] as RecordId[] };
  const answer = await api('records.bulk', { params: { formId: formId as FormId }, body });
  return { ...answer, reason: answer.failures[0]?.reason ?? '' };
}

/**
 * Says how it ended, with 撤销 for what was done.
 * @param sentence of all that went well, given how many
 * @param onChanged told again when it was taken back
 */
export function tellOutcome(outcome: Outcome, sentence: (n: number) => string, onChanged: () => void): void {
  const { batchId, done, failed, reason } = outcome;
  if (done === 0) {
    showNotice(failed > 0 ? t('batch.refused', { n: failed, reason }) : t('batch.unchanged'));
    return;
  }
  const text = failed > 0 ? t('batch.part', { done, failed, reason }) : sentence(done);
  showNotice(text, { text: t('common.undo'), run: () => void undo(batchId).then(onChanged) });
}

async function undo(batchId: string): Promise<void> {
  try {
    const { reversed, kept, failed } = await api('batches.undo', { params: { batchId: batchId as BatchId } });
    showNotice(
      kept + failed > 0 ? t('batch.undonePart', { n: reversed, kept, failed }) : t('batch.undone', { n: reversed }),
    );
  } catch (error) {
    showNotice(messageOf(error));
  }
}
