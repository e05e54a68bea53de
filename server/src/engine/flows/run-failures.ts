import type { Words } from '@lianke/shared/errors/issue-text';
import type { FlowNode } from '@lianke/shared/flows/definition';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import { AppError, sentenceOf } from '../../kernel/errors/app-error.js';
import { keptSaid } from '../../kernel/errors/said.js';
import type { Logger } from '../../kernel/logging/logger.js';
import { CLOCK, LOGGER } from '../../kernel/tokens.js';
import type { TenantContext } from '../context.js';
import { TenantDirectory } from '../org/tenant-directory.js';
import { FlowOwners } from './flow-owners.js';
import { PublishedFlows } from './published-flows.js';
import { isPassing, putOff } from './retries.js';
import { RunPlaces } from './run-places.js';
import { recordStep, type StepKey } from './run-steps.js';
import type { RunRow } from './runner.js';

const maxAttempts = 5;
const broken: Words = { zh: '系统出错，已多次重试', en: 'something broke, several attempts included' };

/** Where a step was when it failed, for its row in the run's story. */
export class StepFailed extends Error {
  constructor(
    readonly at: StepKey,
    readonly node: FlowNode,
    override readonly cause: unknown,
  ) {
    super('step failed');
  }
}

/** Writes down what a failed step means for its run. */
@Injectable()
export class RunFailures {
  constructor(
    private readonly database: Database,
    private readonly tenants: TenantDirectory,
    private readonly flows: PublishedFlows,
    private readonly owners: FlowOwners,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Refusals (`AppError`) end the run with their reason: the same input would be refused again. Anything else is
   * tried again, later each time, and fails after five attempts.
   */
  async record(run: RunRow, thrown: unknown): Promise<void> {
    const error = thrown instanceof StepFailed ? thrown.cause : thrown;
    const message = error instanceof AppError ? sentenceOf(error) : broken;
    if (!(error instanceof AppError))
      this.logger.error(
        { err: error, runId: run.id, node: thrown instanceof StepFailed ? thrown.node.id : null },
        'a flow step failed',
      );
    const ctx = await this.tenants.context(run.tenant_id, { kind: 'system', name: 'flow' }, { door: 'flow' });
    await this.database.withTenant(ctx, async (tx) => {
      const now = this.clock.now();
      const [held] = await tx.sql<{ attempts: number }>(
        `SELECT attempts FROM lianke.run WHERE tenant_id = $1 AND id = $2 AND epoch = $3 AND state IN ('ready','waiting','calling') FOR UPDATE`,
        [run.tenant_id, run.id, run.epoch],
      );
      if (!held) return;
      if (thrown instanceof StepFailed && thrown.node.retry) {
        const places = await this.placesOf(tx, ctx, run, now);
        const failed = { at: thrown.at, node: thrown.node, error: message, passing: isPassing(error), now };
        if (await putOff(tx, ctx, places, failed)) return;
      } else if (!(error instanceof AppError) && held.attempts + 1 < maxAttempts) {
        await tx.run(
          `UPDATE lianke.run SET attempts = attempts + 1, error = $3, error_en = $4, lease_until = clock_timestamp() + make_interval(secs => power(2, attempts + 1)) WHERE tenant_id = $1 AND id = $2`,
          [run.tenant_id, run.id, ...keptSaid(message)],
        );
        return;
      }
      if (thrown instanceof StepFailed && thrown.node.onFail === 'continue') {
        await recordStep(tx, ctx, thrown.at, thrown.node.type, { state: 'failed', now, error: message });
        const places = await this.placesOf(tx, ctx, run, now);
        await places.leave({ scope: thrown.at.scope, node: thrown.node.id }, 'next');
        await tx.run('UPDATE lianke.run SET lease_until = NULL WHERE tenant_id = $1 AND id = $2', [
          run.tenant_id,
          run.id,
        ]);
        return;
      }
      await tx.run(
        `UPDATE lianke.run SET state = 'failed', error = $3, error_en = $4, finished_at = $5, lease_until = NULL WHERE tenant_id = $1 AND id = $2`,
        [run.tenant_id, run.id, ...keptSaid(message), now],
      );
      await this.owners.tellFailure(tx, ctx, { id: run.id, flowId: run.flow_id }, message, now);
      if (thrown instanceof StepFailed)
        await recordStep(tx, ctx, thrown.at, thrown.node.type, {
          state: 'failed',
          now,
          error: message,
        });
    });
  }

  private async placesOf(tx: Tx, ctx: TenantContext, run: RunRow, now: Date): Promise<RunPlaces> {
    const definition = await this.flows.version(ctx, run.flow_id, run.version);
    return new RunPlaces(tx, { tenantId: ctx.tenantId, runId: run.id }, definition, now);
  }
}
