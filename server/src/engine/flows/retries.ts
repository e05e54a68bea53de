import type { FlowNode } from '@lianke/shared/flows/definition';
import type { RetryPolicy } from '@lianke/shared/flows/nodes/base';
import type { TenantId } from '@lianke/shared/ids';
import type { Tx } from '../../kernel/database/tx.js';
import { AppError } from '../../kernel/errors/app-error.js';
import type { Said } from '../../kernel/errors/said.js';
import type { RunPlaces } from './run-places.js';
import { recordStep, type StepKey } from './run-steps.js';

/** Steps that wait for people or time: nothing of them can be tried again by itself. */
const never: readonly FlowNode['type'][] = ['approval', 'fill', 'branch', 'parallel', 'loop', 'delay', 'end'];

export const mayRetry = (node: FlowNode): boolean => !never.includes(node.type);

/** Refusals that the next attempt may no longer meet. */
const passingCodes: readonly string[] = [
  'record_locked',
  'version_conflict',
  'request_in_progress',
  'too_many_requests',
];

/** Whether a failure may go away by itself. */
export function isPassing(error: unknown): boolean {
  return !(error instanceof AppError) || passingCodes.includes(error.code);
}

/** How long to wait before the attempt after `failed` failed ones, in milliseconds. */
export function waitAfter(policy: RetryPolicy, failed: number): number {
  const factor = policy.growth === 'double' ? 2 ** (failed - 1) : 1;
  return Math.min(policy.seconds * factor, 86_400) * 1000;
}

/**
 * Notes a failed attempt and puts the step off as its policy says; false when it has no policy, or no attempts left. The
 * caller has locked the run's row.
 */
export async function putOff(
  tx: Tx,
  ctx: { tenantId: TenantId },
  places: RunPlaces,
  failed: { at: StepKey; node: FlowNode; error: Said; passing: boolean; now: Date },
): Promise<boolean> {
  const { at, node, now } = failed;
  const policy = node.retry;
  if (!policy || !mayRetry(node) || (policy.on === 'passing' && !failed.passing)) return false;
  const key = [ctx.tenantId, at.runId, at.node, at.scope, at.iteration] as const;
  const where = 'tenant_id = $1 AND run_id = $2 AND node = $3 AND scope = $4 AND iteration = $5';
  const [row] = await tx.sql<{ attempts: number }>(`SELECT attempts FROM lianke.step WHERE ${where}`, key);
  const attempts = (row?.attempts ?? 0) + 1;
  if (attempts > policy.times) return false;
  await recordStep(tx, ctx, at, node.type, { state: 'failed', now, error: failed.error });
  await tx.run(`UPDATE lianke.step SET attempts = $6 WHERE ${where}`, [...key, attempts]);
  await places.wait({ scope: at.scope, node: at.node }, new Date(now.getTime() + waitAfter(policy, attempts)));
  await tx.run('UPDATE lianke.run SET lease_until = NULL WHERE tenant_id = $1 AND id = $2', [ctx.tenantId, at.runId]);
  return true;
}
