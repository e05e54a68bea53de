import type { Words } from '@lianke/shared/errors/issue-text';
import type { BatchId, FormId, MemberId, RecordId } from '@lianke/shared/ids';
import type { PoolResult } from '@lianke/shared/pools/api';
import type { BatchResult } from '@lianke/shared/records/write';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import { refusal } from '../../kernel/errors/app-error.js';
import { type Said, saidIn } from '../../kernel/errors/said.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import { CLOCK } from '../../kernel/tokens.js';
import { AccessService } from '../access/access.service.js';
import type { Scope } from '../access/form-access.js';
import { writeAudit } from '../audit/write-audit.js';
import { languageIn, memberOf, type TenantContext } from '../context.js';
import type { Once } from '../idempotency/answer-once.js';
import { OrgDirectory } from '../org/org-directory.js';
import { BulkLog } from '../records/bulk/bulk-log.js';
import { changeTable } from '../records/history.js';
import { type OwnerMove, OwnerWriter } from './owner-writer.js';
import { leftOf, PoolStanding } from './pool-standing.js';
import { type OpenPool, PoolsService } from './pools.service.js';

type Failures = Map<RecordId, Said>;
const dayMs = 86_400_000;
/** The loser of a race is told the winner for so long; later it is an ordinary record that is not his to see. */
const toldFor = dayMs;

/** Taking records out of a pool and putting them back: each is one write, one batch, one row of `pool_move` a record. */
@Injectable()
export class PoolMovesService {
  constructor(
    private readonly database: Database,
    private readonly pools: PoolsService,
    private readonly access: AccessService,
    private readonly org: OrgDirectory,
    private readonly owners: OwnerWriter,
    private readonly standing: PoolStanding,
    private readonly log: BulkLog,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Takes records for oneself. Of several who want one record one gets it; limits are counted under a lock. */
  async claim(
    ctx: TenantContext,
    formId: FormId,
    asked: readonly RecordId[],
    once?: Once<PoolResult>,
  ): Promise<PoolResult> {
    const me = self(ctx, { zh: '领取', en: 'claim records of the pool' });
    const open = await this.pools.open(ctx, formId);
    const ids = [...new Set(asked)].sort();
    return this.inOne(ctx, open, me, 'claim', asked, once, async (tx, batchId) => {
      // Claims of one person are counted one after the other, whichever way they come.
      await tx.sql('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`pool:${ctx.tenantId}:${formId}:${me}`]);
      const failures: Failures = await this.protectedFrom(tx, open, me, ids);
      const moved: RecordId[] = [];
      const before = await this.standing.of(tx, ctx, formId, open.settings, me);
      const { left, by } = leftOf(open.settings, before);
      let waiting = ids.filter((id) => !failures.has(id));
      while (waiting.length > 0 && moved.length < left) {
        const part = waiting.slice(0, Math.min(waiting.length, left - moved.length));
        waiting = waiting.slice(part.length);
        const results = await this.owners.write(tx, ctx, this.fromPool(open, part, me, 'claim', batchId));
        this.sort(part, results, moved, failures);
      }
      const { holds, daily } = open.settings;
      const limit: Words =
        by === 'holds'
          ? { zh: `最多同时负责 ${holds} 条，已经满了`, en: `you own as many as you may at once: ${holds}` }
          : {
              zh: `每天最多领取 ${daily} 条，今天的用完了`,
              en: `you have claimed as many as you may in a day: ${daily}`,
            };
      for (const id of waiting) failures.set(id, limit);
      await this.tellWho(tx, ctx, open, failures);
      return { moved, failures };
    });
  }

  /** Gives records of the pool to somebody; for its managers. */
  async assign(
    ctx: TenantContext,
    formId: FormId,
    asked: readonly RecordId[],
    to: MemberId,
    once?: Once<PoolResult>,
  ): Promise<PoolResult> {
    const me = self(ctx, { zh: '分配', en: 'assign records of the pool' });
    const open = await this.pools.open(ctx, formId);
    if (!open.pool.manages) throw refusal('forbidden', { zh: '分配公海数据', en: 'assign records of the pool' });
    const person = (await this.org.of(ctx)).members.get(to);
    if (person?.state !== 'active')
      throw refusal('invalid_request', {
        zh: '选中的成员不存在或已离职',
        en: 'the chosen member does not exist or has left',
      });
    const ids = [...new Set(asked)].sort();
    return this.inOne(ctx, open, me, 'assign', asked, once, async (tx, batchId) => {
      const moved: RecordId[] = [];
      const failures: Failures = new Map();
      const results = await this.owners.write(tx, ctx, this.fromPool(open, ids, to, 'assign', batchId));
      this.sort(ids, results, moved, failures);
      await this.tellWho(tx, ctx, open, failures);
      return { moved, failures };
    });
  }

  /** Puts records back: one's own, for managers all that they may edit. */
  async giveBack(
    ctx: TenantContext,
    formId: FormId,
    asked: readonly RecordId[],
    reason: string,
    once?: Once<PoolResult>,
  ): Promise<PoolResult> {
    const me = self(ctx, { zh: '退回公海', en: 'return records to the pool' });
    const open = await this.pools.open(ctx, formId);
    const access = await this.access.ofForm(ctx, open.form);
    const rows: Scope =
      open.pool.manages && access.may('edit')
        ? access.scopeOf('edit')
        : { cases: [{ kind: 'own', memberId: me }], except: access.scope.except };
    const ids = [...new Set(asked)].sort();
    return this.inOne(ctx, open, me, 'return', asked, once, async (tx, batchId) => {
      const moved: RecordId[] = [];
      const failures: Failures = new Map();
      const move: OwnerMove = { form: open.form, ids, rows, to: null, kind: 'return', reason, batchId };
      const results = await this.owners.write(tx, ctx, move);
      for (const result of results)
        if (result.status === 'unchanged' && result.id) failures.set(result.id as RecordId, alreadyThere);
      this.sort(ids, results, moved, failures);
      return { moved, failures };
    });
  }

  private fromPool(
    { form, pool }: OpenPool,
    ids: readonly RecordId[],
    to: MemberId,
    kind: 'claim' | 'assign',
    batchId: BatchId,
  ): OwnerMove {
    return { form, ids, rows: pool.access.scope, to, kind, reason: '', batchId };
  }

  /** One transaction with what goes along: the batch in the list of bulk actions, the audit trail, the key's answer. */
  private async inOne(
    ctx: TenantContext,
    open: OpenPool,
    me: MemberId,
    action: 'claim' | 'assign' | 'return',
    asked: readonly RecordId[],
    once: Once<PoolResult> | undefined,
    work: (tx: Tx, batchId: BatchId) => Promise<{ moved: RecordId[]; failures: Failures }>,
  ): Promise<PoolResult> {
    const { form, settings } = open;
    await this.owners.warm(ctx, form.id);
    return this.database.withTenant(ctx, async (tx) => {
      await once?.open(tx);
      const batchId = uuid7() as BatchId;
      const { moved, failures } = await work(tx, batchId);
      if (moved.length > 0) {
        const counts = { done: moved.length, failed: failures.size };
        await this.log.note(tx, ctx, { batchId, formId: form.id, action, fields: ['owner'], ...counts });
        const object = moved.length === 1 ? (moved[0] ?? null) : form.id;
        await writeAudit(tx, ctx, { action: `pool.${action}`, object, detail: { form: form.name, ...counts } });
      }
      const result: PoolResult = {
        batchId,
        done: moved.length,
        unchanged: 0,
        failed: failures.size,
        failures: [...failures].map(([recordId, reason]) => ({
          index: asked.indexOf(recordId),
          recordId,
          reason: saidIn(reason, languageIn(ctx)),
        })),
        ...(await this.standing.of(tx, ctx, form.id, settings, me)),
      };
      await once?.keep(tx, result);
      return result;
    });
  }

  private sort(ids: readonly RecordId[], results: readonly BatchResult[], moved: RecordId[], failures: Failures): void {
    for (const result of results) {
      const id = ids[result.index];
      if (id === undefined) continue;
      if (result.status === 'updated') moved.push(id);
      else if (result.status === 'failed') {
        const { code, message, fields } = result.error ?? {};
        failures.set(id, code === 'not_found' ? gone : (fields?.[0]?.message ?? message ?? ''));
      }
    }
  }

  /** Records that were his not long ago, and are kept from him for a time. */
  private async protectedFrom(
    tx: Tx,
    { form, settings, pool }: OpenPool,
    me: MemberId,
    ids: readonly RecordId[],
  ): Promise<Failures> {
    if (settings.protectDays === 0 || pool.manages) return new Map();
    const since = new Date(this.clock.now().getTime() - settings.protectDays * dayMs);
    const rows = await tx.sql<{ record_id: RecordId; at: string }>(
      `SELECT record_id, max(at) AS at FROM ${changeTable(form)}
       WHERE form_id = $1 AND record_id = ANY($2::uuid[]) AND changes->'owner'->>0 = $3::text AND at > $4 GROUP BY record_id`,
      [form.id, [...ids], me, since],
    );
    return new Map<RecordId, Said>(
      rows.map(({ record_id, at }): [RecordId, Said] => {
        const days = Math.ceil(
          (new Date(at).getTime() + settings.protectDays * dayMs - this.clock.now().getTime()) / dayMs,
        );
        return [
          record_id,
          {
            zh: `你退出不久，${days} 天后才能再领取`,
            en: `it was yours not long ago; you may claim it again in ${days} days`,
          },
        ];
      }),
    );
  }

  /** Names the winner to the losers of a race; nothing else of the record, and only of one they could have seen. */
  private async tellWho(tx: Tx, ctx: TenantContext, { form, pool }: OpenPool, failures: Failures): Promise<void> {
    const lost = [...failures].flatMap(([id, reason]) => (reason === gone ? [id] : []));
    // Who is kept from some of the rows is not told about any: it could be one of those.
    if (lost.length === 0 || pool.access.scope.except.length > 0) return;
    const since = new Date(this.clock.now().getTime() - toldFor);
    const rows = await tx.sql<{ record_id: RecordId; to_id: MemberId; kind: string; at: string }>(
      `SELECT DISTINCT ON (record_id) record_id, to_id, kind, at FROM lianke.pool_move
       WHERE form_id = $1 AND record_id = ANY($2::uuid[]) ORDER BY record_id, id DESC`,
      [form.id, lost],
    );
    const org = await this.org.of(ctx);
    for (const { record_id, to_id, kind, at } of rows) {
      if (!to_id || new Date(at) < since) continue;
      const name = org.nameOf(to_id);
      const taken =
        kind === 'claim'
          ? { zh: `已被${name}领取`, en: `${name} has claimed it` }
          : { zh: `已分配给${name}`, en: `it was given to ${name}` };
      failures.set(record_id, to_id === memberOf(ctx) ? yours : taken);
    }
  }
}

/** What is not in the pool and what is not there at all answer the same. */
const gone: Words = { zh: '已不在公海里', en: 'it is not in the pool any more' };
const alreadyThere: Words = { zh: '已经在公海里了', en: 'it is in the pool already' };
const yours: Words = { zh: '已经是你的了', en: 'it is yours already' };

function self(ctx: TenantContext, action: Words): MemberId {
  const me = memberOf(ctx);
  if (me === null) throw refusal('forbidden', action);
  return me;
}
