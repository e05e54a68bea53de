import type { AnswerOf } from '@lianke/shared/api/contracts';
import { runDays } from '@lianke/shared/flows/api';
import { Controller, Injectable } from '@nestjs/common';
import { AccessService } from '../../../engine/access/access.service.js';
import { writeAudit } from '../../../engine/audit/write-audit.js';
import type { TenantContext } from '../../../engine/context.js';
import { Database } from '../../../kernel/database/database.js';
import type { Tx } from '../../../kernel/database/tx.js';
import { Call, Route, type RouteCall } from '../../../kernel/http/route.js';

/** How many days the company in whose name the transaction works keeps the runs of its flows. */
export async function runDaysOf(tx: Tx): Promise<number> {
  const [row] = await tx.sql<{ run_days: number }>('SELECT run_days FROM lianke.tenant');
  return row?.run_days ?? runDays.usual;
}

/** The company's own word on how long runs are kept; administrators set it. */
@Injectable()
export class RunRetention {
  constructor(
    private readonly database: Database,
    private readonly access: AccessService,
  ) {}

  async get(ctx: TenantContext): Promise<{ days: number }> {
    await this.access.require(ctx, 'admin');
    return this.database.withTenant(ctx, async (tx) => ({ days: await runDaysOf(tx) }));
  }

  async set(ctx: TenantContext, days: number): Promise<{ days: number }> {
    await this.access.require(ctx, 'admin');
    return this.database.withTenant(ctx, async (tx) => {
      const before = await runDaysOf(tx);
      await tx.run('UPDATE lianke.tenant SET run_days = $2 WHERE tenant_id = $1', [ctx.tenantId, days]);
      await writeAudit(tx, ctx, { action: 'runs.retention', object: null, detail: { before, days } });
      return { days };
    });
  }
}

@Controller()
export class RunRetentionController {
  constructor(private readonly retention: RunRetention) {}

  @Route('runs.retention')
  get(@Call() call: RouteCall<'runs.retention'>): Promise<AnswerOf<'runs.retention'>> {
    return this.retention.get(call.ctx);
  }

  @Route('runs.setRetention')
  set(@Call() call: RouteCall<'runs.setRetention'>): Promise<AnswerOf<'runs.setRetention'>> {
    return this.retention.set(call.ctx, call.body.days);
  }
}
