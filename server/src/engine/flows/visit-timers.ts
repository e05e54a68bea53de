import type { FlowDefinition, FlowNode } from '@lianke/shared/flows/definition';
import { defaultApprovalSettings } from '@lianke/shared/flows/nodes/approval';
import type { Tx } from '../../kernel/database/tx.js';
import type { TenantContext } from '../context.js';
import { resumeTimers, stopTimers, type TimerState, type TimersLeft, wakeAt } from './approval-timers.js';
import type { StepKey } from './run-steps.js';

type ApprovalNode = Extract<FlowNode, { type: 'approval' }>;

/** Time was up for this task, and no further manager was there to hand it to. */
export interface Stayed {
  task: string;
  at: string;
}

/** What a waiting approval keeps in its step's output beside its approvers. */
export interface VisitOutput {
  approvers: string[];
  timers?: TimerState[];
  /** Timers stand still: information is asked for. */
  left?: TimersLeft;
  /** An edit of the record's date can move a timer (`RecordWatch` wakes it). */
  follows?: boolean;
  stayed?: Stayed[];
  /** How it was decided, once it was. */
  outcome?: string;
}

/** What of a visit its story tells for ever, whatever becomes of it. */
export const asStory = (stayed: readonly Stayed[] | undefined): { stayed?: { task: string; at: string }[] } =>
  stayed?.length ? { stayed: stayed.map((one) => ({ ...one })) } : {};

/** Rules of a flow's approvals. */
export const settingsOf = (definition: FlowDefinition) => definition.approval ?? defaultApprovalSettings;

export async function visitOutput(tx: Tx, ctx: TenantContext, at: StepKey): Promise<VisitOutput> {
  const [row] = await tx.sql<{ output: VisitOutput | null }>(
    'SELECT output FROM lianke.step WHERE tenant_id = $1 AND run_id = $2 AND node = $3 AND scope = $4 AND iteration = $5',
    [ctx.tenantId, at.runId, at.node, at.scope, at.iteration],
  );
  return row?.output ?? { approvers: [] };
}

async function keep(tx: Tx, ctx: TenantContext, at: StepKey, output: VisitOutput): Promise<void> {
  await tx.run(
    'UPDATE lianke.step SET output = $6::jsonb WHERE tenant_id = $1 AND run_id = $2 AND node = $3 AND scope = $4 AND iteration = $5',
    [ctx.tenantId, at.runId, at.node, at.scope, at.iteration, JSON.stringify(output)],
  );
}

/** Stops a visit's timers until `continueTimers`. */
export async function pauseTimers(
  tx: Tx,
  ctx: TenantContext,
  visit: { at: StepKey; node: ApprovalNode; definition: FlowDefinition; now: Date },
): Promise<TimersLeft> {
  const output = await visitOutput(tx, ctx, visit.at);
  if (output.left) return output.left;
  const env = { now: visit.now, timeZone: ctx.timeZone, hours: settingsOf(visit.definition).hours };
  const left = stopTimers(visit.node.timers ?? [], output.timers ?? [], env);
  await keep(tx, ctx, visit.at, { ...output, left });
  return left;
}

/** Lets stopped timers go on; answers when the visit has to be looked at next. */
export async function continueTimers(
  tx: Tx,
  ctx: TenantContext,
  visit: { at: StepKey; node: ApprovalNode; definition: FlowDefinition; now: Date },
): Promise<Date | null> {
  const { left, ...output } = await visitOutput(tx, ctx, visit.at);
  const env = { now: visit.now, timeZone: ctx.timeZone, hours: settingsOf(visit.definition).hours };
  const timers = resumeTimers(visit.node.timers ?? [], output.timers ?? [], left ?? [], env);
  if (left) await keep(tx, ctx, visit.at, { ...output, timers });
  return wakeAt(visit.node.timers ?? [], timers, visit.now);
}
