import type { AnswerOf, BodyOf } from '@lianke/shared/api/contracts';
import type { BatchId, FormId, RecordId } from '@lianke/shared/ids';
import { api } from '../api/client.js';
import type { Values } from './values.js';

type Body = BodyOf<'records.batch'>;
type Result = AnswerOf<'records.batch'>['results'][number];

/** One kind of change to many records. */
export type BulkAction = { kind: 'update'; values: Values } | { kind: 'delete' } | { kind: 'restore' };

export interface BulkOutcome {
  done: number;
  failed: number;
  /** Records that were so already; nothing of them can be undone. */
  unchanged: number;
  /** The first refusal's sentence. */
  reason: string;
  /** What `undoBatches` takes, oldest first. */
  batchIds: string[];
}

const chunkSize = 1000;

/** Applies an action to the records in calls of at most 1,000; refused rows do not stop the others. */
export async function runBulk(
  formId: string,
  ids: readonly string[],
  action: BulkAction,
  onProgress: (done: number) => void = () => undefined,
): Promise<BulkOutcome> {
  const outcome: BulkOutcome = { done: 0, failed: 0, unchanged: 0, reason: '', batchIds: [] };
  for (let at = 0; at < ids.length; at += chunkSize) {
    const chunk = ids.slice(at, at + chunkSize) as RecordId[];
    const answer = await api('records.batch', { params: { formId: formId as FormId }, body: bodyOf(chunk, action) });
    const before = outcome.done;
    tally(outcome, answer.results);
    if (outcome.done > before) outcome.batchIds.push(answer.batchId);
    onProgress(Math.min(at + chunkSize, ids.length));
  }
  return outcome;
}

function bodyOf(ids: RecordId[], action: BulkAction): Body {
  if (action.kind === 'update') return { update: ids.map((id) => ({ id, values: action.values })) };
  return action.kind === 'delete' ? { delete: ids } : { restore: ids };
}

function tally(outcome: BulkOutcome, results: readonly Result[]): void {
  for (const result of results) {
    if (result.status === 'unchanged') {
      outcome.unchanged++;
      continue;
    }
    if (result.status !== 'failed') {
      outcome.done++;
      continue;
    }
    outcome.failed++;
    const field = result.error?.fields?.[0];
    outcome.reason ||= field?.message ?? result.error?.message ?? '';
  }
}

/** Takes batches back, the youngest first; answers how many records are as they were and how many others changed since. */
export async function undoBatches(batchIds: readonly string[]): Promise<{ reversed: number; kept: number }> {
  const sum = { reversed: 0, kept: 0 };
  for (const batchId of [...batchIds].reverse()) {
    const report = await api('batches.undo', { params: { batchId: batchId as BatchId } });
    sum.reversed += report.reversed;
    sum.kept += report.kept + report.failed;
  }
  return sum;
}
