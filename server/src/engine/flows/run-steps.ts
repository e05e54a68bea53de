import type { FlowNode } from '@lianke/shared/flows/definition';
import type { FormId, RecordId, RunId, TenantId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import type { Tx } from '../../kernel/database/tx.js';
import { keptSaid, type Said } from '../../kernel/errors/said.js';
import type { ListPlace } from './run-lists.js';
import type { Scope } from './run-scope.js';
import type { RunRecord } from './run-values.js';

export type StepState = 'waiting' | 'calling' | 'done' | 'failed' | 'skipped';

/** One execution of a node: in which run and path, and which visit of it (a returned approval comes by again). */
export interface StepKey {
  runId: RunId;
  node: string;
  scope: Scope;
  iteration: number;
}

/** A step as its run's later steps see it. */
export interface StepRow extends StepKey {
  state: StepState;
  output: { record?: RunRecord; records?: RecordId[]; listed?: ListPlace; formId?: FormId; rounds?: number } | null;
}

/** An output as it is read back later. */
export function outputOf(output: Json | undefined): StepRow['output'] {
  return output === undefined ? null : JSON.parse(JSON.stringify(output));
}

/** The steps of runs in some of their paths, those of outer paths first, visits of a node in their order. */
export function readSteps(
  tx: Tx,
  tenantId: TenantId,
  runs: readonly RunId[],
  scopes: readonly Scope[],
): Promise<StepRow[]> {
  return tx.sql<StepRow>(
    `SELECT run_id AS "runId", node, scope, iteration, state, output FROM lianke.step
     WHERE tenant_id = $1 AND run_id = ANY($2) AND scope = ANY($3) ORDER BY length(scope), iteration`,
    [tenantId, runs, scopes],
    { repeated: true },
  );
}

/** The key that outside effects carry, the same in every attempt at a step (design §5). */
export function effectKey(step: StepKey): string {
  return `${step.runId}:${step.scope}${step.node}:${step.iteration}`;
}

/** Writes a step's row; one that waited or called becomes done or failed in place. `output` null keeps what was there. */
export function recordStep(
  tx: Tx,
  ctx: { tenantId: TenantId },
  step: StepKey,
  type: FlowNode['type'],
  { output, ...result }: { state: StepState; now: Date; output?: Json; input?: Json; error?: Said },
): Promise<void> {
  return recordSteps(tx, ctx, [{ at: step, output: output ?? null }], type, result);
}

/** The same for several runs that stand at the same node. */
export async function recordSteps(
  tx: Tx,
  ctx: { tenantId: TenantId },
  steps: readonly { at: StepKey; output: Json }[],
  type: FlowNode['type'],
  result: { state: StepState; now: Date; input?: Json; error?: Said },
): Promise<void> {
  const text = (value: Json | undefined) => (value === undefined || value === null ? null : JSON.stringify(value));
  const [error, errorEn] = keptSaid(result.error ?? null);
  const open = result.state === 'waiting' || result.state === 'calling';
  await tx.run(
    `INSERT INTO lianke.step (tenant_id, run_id, node, scope, iteration, type, state, input, output, error, started_at, finished_at, error_en)
     SELECT $1, s.run_id, s.node, s.scope, s.iteration, $6, $7, $8::jsonb, s.output::jsonb, $10, $11, $12, $13
     FROM unnest($2::uuid[], $3::text[], $4::text[], $5::int[], $9::text[]) AS s(run_id, node, scope, iteration, output)
     ON CONFLICT (tenant_id, run_id, node, scope, iteration) DO UPDATE SET state = excluded.state, input = coalesce(excluded.input, lianke.step.input),
       output = coalesce(excluded.output, lianke.step.output), error = excluded.error, error_en = excluded.error_en, finished_at = excluded.finished_at`,
    [
      ctx.tenantId,
      steps.map(({ at }) => at.runId),
      steps.map(({ at }) => at.node),
      steps.map(({ at }) => at.scope),
      steps.map(({ at }) => at.iteration),
      type,
      result.state,
      text(result.input),
      steps.map(({ output }) => text(output)),
      error,
      result.now,
      open ? null : result.now,
      errorEn,
    ],
    { repeated: steps.length === 1 },
  );
}
