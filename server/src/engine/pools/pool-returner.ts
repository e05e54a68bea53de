import type { BatchId, FormId, MemberId, RecordId, TenantId } from '@lianke/shared/ids';
import type { PoolSettings } from '@lianke/shared/pools/api';
import { addDays, dateIn } from '@lianke/shared/time/zone';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { Database } from '../../kernel/database/database.js';
import { groupBy } from '../../kernel/group-by.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import { CLOCK } from '../../kernel/tokens.js';
import { AccessRuleBook } from '../access/app-access.js';
import type { TenantContext } from '../context.js';
import type { FormMeta } from '../forms/form-meta.js';
import { FormRegistry } from '../forms/form-registry.js';
import { TenantDirectory } from '../org/tenant-directory.js';
import { BulkLog } from '../records/bulk/bulk-log.js';
import { changeTable } from '../records/history.js';
import { RecordReader } from '../records/record-reader.js';
import { OwnerWriter } from './owner-writer.js';
import { sound } from './pool-book.js';
import { causeWords, type PoolCause } from './pool-causes.js';
import { PoolNotices } from './pool-notices.js';

/** An owned record that a rule is about to return. */
export interface Due {
  id: RecordId;
  owner: MemberId;
  /** The day on which the rules return it. */
  due: string;
  cause: PoolCause['kind'];
}

const page = 500;

/**
 * Returns what nobody looked after, once a day and tenant. Nothing is returned before its owner was told and the days of
 * notice are over: after an outage, under new rules and with a new owner the notice comes first. Every step finds what was
 * done before: a day that was cut off is worked through again.
 */
@Injectable()
export class PoolReturner {
  constructor(
    private readonly database: Database,
    private readonly tenants: TenantDirectory,
    private readonly registry: FormRegistry,
    private readonly book: AccessRuleBook,
    private readonly reader: RecordReader,
    private readonly owners: OwnerWriter,
    private readonly notices: PoolNotices,
    private readonly log: BulkLog,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Works through the tenant's pools whose day is not done. @returns how many records were returned */
  async run(tenantId: TenantId): Promise<number> {
    const ctx = await this.tenants.context(tenantId, { kind: 'system', name: 'pool' });
    const today = dateIn(ctx.timeZone, this.clock.now());
    const { pools } = await this.book.of(ctx);
    const forms = await this.registry.all(ctx);
    const waiting = await this.database.withTenant(ctx, (tx) =>
      tx.sql<{ form_id: FormId }>('SELECT form_id FROM lianke.pool WHERE ran_on IS NULL OR ran_on < $1', [today]),
    );
    let returned = 0;
    for (const { form_id: formId } of waiting) {
      const form = forms.get(formId);
      const settings = pools.get(formId);
      if (form && settings?.on) returned += await this.day(ctx, form, sound(settings, form), today);
      await this.database.withTenant(ctx, (tx) =>
        tx.run('UPDATE lianke.pool SET ran_on = $2 WHERE form_id = $1', [formId, today]),
      );
    }
    return returned;
  }

  private async day(ctx: TenantContext, form: FormMeta, settings: PoolSettings, today: string): Promise<number> {
    if (settings.contactDays === null && settings.dealDays === null) return 0;
    let returned = 0;
    const due = await this.due(ctx, form, settings, today);
    for (const [owner, records] of groupBy(due, (item) => item.owner)) {
      const promised = await this.notices.tell(ctx, form, settings, owner, records, today);
      const ready = records.filter((item) => item.due <= today && (promised.get(item.id) ?? '') <= today);
      for (let at = 0; at < ready.length; at += page)
        returned += await this.giveBack(ctx, form, settings, owner, ready.slice(at, at + page));
    }
    return returned;
  }

  /** Owned records, not dealt, whose day has come or comes within the days of notice. */
  private async due(ctx: TenantContext, form: FormMeta, settings: PoolSettings, today: string): Promise<Due[]> {
    const { contactDays, dealDays, noticeDays } = settings;
    const contact = settings.contactField === null ? undefined : form.field(settings.contactField);
    const found: Due[] = [];
    let cursor: string | undefined;
    do {
      const { items, cursor: next } = await this.reader.query(ctx, form.id, {
        filter: {
          and: [{ field: 'owner', op: 'notEmpty' }, ...(settings.dealt === null ? [] : [{ not: settings.dealt }])],
        },
        fields: ['owner', ...(contact ? [contact.id] : [])],
        sort: [{ field: 'createdAt', dir: 'asc' }],
        limit: page,
        total: false,
        ...(cursor ? { cursor } : {}),
      });
      const since = await this.ownedSince(
        ctx,
        form,
        items.map((item) => item.id as RecordId),
      );
      for (const item of items) {
        const owned = since.get(item.id);
        const owner = (item.values.owner as { id: string } | null)?.id;
        if (owned === undefined || owner === undefined) continue;
        const last = contact ? dayOf(item.values[contact.key], ctx.timeZone) : undefined;
        const byContact = contactDays === null ? never : addDays(last && last > owned ? last : owned, contactDays);
        const byDeal = dealDays === null ? never : addDays(owned, dealDays);
        const day = byContact < byDeal ? byContact : byDeal;
        if (day > addDays(today, noticeDays)) continue;
        const cause = byContact <= byDeal ? 'contact' : 'deal';
        found.push({ id: item.id as RecordId, owner: owner as MemberId, due: day, cause });
      }
      cursor = next ?? undefined;
    } while (cursor);
    return found;
  }

  /** The day since when each record is its owner's, as history tells it. */
  private async ownedSince(ctx: TenantContext, form: FormMeta, ids: readonly RecordId[]): Promise<Map<string, string>> {
    if (ids.length === 0) return new Map();
    const rows = await this.database.withTenant(ctx, (tx) =>
      tx.sql<{ record_id: string; at: string }>(
        `SELECT record_id, max(at) AS at FROM ${changeTable(form)}
         WHERE form_id = $1 AND record_id = ANY($2::uuid[]) AND (kind <> 'update' OR changes ? 'owner') GROUP BY record_id`,
        [form.id, [...ids]],
      ),
    );
    return new Map(rows.map((row) => [row.record_id, dateIn(ctx.timeZone, new Date(row.at))]));
  }

  /** What is still the owner's goes back, in one batch that administrators may undo. */
  private async giveBack(
    ctx: TenantContext,
    form: FormMeta,
    settings: PoolSettings,
    owner: MemberId,
    records: readonly Due[],
  ): Promise<number> {
    await this.owners.warm(ctx, form.id);
    let done = 0;
    for (const [cause, list] of groupBy(records, (item) => item.cause)) {
      const why: PoolCause = {
        kind: cause,
        days: (cause === 'contact' ? settings.contactDays : settings.dealDays) ?? 0,
      };
      const ids = list.map((item) => item.id).sort();
      const labels = await this.notices.labels(ctx, form, owner, ids);
      done += await this.database.withTenant(ctx, async (tx) => {
        const batchId = uuid7() as BatchId;
        const rows = { cases: [{ kind: 'own' as const, memberId: owner }], except: [] };
        const results = await this.owners.write(tx, ctx, {
          ...{ form, ids, rows, to: null, kind: 'auto' as const, reason: '', cause: why, batchId },
        });
        const moved = ids.filter((_, index) =>
          results.some((result) => result.index === index && result.status === 'updated'),
        );
        if (moved.length === 0) return 0;
        const counts = { done: moved.length, failed: ids.length - moved.length };
        await this.log.note(tx, ctx, { batchId, formId: form.id, action: 'return', fields: ['owner'], ...counts });
        await this.notices.returned(tx, ctx, form, owner, { batchId, ids: moved, labels, reason: causeWords(why) });
        return moved.length;
      });
    }
    return done;
  }
}

/** Later than every day. */
const never = '9999-12-31';

function dayOf(value: unknown, zone: string): string | undefined {
  if (typeof value !== 'string') return undefined;
  return value.length === 10 ? value : dateIn(zone, new Date(value));
}
