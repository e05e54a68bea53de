import type { FormId, TenantId } from '@lianke/shared/ids';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Config } from '../../kernel/config/config.js';
import { claim } from '../../kernel/database/claim.js';
import { Database } from '../../kernel/database/database.js';
import { groupBy } from '../../kernel/group-by.js';
import type { Logger } from '../../kernel/logging/logger.js';
import { Loop } from '../../kernel/loop.js';
import { CONFIG, LOGGER } from '../../kernel/tokens.js';
import type { TenantContext } from '../context.js';
import type { FormMeta } from '../forms/form-meta.js';
import { FormChanges } from '../live/form-changes.js';
import { TenantDirectory } from '../org/tenant-directory.js';
import { recomputeRows } from './recompute.js';
import { RecomputeScope, type RecomputeWorld } from './recompute-scope.js';
import { walkBack } from './walk-back.js';

interface Ticket {
  tenant_id: TenantId;
  form_id: FormId;
  record_id: string;
  field: string;
  via: string[];
  depth: number;
  ticket: number;
  epoch: number;
}

/** Rows computed in one transaction. */
export const chunkRows = 2000;

/** Computes derived fields from scratch after commits, each within a second (design §5). */
@Injectable()
export class RecomputeWorker implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly loop: Loop;

  constructor(
    private readonly database: Database,
    private readonly tenants: TenantDirectory,
    private readonly worlds: RecomputeScope,
    private readonly changes: FormChanges,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.loop = new Loop('recompute', () => this.work(), 300, logger);
  }

  onApplicationBootstrap(): void {
    if (this.config.role !== 'api') this.loop.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.loop.stop();
  }

  /** One round; answers whether anything was waiting. */
  async work(): Promise<boolean> {
    const tickets = await this.database.asSystem((tx) =>
      claim<Ticket>(tx, {
        table: 'recompute',
        key: ['ticket'],
        ready: 'true',
        order: 'ticket',
        perTenant: 2000,
        limit: 5000,
        leaseSeconds: 60,
      }),
    );
    for (const [tenantId, list] of groupBy(tickets, (ticket) => ticket.tenant_id)) {
      const depth = Math.max(...list.map((ticket) => ticket.depth));
      const ctx = await this.tenants.context(tenantId, { kind: 'system', name: 'recompute' }, { depth });
      const world = await this.worlds.of(ctx);
      for (const [, group] of groupBy(list, (ticket) => `${ticket.form_id}/${ticket.field}/${ticket.via.join()}`))
        await this.answer(ctx, world, group);
    }
    return tickets.length > 0;
  }

  /** Tickets of one field that go the same way. A group that fails keeps its tickets: their lease runs out and they are tried again. */
  private async answer(ctx: TenantContext, world: RecomputeWorld, group: readonly Ticket[]): Promise<void> {
    const [first] = group;
    const form = first && world.forms.get(first.form_id);
    try {
      if (first && form)
        await this.compute(ctx, world, form, first, [...new Set(group.map((ticket) => ticket.record_id))]);
      await this.database.withTenant(ctx, (tx) =>
        tx.run('DELETE FROM lianke.recompute WHERE tenant_id = $1 AND ticket = ANY($2::bigint[])', [
          ctx.tenantId,
          group.map((ticket) => ticket.ticket),
        ]),
      );
    } catch (error) {
      this.logger.error(
        { err: error, form: first?.form_id, field: first?.field },
        'a derived field was not computed and is tried again',
      );
    }
  }

  private async compute(
    ctx: TenantContext,
    world: RecomputeWorld,
    form: FormMeta,
    { field, via }: Ticket,
    starts: readonly string[],
  ): Promise<void> {
    const ids = (await this.database.withTenant(ctx, (tx) => walkBack(tx, world.forms, via, starts))).sort();
    for (let at = 0; at < ids.length; at += chunkRows) {
      await this.database.withTenant(ctx, async (tx) => {
        const env = { tx, ctx, ...world };
        const changed = await recomputeRows(env, form, new Set([field]), ids.slice(at, at + chunkRows), true);
        if (changed > 0)
          tx.afterCommit(() => this.changes.mark(ctx.tenantId, (form.owner?.form ?? form).id, form.watched));
      });
    }
  }
}
