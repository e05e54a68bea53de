import type { FormId, MemberId } from '@lianke/shared/ids';
import type { PoolSettings } from '@lianke/shared/pools/api';
import { dateIn, startOfDate } from '@lianke/shared/time/zone';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import type { Tx } from '../../kernel/database/tx.js';
import { AppError } from '../../kernel/errors/app-error.js';
import { CLOCK } from '../../kernel/tokens.js';
import type { TenantContext } from '../context.js';
import { RecordReader } from '../records/record-reader.js';

export interface Standing {
  held: number;
  today: number;
}

/** How much of a pool one has: counted over all records, whatever one sees of them. */
@Injectable()
export class PoolStanding {
  constructor(
    private readonly reader: RecordReader,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async of(
    tx: Tx,
    ctx: TenantContext,
    formId: FormId,
    { dealt }: PoolSettings,
    member: MemberId | null,
  ): Promise<Standing> {
    if (member === null) return { held: 0, today: 0 };
    const since = startOfDate(ctx.timeZone, dateIn(ctx.timeZone, this.clock.now()));
    const [claims] = await tx.sql<{ n: number }>(
      `SELECT count(*)::int AS n FROM lianke.pool_move WHERE form_id = $1 AND to_id = $2 AND kind = 'claim' AND at >= $3`,
      [formId, member, since],
    );
    const held = await this.held(tx, ctx, formId, dealt, member);
    return { held, today: claims?.n ?? 0 };
  }

  private async held(
    tx: Tx,
    ctx: TenantContext,
    formId: FormId,
    dealt: PoolSettings['dealt'],
    member: MemberId,
  ): Promise<number> {
    const { key: _, ...rest } = ctx;
    const everything: TenantContext = { ...rest, actor: { kind: 'system', name: 'pool' } };
    const owned = { field: 'owner', op: 'eq' as const, value: member as string };
    try {
      const [row] = await this.reader.aggregateIn(tx, everything, formId, {
        filter: dealt === null ? owned : { and: [owned, { not: dealt }] },
        groupBy: [],
        metrics: [{ fn: 'count', as: 'n' }],
        sort: [],
        limit: 1,
      });
      return Number(row?.metrics.n ?? 0);
    } catch (error) {
      // A field of 成交 was taken off the form: until somebody mends the rule nothing counts as dealt.
      if (dealt === null || !(error instanceof AppError)) throw error;
      return this.held(tx, ctx, formId, null, member);
    }
  }
}

/** How many more one may claim now; Infinity without limits. */
export function leftOf(settings: PoolSettings, { held, today }: Standing): { left: number; by: 'holds' | 'daily' } {
  const byHolds = settings.holds === null ? Number.POSITIVE_INFINITY : Math.max(0, settings.holds - held);
  const byDay = settings.daily === null ? Number.POSITIVE_INFINITY : Math.max(0, settings.daily - today);
  return byHolds <= byDay ? { left: byHolds, by: 'holds' } : { left: byDay, by: 'daily' };
}
