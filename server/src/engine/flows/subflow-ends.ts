import type { Words } from '@lianke/shared/errors/issue-text';
import type { FlowId, RunId, TenantId } from '@lianke/shared/ids';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { claim } from '../../kernel/database/claim.js';
import { Database } from '../../kernel/database/database.js';
import { keptSaid } from '../../kernel/errors/said.js';
import { CLOCK } from '../../kernel/tokens.js';
import { TenantDirectory } from '../org/tenant-directory.js';
import { FlowOwners } from './flow-owners.js';
import { PublishedFlows } from './published-flows.js';
import { RunPlaces } from './run-places.js';
import { recordStep } from './run-steps.js';

interface EndedRow {
  tenant_id: TenantId;
  id: RunId;
  state: string;
  error: string | null;
  error_en: string | null;
  parent_run_id: RunId;
  parent_node: string;
  parent_scope: string;
  epoch: number;
}

/**
 * Lets runs go on that waited for a sub-flow. Done in a transaction of its own that locks the parent first, so that a
 * child which ends and a parent which is cut off at the same instant never wait for each other.
 */
@Injectable()
export class SubflowEnds {
  constructor(
    private readonly database: Database,
    private readonly tenants: TenantDirectory,
    private readonly flows: PublishedFlows,
    private readonly owners: FlowOwners,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** One round; answers whether any run had ended. */
  async work(): Promise<boolean> {
    const rows = await this.database.asSystem((tx) =>
      claim<EndedRow>(tx, {
        table: 'run',
        key: ['id'],
        ready: 'q.wake_parent',
        order: 'id',
        perTenant: 50,
        limit: 200,
        leaseSeconds: 60,
      }),
    );
    for (const row of rows) await this.tell(row);
    return rows.length > 0;
  }

  private async tell(child: EndedRow): Promise<void> {
    const ctx = await this.tenants.context(child.tenant_id, { kind: 'system', name: 'flow' }, { door: 'flow' });
    await this.database.withTenant(ctx, async (tx) => {
      const now = this.clock.now();
      const [parent] = await tx.sql<{ flow_id: FlowId; version: number }>(
        `SELECT flow_id, version FROM lianke.run WHERE id = $1 AND state IN ('ready','waiting','calling') FOR UPDATE`,
        [child.parent_run_id],
      );
      const told = await tx.run(
        'UPDATE lianke.run SET wake_parent = false, lease_until = NULL WHERE id = $1 AND epoch = $2 AND wake_parent',
        [child.id, child.epoch],
      );
      if (!parent || told === 0) return;
      const [step] = await tx.sql<{ iteration: number }>(
        `SELECT iteration FROM lianke.step WHERE run_id = $1 AND node = $2 AND scope = $3 AND state = 'waiting' AND output->>'run' = $4`,
        [child.parent_run_id, child.parent_node, child.parent_scope, child.id],
      );
      if (!step) return;
      const definition = await this.flows.version(ctx, parent.flow_id, parent.version);
      const places = new RunPlaces(tx, { tenantId: ctx.tenantId, runId: child.parent_run_id }, definition, now);
      const place = { scope: child.parent_scope, node: child.parent_node };
      const at = { runId: child.parent_run_id, ...place, iteration: step.iteration };
      if (child.state === 'done') {
        await recordStep(tx, ctx, at, 'subflow', { state: 'done', now });
        await places.leave(place, 'next');
        return;
      }
      const error = endedAs(child);
      await recordStep(tx, ctx, at, 'subflow', { state: 'failed', now, error });
      await tx.run(
        `UPDATE lianke.run SET state = 'failed', error = $2, error_en = $3, finished_at = $4, lease_until = NULL WHERE id = $1`,
        [child.parent_run_id, ...keptSaid(error), now],
      );
      await this.owners.tellFailure(tx, ctx, { id: child.parent_run_id, flowId: parent.flow_id }, error, now);
    });
  }
}

/** Why the step of a flow failed that waited for another one. */
function endedAs(child: Pick<EndedRow, 'state' | 'error' | 'error_en'>): Words {
  if (child.state === 'cancelled') return { zh: '子流程被取消', en: 'the flow it started was cancelled' };
  const [zh, en] = [child.error ?? '', child.error_en ?? child.error ?? ''];
  return { zh: `子流程失败：${zh}`, en: `the flow it started failed: ${en}` };
}
