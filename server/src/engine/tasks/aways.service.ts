import type { AwayId, FlowId, MemberId } from '@lianke/shared/ids';
import type { AwayView } from '@lianke/shared/tasks/api';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { claim } from '../../kernel/database/claim.js';
import { Database } from '../../kernel/database/database.js';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import { CLOCK } from '../../kernel/tokens.js';
import { AccessService } from '../access/access.service.js';
import { memberOf, type TenantContext } from '../context.js';
import { FlowWorkers } from '../flows/flow-workers.js';
import { PublishedFlows } from '../flows/published-flows.js';
import { type Org, OrgDirectory } from '../org/org-directory.js';
import { TenantDirectory } from '../org/tenant-directory.js';
import { ApprovalDesk } from './approval-desk.js';
import type { Away } from './aways.js';
import type { TaskRow } from './task-row.js';

interface AwayRow extends Away {
  tenant_id: string;
  created_at: string;
  epoch: number;
}

/**
 * 代理: while somebody is away, another answers his approvals. Tasks stay his: whoever may answer is found when it is asked
 * or answered, so what already waits is covered and comes back by itself when he does.
 */
@Injectable()
export class AwaysService {
  constructor(
    private readonly database: Database,
    private readonly org: OrgDirectory,
    private readonly access: AccessService,
    private readonly tenants: TenantDirectory,
    private readonly flows: PublishedFlows,
    private readonly desk: ApprovalDesk,
    workers: FlowWorkers,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    workers.also('aways', () => this.work());
  }

  /** Those the reader set, or that concern him; all of them for administrators. */
  async list(ctx: TenantContext): Promise<AwayView[]> {
    const org = await this.org.of(ctx);
    const all = await this.isAdmin(ctx);
    const me = memberOf(ctx);
    const rows = await this.database.withTenant(ctx, (tx) =>
      tx.sql<AwayRow>(
        `SELECT * FROM lianke.away WHERE $1 OR member_id = $2 OR to_id = $2 OR set_by = $2 ORDER BY until_at DESC, id DESC LIMIT 200`,
        [all, me],
      ),
    );
    return this.present(ctx, rows, org);
  }

  /** Throws `invalid_request` for a range that is over or backwards, or people who cannot; `forbidden` for a stranger's. */
  async create(
    ctx: TenantContext,
    body: { member?: MemberId | undefined; to: MemberId; from: string; until: string; flowIds: readonly FlowId[] },
  ): Promise<AwayView> {
    const org = await this.org.of(ctx);
    const me = memberOf(ctx);
    const member = body.member ?? me;
    if (!member || !org.members.has(member))
      throw refusal('invalid_request', { zh: '被代理的成员不存在', en: 'the member who is away does not exist' });
    if (member !== me && org.managerOf(member) !== me && !(await this.isAdmin(ctx)))
      throw refusal('forbidden', { zh: '替别人设置审批代理', en: 'setting a substitute for somebody else' });
    if (body.to === member)
      throw refusal('invalid_request', {
        zh: '不能让自己代理自己',
        en: 'the substitute has to be somebody else than the member who is away',
      });
    if (org.members.get(body.to)?.state !== 'active')
      throw refusal('invalid_request', {
        zh: '代理人不存在或已离职，请换一位',
        en: 'the substitute does not exist or has left; choose another',
      });
    const now = this.clock.now();
    if (Date.parse(body.until) <= Date.parse(body.from))
      throw refusal('invalid_request', {
        zh: '结束时间要晚于开始时间',
        en: 'the end has to be later than the beginning',
      });
    if (Date.parse(body.until) <= now.getTime())
      throw refusal('invalid_request', {
        zh: '结束时间已经过去',
        en: 'the end has already passed; choose a later one',
      });
    const id = uuid7() as AwayId;
    await this.database.withTenant(ctx, async (tx) => {
      if (body.flowIds.length > 0) {
        const known = await tx.sql('SELECT 1 FROM lianke.flow WHERE id = ANY($1::uuid[])', [[...body.flowIds]]);
        if (known.length !== new Set(body.flowIds).size)
          throw refusal('invalid_request', { zh: '选择的流程不存在', en: 'a chosen flow does not exist' });
      }
      await tx.run(
        `INSERT INTO lianke.away (tenant_id, id, member_id, to_id, from_at, until_at, flow_ids, set_by, created_at) VALUES ($1,$2,$3,$4,$5,$6,$7::uuid[],$8,$9)`,
        [
          ctx.tenantId,
          id,
          member,
          body.to,
          new Date(body.from),
          new Date(body.until),
          body.flowIds.length > 0 ? [...body.flowIds] : null,
          me,
          now,
        ],
      );
      this.desk.ring(tx);
    });
    const [view] = (await this.list(ctx)).filter((item) => item.id === id);
    if (!view) throw new AppError('not_found');
    return view;
  }

  /** Ends an absence now, or calls a coming one off. What was handled stays handled. */
  async end(ctx: TenantContext, id: AwayId): Promise<void> {
    const org = await this.org.of(ctx);
    const me = memberOf(ctx);
    const admin = await this.isAdmin(ctx);
    await this.database.withTenant(ctx, async (tx) => {
      const [row] = await tx.sql<AwayRow & { set_by: MemberId | null }>(
        'SELECT * FROM lianke.away WHERE id = $1 FOR UPDATE',
        [id],
      );
      const mine = row && (row.member_id === me || row.set_by === me || org.managerOf(row.member_id) === me);
      if (!row || !(mine || admin)) throw new AppError('not_found');
      const now = this.clock.now();
      await tx.run(
        'UPDATE lianke.away SET until_at = least(until_at, $2), from_at = least(from_at, $2) WHERE id = $1',
        [id, now],
      );
    });
  }

  /** Sends whoever answers now the cards of what already waits, once an absence has begun; answers whether one had. */
  async work(): Promise<boolean> {
    const now = this.clock.now();
    const begun = await this.database.asSystem((tx) =>
      claim<AwayRow>(tx, {
        table: 'away',
        key: ['id'],
        ready: `NOT q.told AND q.from_at <= '${now.toISOString()}'::timestamptz`,
        order: 'id',
        perTenant: 20,
        limit: 100,
        leaseSeconds: 60,
      }),
    );
    for (const away of begun) await this.announce(away, now);
    return begun.length > 0;
  }

  private async announce(away: AwayRow, now: Date): Promise<void> {
    const ctx = await this.tenants.context(away.tenant_id as TenantContext['tenantId'], {
      kind: 'system',
      name: 'flow',
    });
    const org = await this.org.of(ctx);
    const waiting = await this.database.withTenant(ctx, (tx) =>
      tx.sql<TaskRow & { flow_id: FlowId; version: number }>(
        `SELECT t.*, r.flow_id, r.version FROM lianke.task t JOIN lianke.run r ON r.tenant_id = t.tenant_id AND r.id = t.run_id
         WHERE t.member_id = $1 AND t.state = 'pending' AND ($2::uuid[] IS NULL OR r.flow_id = ANY($2))`,
        [away.member_id, away.flow_ids],
      ),
    );
    const definitions = await Promise.all(waiting.map((task) => this.flows.version(ctx, task.flow_id, task.version)));
    await this.database.withTenant(ctx, async (tx) => {
      const held = await tx.run('UPDATE lianke.away SET told = true, lease_until = NULL WHERE id = $1 AND epoch = $2', [
        away.id,
        away.epoch,
      ]);
      if (held === 0 || Date.parse(away.until_at) <= now.getTime()) return;
      for (const [index, task] of waiting.entries()) {
        const definition = definitions[index];
        if (!definition) continue;
        const run = { flow_id: task.flow_id, definition };
        await this.desk.askAgain(tx, ctx, org, run, task, { again: `away:${away.id}` });
      }
    });
  }

  private async isAdmin(ctx: TenantContext): Promise<boolean> {
    return this.access
      .require(ctx, 'admin')
      .then(() => true)
      .catch(() => false);
  }

  private async present(ctx: TenantContext, rows: readonly AwayRow[], org: Org): Promise<AwayView[]> {
    const flows = await this.database.withTenant(ctx, (tx) =>
      tx.sql<{ id: FlowId; name: string }>('SELECT id, name FROM lianke.flow WHERE id = ANY($1::uuid[])', [
        rows.flatMap((row) => row.flow_ids ?? []),
      ]),
    );
    const names = new Map(flows.map((flow) => [flow.id, flow.name]));
    const now = this.clock.now().getTime();
    return rows.map((row) => ({
      id: row.id,
      member: { id: row.member_id, label: org.nameOf(row.member_id) },
      to: { id: row.to_id, label: org.nameOf(row.to_id) },
      from: row.from_at,
      until: row.until_at,
      flows: (row.flow_ids ?? []).map((id) => ({ id, label: names.get(id) ?? '' })),
      state: Date.parse(row.until_at) <= now ? 'over' : Date.parse(row.from_at) > now ? 'coming' : 'active',
    }));
  }
}
