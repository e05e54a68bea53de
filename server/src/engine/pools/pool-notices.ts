import type { Words } from '@lianke/shared/errors/issue-text';
import type { MemberId, RecordId } from '@lianke/shared/ids';
import type { PoolSettings } from '@lianke/shared/pools/api';
import { addDays } from '@lianke/shared/time/zone';
import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import type { TenantContext } from '../context.js';
import type { FormMeta } from '../forms/form-meta.js';
import { OrgDirectory } from '../org/org-directory.js';
import { TenantDirectory } from '../org/tenant-directory.js';
import { Notifier } from '../ports.js';
import { RecordReader } from '../records/record-reader.js';
import type { Due } from './pool-returner.js';

const listed = 5;

/** What owners are told: before their records go back to the pool, and when they have gone. One card a form and day. */
@Injectable()
export class PoolNotices {
  constructor(
    private readonly database: Database,
    private readonly tenants: TenantDirectory,
    private readonly org: OrgDirectory,
    private readonly reader: RecordReader,
    private readonly notifier: Notifier,
  ) {}

  /**
   * Tells the owner of records that will go, of each once for as long as its day stands.
   * @returns the day each was promised to stay until
   */
  async tell(
    ctx: TenantContext,
    form: FormMeta,
    { noticeDays }: PoolSettings,
    owner: MemberId,
    records: readonly Due[],
    today: string,
  ): Promise<Map<string, string>> {
    const soonest = addDays(today, noticeDays);
    const promise = (item: Due) => (item.due > soonest ? item.due : soonest);
    if (noticeDays === 0) return new Map(records.map((item) => [item.id, item.due]));
    const labels = await this.labels(
      ctx,
      form,
      owner,
      records.map((item) => item.id),
    );
    return this.database.withTenant(ctx, async (tx) => {
      const fresh = await tx.sql<{ record_id: RecordId }>(
        `INSERT INTO lianke.pool_notice AS n (tenant_id, form_id, record_id, owner_id, due, promised)
         SELECT $1, $2, r.id, $3, r.due, r.promised FROM unnest($4::uuid[], $5::date[], $6::date[]) AS r(id, due, promised)
         ON CONFLICT (tenant_id, form_id, record_id) DO UPDATE
           SET owner_id = excluded.owner_id, due = excluded.due, promised = excluded.promised
           WHERE n.owner_id <> excluded.owner_id OR n.due <> excluded.due
         RETURNING record_id`,
        [
          ctx.tenantId,
          form.id,
          owner,
          records.map((item) => item.id),
          records.map((item) => item.due),
          records.map(promise),
        ],
      );
      const told = new Set(fresh.map((row) => row.record_id));
      const news = records.filter((item) => told.has(item.id));
      if (news.length > 0)
        await this.send(tx, ctx, form, owner, {
          key: `pool:${form.id}:${owner}:${today}`,
          title: {
            zh: `${news.length} 条${form.name}即将退回公海`,
            en: `${news.length} of ${form.name} soon go back to the pool`,
          },
          description: {
            zh: '联系客户并记下来，就会留在你名下。',
            en: 'Contact the customers and write it down, and they stay yours.',
          },
          rows: news.map((item) => ({
            id: item.id,
            label: labels.get(item.id) ?? '',
            value: { zh: `${promise(item)} 退回`, en: `On ${promise(item)}` },
          })),
        });
      const rows = await tx.sql<{ record_id: string; promised: string }>(
        `SELECT record_id, to_char(promised, 'YYYY-MM-DD') AS promised FROM lianke.pool_notice
         WHERE form_id = $1 AND record_id = ANY($2::uuid[])`,
        [form.id, records.map((item) => item.id)],
      );
      return new Map(rows.map((row) => [row.record_id, row.promised]));
    });
  }

  /** Tells the former owner that his records have gone. */
  async returned(
    tx: Tx,
    ctx: TenantContext,
    form: FormMeta,
    owner: MemberId,
    gone: { batchId: string; ids: readonly RecordId[]; labels: ReadonlyMap<string, string>; reason: Words },
  ): Promise<void> {
    await tx.run('DELETE FROM lianke.pool_notice WHERE form_id = $1 AND record_id = ANY($2::uuid[])', [
      form.id,
      [...gone.ids],
    ]);
    await this.send(tx, ctx, form, owner, {
      key: `pool:returned:${gone.batchId}`,
      title: {
        zh: `${gone.ids.length} 条${form.name}已退回公海`,
        en: `${gone.ids.length} of ${form.name} went back to the pool`,
      },
      description: gone.reason,
      rows: gone.ids.map((id) => ({ id, label: gone.labels.get(id) ?? '', value: { zh: '已退回', en: 'Gone back' } })),
    });
  }

  /** What the owner himself reads as the records' names. */
  async labels(
    ctx: TenantContext,
    form: FormMeta,
    owner: MemberId,
    ids: readonly RecordId[],
  ): Promise<Map<string, string>> {
    const theirs = await this.tenants.context(ctx.tenantId, { kind: 'member', memberId: owner });
    const seen = await this.reader.getMany(theirs, form.id, ids.slice(0, listed)).catch(() => []);
    return new Map(seen.map((record) => [record.id, record.label]));
  }

  private async send(
    tx: Tx,
    ctx: TenantContext,
    form: FormMeta,
    owner: MemberId,
    { key, title, description, rows }: Message,
  ): Promise<void> {
    if ((await this.org.of(ctx)).members.get(owner)?.state !== 'active') return;
    const shown = rows.slice(0, listed);
    const more = rows.length - shown.length;
    const facts = shown.map(({ label, value }) => ({ label: label === '' ? form.name : label, value }));
    await this.notifier.enqueue(tx, ctx, {
      card: {
        kind: 'notice',
        title,
        description,
        facts:
          more > 0
            ? [...facts, { label: { zh: '还有', en: 'More' }, value: { zh: `${more} 条`, en: `${more}` } }]
            : facts,
        path: `/pages/list/index?formId=${form.id}`,
        buttons: [],
      },
      to: [owner],
      key,
      about: { kind: 'none', id: null },
      mergeable: true,
      topic: 'reminder',
    });
  }
}

interface Message {
  key: string;
  title: Words;
  description: Words;
  rows: { id: RecordId; label: string; value: Words }[];
}
