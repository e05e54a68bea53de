import type { FormId, RecordId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import { dateIn, startOfDate } from '@lianke/shared/time/zone';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import { CLOCK } from '../../kernel/tokens.js';
import { writeAudit } from '../audit/write-audit.js';
import { memberOf, type TenantContext } from '../context.js';
import { FormRegistry } from '../forms/form-registry.js';
import { RecordReader } from '../records/record-reader.js';
import { AccessService } from './access.service.js';

/** Looking at one masked value as it is: counted by the day, each look kept in the audit trail. */
@Injectable()
export class UnmaskService {
  constructor(
    private readonly database: Database,
    private readonly registry: FormRegistry,
    private readonly access: AccessService,
    private readonly reader: RecordReader,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async look(
    ctx: TenantContext,
    formId: FormId,
    recordId: RecordId,
    ref: string,
  ): Promise<{ value: Json; left: number }> {
    const me = memberOf(ctx);
    const seen = await this.reader.get(ctx, formId, recordId);
    const form = await this.registry.form(ctx, formId);
    const access = await this.access.ofForm(ctx, form);
    const field = form.field(ref);
    if (!field || !access.mayRead(field)) throw new AppError('unknown_field', { field: ref });
    if (!access.masks(field) && !seen.masked?.includes(field.key))
      throw refusal('wrong_state', { zh: `“${field.name}”没有脱敏`, en: `"${field.name}" is not masked` });
    if (access.unmask === 0) throw refusal('forbidden', { zh: '查看完整内容', en: 'see full values' });
    return this.database.withTenant(ctx, async (tx) => {
      // Looks at the same time are counted one after the other.
      await tx.sql('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`unmask:${ctx.tenantId}:${me}`]);
      const left = access.unmask - (await this.used(tx, ctx)) - 1;
      if (left < 0)
        throw refusal('wrong_state', {
          zh: `今天查看完整内容的次数（${access.unmask} 次）用完了，明天再看，或请管理员调高次数`,
          en: `you have used up today’s ${access.unmask} looks at full values; look again tomorrow, or ask an administrator for more`,
        });
      const [record] = await this.reader.stored(tx, ctx, formId, [recordId]);
      if (!record) throw new AppError('not_found');
      await writeAudit(tx, ctx, {
        action: 'records.unmask',
        object: recordId,
        detail: { formId, form: form.name, field: field.id, name: field.name },
        // Days are counted by this clock.
        at: this.clock.now(),
      });
      return { value: record.values[field.id] ?? null, left };
    });
  }

  /** How many looks the member has at the form's masked values a day, and how many are left of them today. */
  async quota(ctx: TenantContext, formId: FormId): Promise<{ limit: number; left: number }> {
    const access = await this.access.ofForm(ctx, formId);
    if (!access.may('view')) throw new AppError('not_found');
    const limit = access.unmask;
    const used = limit === 0 ? 0 : await this.database.withTenant(ctx, (tx) => this.used(tx, ctx));
    return { limit, left: Math.max(0, limit - used) };
  }

  /** Looks of today, in the company's time zone, whatever the form. */
  private async used(tx: Tx, ctx: TenantContext): Promise<number> {
    const since = startOfDate(ctx.timeZone, dateIn(ctx.timeZone, this.clock.now()));
    const [row] = await tx.sql<{ n: number }>(
      `SELECT count(*)::int AS n FROM lianke.audit WHERE actor_id = $1 AND action = 'records.unmask' AND at >= $2`,
      [memberOf(ctx), since],
    );
    return row?.n ?? 0;
  }
}
