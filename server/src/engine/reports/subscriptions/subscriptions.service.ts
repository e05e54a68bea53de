import {
  nextReportAt,
  type ReportDelivery,
  type SubscriptionBody,
  type SubscriptionView,
} from '@lianke/shared/dashboards/subscriptions';
import { type DashboardId, isUuid, type MemberId, type SubscriptionId } from '@lianke/shared/ids';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../../kernel/clock/clock.js';
import { Database } from '../../../kernel/database/database.js';
import type { Tx } from '../../../kernel/database/tx.js';
import { AppError, refusal } from '../../../kernel/errors/app-error.js';
import { toldSaid } from '../../../kernel/errors/said.js';
import { uuid7 } from '../../../kernel/ids/uuid7.js';
import { CLOCK } from '../../../kernel/tokens.js';
import { AccessService } from '../../access/access.service.js';
import { writeAudit } from '../../audit/write-audit.js';
import { languageIn, memberOf, type TenantContext } from '../../context.js';
import { SecretsService } from '../../flows/outside/secrets.service.js';
import { OrgDirectory } from '../../org/org-directory.js';
import { MessageFates } from '../../ports.js';
import { DashboardsService } from '../dashboards.service.js';
import { ReportSender, reportKey, type Sending, type SubscriptionRow } from './report-sender.js';

const columns = 'id, dashboard_id, schedule, members, groups, enabled, created_by, next_at, last_at, epoch';
const logSize = 200;

interface Rights {
  me: MemberId | null;
  /** Designs the page: may have others and groups get it. */
  manages: boolean;
  admin: boolean;
}

/**
 * Who gets a dashboard when. Everybody who may open a page may subscribe to it for himself; its designers may name other
 * people, who get what each may see, and groups. Under whose rights a group's picture is drawn is one's own to give, or an
 * administrator's: nobody may show a group what he could not see himself.
 */
@Injectable()
export class SubscriptionsService {
  constructor(
    private readonly database: Database,
    private readonly dashboards: DashboardsService,
    private readonly access: AccessService,
    private readonly org: OrgDirectory,
    private readonly secrets: SecretsService,
    private readonly sender: ReportSender,
    private readonly fates: MessageFates,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Of a page: all for its designers, else those that reach or were made by the reader. */
  async list(ctx: TenantContext, dashboardId: DashboardId) {
    const rights = await this.rights(ctx, dashboardId);
    const { rows, robots } = await this.database.withTenant(ctx, async (tx) => ({
      rows: await tx.sql<SubscriptionRow>(
        `SELECT ${columns} FROM lianke.report_subscription
         WHERE dashboard_id = $1 AND ($2 OR created_by = $3 OR $3 = ANY(members)) ORDER BY created_at, id`,
        [dashboardId, rights.manages, rights.me],
      ),
      robots: rights.manages
        ? [...(await this.secrets.kinds(tx))].filter(([, kind]) => kind === 'robot').map(([name]) => name)
        : [],
    }));
    const items = await Promise.all(rows.map((row) => this.present(ctx, row, rights)));
    return { items, cursor: null, mayManage: rights.manages, mayNameAnybody: rights.admin, robots };
  }

  async create(ctx: TenantContext, dashboardId: DashboardId, body: SubscriptionBody): Promise<SubscriptionView> {
    const rights = await this.rights(ctx, dashboardId);
    const id = uuid7() as SubscriptionId;
    const now = this.clock.now();
    const row = await this.database.withTenant(ctx, async (tx) => {
      await this.check(tx, ctx, rights, body, []);
      const [made] = await tx.sql<SubscriptionRow>(
        `INSERT INTO lianke.report_subscription
           (tenant_id, id, dashboard_id, schedule, members, groups, enabled, created_by, created_at, next_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING ${columns}`,
        [
          ctx.tenantId,
          id,
          dashboardId,
          { ...body.schedule },
          [...new Set(body.members)],
          JSON.stringify(body.groups),
          body.enabled,
          rights.me,
          now,
          nextReportAt(body.schedule, ctx.timeZone, now),
        ],
      );
      await writeAudit(tx, ctx, { action: 'subscription.create', object: id, detail: { dashboard: dashboardId } });
      return made;
    });
    if (!row) throw new AppError('not_found');
    return this.present(ctx, row, rights);
  }

  async update(ctx: TenantContext, id: SubscriptionId, body: SubscriptionBody): Promise<SubscriptionView> {
    const { rights } = await this.own(ctx, id);
    const row = await this.database.withTenant(ctx, async (tx) => {
      const [before] = await tx.sql<SubscriptionRow>(
        `SELECT ${columns} FROM lianke.report_subscription WHERE id = $1 FOR UPDATE`,
        [id],
      );
      if (!before) throw new AppError('not_found');
      await this.check(tx, ctx, rights, body, before.groups);
      const [changed] = await tx.sql<SubscriptionRow>(
        `UPDATE lianke.report_subscription SET schedule = $2, members = $3, groups = $4, enabled = $5, next_at = $6
         WHERE id = $1 RETURNING ${columns}`,
        [
          id,
          { ...body.schedule },
          [...new Set(body.members)],
          JSON.stringify(body.groups),
          body.enabled,
          nextReportAt(body.schedule, ctx.timeZone, this.clock.now()),
        ],
      );
      await writeAudit(tx, ctx, { action: 'subscription.update', object: id, detail: {} });
      return changed;
    });
    if (!row) throw new AppError('not_found');
    return this.present(ctx, row, rights);
  }

  async remove(ctx: TenantContext, id: SubscriptionId): Promise<void> {
    await this.own(ctx, id);
    await this.database.withTenant(ctx, async (tx) => {
      await tx.run('DELETE FROM lianke.report_subscription WHERE id = $1', [id]);
      await tx.run('DELETE FROM lianke.report_delivery WHERE subscription_id = $1', [id]);
      await writeAudit(tx, ctx, { action: 'subscription.delete', object: id, detail: {} });
    });
  }

  /** Sends now: to whoever asks, or to the groups. What became of it stands in the log as well. */
  async send(ctx: TenantContext, id: SubscriptionId, to: 'me' | 'groups'): Promise<ReportDelivery[]> {
    const { row, rights } = await this.own(ctx, id);
    const sending: Sending = {
      tenantId: ctx.tenantId,
      row,
      dueAt: this.clock.now(),
      direct: true,
      drawn: new Map(),
    };
    if (to === 'me' && rights.me) await this.sender.toMember(sending, rights.me);
    if (to === 'groups') for (const group of row.groups) await this.sender.toGroup(sending, group);
    return (await this.log(ctx, id)).filter((item) => Date.parse(item.dueAt) === sending.dueAt.getTime());
  }

  /** What became of the last sendings, the latest first: at a group's robot, and for people as the outbox knows it now. */
  async log(ctx: TenantContext, id: SubscriptionId): Promise<ReportDelivery[]> {
    await this.own(ctx, id);
    const org = await this.org.of(ctx);
    const rows = await this.database.withTenant(ctx, (tx) =>
      tx.sql<
        { id: string; due_at: string; target: string; sent_at: string; reason_en: string | null } & Pick<
          ReportDelivery,
          'kind' | 'state' | 'reason'
        >
      >(
        `SELECT id, due_at, kind, target, state, reason, reason_en, at AS sent_at FROM lianke.report_delivery
         WHERE subscription_id = $1 ORDER BY due_at DESC, id LIMIT ${logSize}`,
        [id],
      ),
    );
    const handed = rows.filter((row) => row.state === 'handed').map((row) => reportKey(row.id));
    const fates = await this.fates.of(ctx, handed);
    return rows.map(({ due_at: dueAt, target, id, kind, state, reason, reason_en, sent_at }) => ({
      ...{ id, kind, dueAt },
      label: isUuid(target) ? org.nameOf(target as MemberId) : target,
      ...(fates.get(reportKey(id)) ?? {
        state,
        reason: toldSaid(reason, reason_en, languageIn(ctx)),
        at: state === 'sent' ? sent_at : null,
        via: null,
      }),
    }));
  }

  private async rights(ctx: TenantContext, dashboardId: DashboardId): Promise<Rights> {
    const { mayEdit } = await this.dashboards.get(ctx, dashboardId);
    return { me: memberOf(ctx), manages: mayEdit, admin: (await this.access.permissions(ctx)).admin };
  }

  /** A subscription that the caller made, or whose page he designs. */
  private async own(ctx: TenantContext, id: SubscriptionId): Promise<{ row: SubscriptionRow; rights: Rights }> {
    const [row] = await this.database.withTenant(ctx, (tx) =>
      tx.sql<SubscriptionRow>(`SELECT ${columns} FROM lianke.report_subscription WHERE id = $1`, [id]),
    );
    if (!row) throw new AppError('not_found');
    const rights = await this.rights(ctx, row.dashboard_id);
    if (!rights.manages && row.created_by !== rights.me) throw new AppError('not_found');
    return { row, rights };
  }

  /** `before`: groups as they stood, which somebody with the right to it has put there. */
  private async check(
    tx: Tx,
    ctx: TenantContext,
    rights: Rights,
    body: SubscriptionBody,
    before: SubscriptionRow['groups'],
  ): Promise<void> {
    const org = await this.org.of(ctx);
    const others = body.members.some((member) => member !== rights.me) || body.groups.length > 0;
    if (others && !rights.manages)
      throw refusal('forbidden', { zh: '替别人或群订阅', en: 'subscribe for other people or for groups' });
    for (const member of [...body.members, ...body.groups.map((group) => group.as)])
      if (org.members.get(member)?.state !== 'active')
        throw refusal('invalid_request', {
          zh: '收件人里有不在企业的成员',
          en: 'some recipients are not members of the company',
        });
    const robots = await this.secrets.kinds(tx);
    for (const group of body.groups) {
      const kept = before.some((each) => each.robot === group.robot && each.as === group.as);
      if (robots.get(group.robot) !== 'robot' && !kept)
        throw refusal('invalid_request', {
          zh: `没有群机器人“${group.robot}”`,
          en: `there is no group robot "${group.robot}"`,
        });
      if (group.as !== rights.me && !rights.admin && !kept)
        throw refusal('forbidden', {
          zh: '按别人的权限给群出图',
          en: 'send charts to a group with somebody else’s rights',
        });
    }
  }

  private async present(ctx: TenantContext, row: SubscriptionRow, rights: Rights): Promise<SubscriptionView> {
    const org = await this.org.of(ctx);
    const person = (id: MemberId) => ({ id, label: org.nameOf(id) });
    return {
      id: row.id,
      dashboardId: row.dashboard_id,
      schedule: row.schedule,
      members: row.members.map(person),
      groups: row.groups.map(({ robot, as }) => ({ robot, as: person(as) })),
      enabled: row.enabled,
      by: person(row.created_by),
      nextAt: row.enabled ? row.next_at : null,
      lastAt: row.last_at,
      mayEdit: rights.manages || row.created_by === rights.me,
    };
  }
}
