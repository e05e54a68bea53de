import type { AnswerOf, BodyOf } from '@lianke/shared/api/contracts';
import type { BatchId, FormId, MemberId, RecordId } from '@lianke/shared/ids';
import type { UndoRow } from '@lianke/shared/imports/api';
import type { TransferAlong } from '@lianke/shared/records/transfer';
import { api } from '../api/client.js';
import type { Values } from './values.js';

type Body = BodyOf<'records.bulk'>;
type Result = AnswerOf<'records.batch'>['results'][number];

/** One kind of change to many records. */
export type BulkAction =
  | { kind: 'update'; values: Values }
  | { kind: 'delete' }
  | { kind: 'tags'; field: string; add: string[]; remove: string[] }
  | { kind: 'restore' }
  | { kind: 'transfer'; to: MemberId; along: TransferAlong[] }
  | { kind: 'claim' }
  | { kind: 'assign'; to: MemberId }
  | { kind: 'return'; reason: string };

type PoolAction = Extract<BulkAction, { kind: 'claim' | 'assign' | 'return' }>;

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
const poolChunk = 200;

/**
 * Applies an action to the records; refused rows do not stop the others. Everything but 恢复 is one batch.
 * @param onProgress told after each call where there are several
 */
export async function runBulk(
  formId: string,
  ids: readonly string[],
  action: BulkAction,
  onProgress: (done: number) => void = () => undefined,
): Promise<BulkOutcome> {
  const outcome: BulkOutcome = { done: 0, failed: 0, unchanged: 0, reason: '', batchIds: [] };
  if (action.kind === 'transfer') return transfer(formId, ids, action, outcome);
  if (action.kind === 'restore') return restore(formId, ids, outcome, onProgress);
  if (action.kind === 'claim' || action.kind === 'assign' || action.kind === 'return')
    return changeHands(formId, ids, action, outcome, onProgress);
  const params = { formId: formId as FormId };
  const answer = await api('records.bulk', { params, body: bodyOf([...ids] as RecordId[], action) });
  const { done, failed, unchanged } = answer;
  return {
    done,
    failed,
    unchanged,
    reason: answer.failures[0]?.reason ?? '',
    batchIds: done > 0 ? [answer.batchId] : [],
  };
}

/** Out of the pool and back into it. */
async function changeHands(
  formId: string,
  ids: readonly string[],
  action: PoolAction,
  outcome: BulkOutcome,
  onProgress: (done: number) => void,
): Promise<BulkOutcome> {
  const params = { formId: formId as FormId };
  for (let at = 0; at < ids.length; at += poolChunk) {
    const part = ids.slice(at, at + poolChunk) as RecordId[];
    const answer =
      action.kind === 'claim'
        ? await api('pools.claim', { params, body: { ids: part } })
        : action.kind === 'assign'
          ? await api('pools.assign', { params, body: { ids: part, to: action.to } })
          : await api('pools.return', { params, body: { ids: part, reason: action.reason } });
    outcome.done += answer.done;
    outcome.failed += answer.failed;
    outcome.reason ||= answer.failures[0]?.reason ?? '';
    if (answer.done > 0) outcome.batchIds.push(answer.batchId);
    onProgress(Math.min(at + poolChunk, ids.length));
  }
  return outcome;
}

async function restore(
  formId: string,
  ids: readonly string[],
  outcome: BulkOutcome,
  onProgress: (done: number) => void,
): Promise<BulkOutcome> {
  for (let at = 0; at < ids.length; at += chunkSize) {
    const body = { ids: ids.slice(at, at + chunkSize) as RecordId[] };
    const back = await api('records.restore', { params: { formId: formId as FormId }, body });
    tally(outcome, back.results);
    outcome.batchIds.push(back.batchId);
    onProgress(Math.min(at + chunkSize, ids.length));
  }
  return outcome;
}

/** The records and what goes along are one batch. */
async function transfer(
  formId: string,
  ids: readonly string[],
  { to, along }: Extract<BulkAction, { kind: 'transfer' }>,
  outcome: BulkOutcome,
): Promise<BulkOutcome> {
  const params = { formId: formId as FormId };
  const answer = await api('records.transfer', { params, body: { ids: [...ids] as RecordId[], to, along } });
  for (const item of answer.moved) {
    // Approvals are no records: the sentence counts these, and the reason tells what stayed.
    if (item.kind === 'record') outcome.done += item.done;
    outcome.unchanged += item.unchanged;
    outcome.failed += item.failed;
    outcome.reason ||= item.reason;
  }
  if (outcome.done > 0) outcome.batchIds.push(answer.batchId);
  return outcome;
}

function bodyOf(ids: RecordId[], action: Extract<BulkAction, { kind: 'update' | 'delete' | 'tags' }>): Body {
  switch (action.kind) {
    case 'update':
      return { action: 'update', ids, values: action.values };
    case 'delete':
      return { action: 'delete', ids };
    case 'tags':
      return { action: 'tags', ids, field: action.field, add: action.add, remove: action.remove };
  }
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

/** How an undo ended, over all its batches. */
export interface UndoSum {
  reversed: number;
  kept: number;
  failed: number;
  rows: UndoRow[];
}

/** Takes batches back, the youngest first. */
export async function undoBatches(batchIds: readonly string[]): Promise<UndoSum> {
  const sum: UndoSum = { reversed: 0, kept: 0, failed: 0, rows: [] };
  for (const batchId of [...batchIds].reverse()) {
    const report = await api('batches.undo', { params: { batchId: batchId as BatchId } });
    sum.reversed += report.reversed;
    sum.kept += report.kept;
    sum.failed += report.failed;
    sum.rows.push(...(report.rows ?? []));
  }
  return sum;
}
