import { nextNode } from '@lianke/shared/flows/definition';
import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import type { TenantContext } from '../context.js';
import { Reconciler } from '../flows/reconciler.js';
import { recordStep, type StepKey } from '../flows/run-steps.js';
import { type Org, OrgDirectory } from '../org/org-directory.js';
import { ApprovalDesk } from './approval-desk.js';
import { mendedTexts } from './card-closer.js';
import { type HeldRun, holdRun, visitOf } from './held-task.js';
import { isOpen, type TaskRow } from './task-row.js';
import { planVisit } from './visit-plan.js';

/** Repairs of one kind in one round. */
const most = 100;
const open = `('ready','waiting','calling')`;

/**
 * What must hold of the visits of approvals and fill-ins: one that waits has somebody who is asked, and one that is done
 * says how. Mended by the same judgement as every answer, under the run's lock.
 */
@Injectable()
export class VisitMender {
  constructor(
    private readonly database: Database,
    private readonly org: OrgDirectory,
    private readonly desk: ApprovalDesk,
    reconciler: Reconciler,
  ) {
    reconciler.also((ctx) => this.mend(ctx));
  }

  /** One round over a tenant's visits; how many were mended, by kind. */
  async mend(ctx: TenantContext): Promise<Map<string, number>> {
    const { waiting, mute } = await this.database.withTenant(ctx, async (tx) => ({
      waiting: await tx.sql<StepKey>(
        `SELECT s.run_id AS "runId", s.node, s.scope, s.iteration FROM lianke.step s JOIN lianke.run r ON r.tenant_id = s.tenant_id AND r.id = s.run_id
         WHERE s.state = 'waiting' AND s.type IN ('approval','fill') AND r.state IN ${open} AND NOT EXISTS (${asked}) LIMIT ${most}`,
      ),
      mute: await tx.sql<StepKey>(
        `SELECT run_id AS "runId", node, scope, iteration FROM lianke.step
         WHERE type = 'approval' AND state = 'done' AND output->>'outcome' IS NULL LIMIT ${most}`,
      ),
    }));
    const found = new Map<string, number>();
    const each = async (kind: string, steps: readonly StepKey[], mend: (tx: Tx, at: StepKey) => Promise<boolean>) => {
      let count = 0;
      for (const at of steps) if (await this.database.withTenant(ctx, (tx) => mend(tx, at))) count++;
      if (count > 0) found.set(kind, count);
    };
    const org = await this.org.of(ctx);
    await each('visit_without_task', waiting, (tx, at) => this.askOrGoOn(tx, ctx, org, at));
    await each('approval_without_outcome', mute, (tx, at) => this.sayOutcome(tx, at));
    return found;
  }

  /** Judges a visit that asks nobody; where its tasks tell nothing, the node is visited anew. */
  private async askOrGoOn(tx: Tx, ctx: TenantContext, org: Org, at: StepKey): Promise<boolean> {
    const run = await holdRun(tx, at.runId);
    const node = run.definition.nodes.find((item) => item.id === at.node);
    if (!isUnderWay(run) || !(await this.asksNobody(tx, at))) return false;
    const visit = await this.visit(tx, at);
    const [task] = visit;
    if (task && node?.type === 'approval') {
      const held = { run, task, visit, node, at, me: task.member_id };
      await this.desk.settle(tx, ctx, org, held, mendedTexts.mended);
    } else if (node?.type === 'fill' && isFilled(visit, node.who)) {
      for (const other of visit) if (isOpen(other)) await this.desk.close(tx, ctx, other, null, mendedTexts.mended);
      const output = { record: recordOf(visit) };
      await recordStep(tx, ctx, at, 'fill', { state: 'done', now: this.desk.now(), output });
      await this.desk.places(tx, ctx, run).leave({ scope: at.scope, node: at.node }, 'next');
    }
    if (await this.asksNobody(tx, at)) await this.desk.places(tx, ctx, run).jump({ scope: at.scope, node: at.node });
    this.desk.ring(tx);
    return true;
  }

  /** Writes down how an approval was decided, from its tasks or from where the run went on. */
  private async sayOutcome(tx: Tx, at: StepKey): Promise<boolean> {
    const run = await holdRun(tx, at.runId);
    const visit = await this.visit(tx, at);
    const outcome = await this.outcomeOf(tx, run, at, visit);
    const changed = await tx.run(
      `UPDATE lianke.step SET output = coalesce(output, '{}') || jsonb_build_object('outcome', $5::text)
       WHERE run_id = $1 AND node = $2 AND scope = $3 AND iteration = $4 AND state = 'done' AND output->>'outcome' IS NULL`,
      [at.runId, at.node, at.scope, at.iteration, outcome],
    );
    return changed > 0;
  }

  private async outcomeOf(tx: Tx, run: HeldRun, at: StepKey, visit: readonly TaskRow[]): Promise<string> {
    if (visit.some((task) => task.state === 'returned')) return 'returned';
    const node = run.definition.nodes.find((item) => item.id === at.node);
    const judged = node?.type === 'approval' ? planVisit(node, visit).result : undefined;
    if (judged) return judged;
    const next = nextNode(run.definition, at.node, 'approved');
    const gone = await tx.sql('SELECT 1 FROM lianke.step WHERE run_id = $1 AND node = $2 AND scope = $3 LIMIT 1', [
      run.id,
      next ?? '',
      at.scope,
    ]);
    return gone.length > 0 || (!next && run.state === 'done') ? 'approved' : 'rejected';
  }

  private async asksNobody(tx: Tx, at: StepKey): Promise<boolean> {
    const rows = await tx.sql(
      `SELECT 1 FROM lianke.step s WHERE s.run_id = $1 AND s.node = $2 AND s.scope = $3 AND s.iteration = $4 AND s.state = 'waiting' AND NOT EXISTS (${asked})`,
      [at.runId, at.node, at.scope, at.iteration],
    );
    return rows.length > 0;
  }

  private visit(tx: Tx, at: StepKey): Promise<TaskRow[]> {
    return visitOf(tx, { run_id: at.runId, node: at.node, scope: at.scope, iteration: at.iteration });
  }
}

const asked = `SELECT 1 FROM lianke.task t WHERE t.tenant_id = s.tenant_id AND t.run_id = s.run_id AND t.node = s.node
  AND t.scope = s.scope AND t.iteration = s.iteration AND t.state = 'pending'`;

const isUnderWay = (run: HeldRun): boolean => ['ready', 'waiting', 'calling'].includes(run.state);

function isFilled(visit: readonly TaskRow[], who: 'any' | 'all'): boolean {
  return visit.some((task) => task.state === 'done') && (who === 'any' || !visit.some(isOpen));
}

function recordOf(visit: readonly TaskRow[]): { formId: string; recordId: string } | null {
  const [task] = visit;
  return task ? { formId: task.form_id, recordId: task.record_id } : null;
}
