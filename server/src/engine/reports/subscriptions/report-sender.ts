import type { ReportSchedule } from '@lianke/shared/dashboards/subscriptions';
import type { Words } from '@lianke/shared/errors/issue-text';
import type { DashboardId, MemberId, SubscriptionId, TenantId } from '@lianke/shared/ids';
import { dateIn, timeIn } from '@lianke/shared/time/zone';
import { Injectable } from '@nestjs/common';
import { Database } from '../../../kernel/database/database.js';
import type { Tx } from '../../../kernel/database/tx.js';
import { AppError } from '../../../kernel/errors/app-error.js';
import { keptSaid } from '../../../kernel/errors/said.js';
import { uuid7 } from '../../../kernel/ids/uuid7.js';
import { languageIn, type TenantContext } from '../../context.js';
import { NotSent } from '../../flows/outside/pieces.js';
import { dingtalkNotice, wecomNoticeCut } from '../../flows/outside/robot-notice.js';
import { plainMarkdown, Robots, refusalOf } from '../../flows/outside/robots.js';
import type { FieldMeta, FormMeta } from '../../forms/form-meta.js';
import { FormRegistry } from '../../forms/form-registry.js';
import { OrgDirectory } from '../../org/org-directory.js';
import { TenantDirectory } from '../../org/tenant-directory.js';
import { Notifier } from '../../ports.js';
import { DashboardsService } from '../dashboards.service.js';
import { type Report, reportFacts } from '../picture/report-picture.js';
import { type Picture, ReportPictures } from './report-pictures.js';

export interface ReportGroup {
  robot: string;
  as: MemberId;
}

export interface SubscriptionRow {
  id: SubscriptionId;
  dashboard_id: DashboardId;
  schedule: ReportSchedule;
  members: MemberId[];
  groups: ReportGroup[];
  enabled: boolean;
  created_by: MemberId;
  next_at: string;
  last_at: string | null;
  epoch: number;
}

/** One sending of a subscription: when it is for, and what it has drawn so far. */
export interface Sending {
  tenantId: TenantId;
  row: Pick<SubscriptionRow, 'id' | 'dashboard_id' | 'schedule'>;
  dueAt: Date;
  /** Made by hand: the reader asked for it just now. */
  direct?: boolean;
  drawn: Map<string, Picture>;
}

interface Outcome {
  state: 'handed' | 'sent' | 'skipped' | 'failed' | 'unknown';
  reason: Words | null;
}

const often: Record<ReportSchedule['unit'] | 'now', Words> = {
  day: { zh: '日报', en: 'Daily report' },
  week: { zh: '周报', en: 'Weekly report' },
  month: { zh: '月报', en: 'Monthly report' },
  now: { zh: '报表', en: 'Report' },
};
const gone: Words = {
  zh: '看不到这个页面了：页面已删除，或没有权限',
  en: 'cannot open the page any more: it was deleted, or the right to it is gone',
};
const groupWords = {
  zh: { colon: '：', open: '打开页面' },
  en: { colon: ': ', open: 'Open the page' },
} as const;
const left: Words = { zh: '已离开企业', en: 'has left the company' };
const readerLeft: Words = {
  zh: '按其权限出图的人已离开企业',
  en: 'the person with whose rights it is drawn has left the company',
};
const broken: Words = {
  zh: '发送途中服务停了，不知道群里有没有收到',
  en: 'the service stopped while sending; whether the group got it is not known',
};

/** The message's key by the row of the log: by it the log asks what became of the message. */
export const reportKey = (deliveryId: string): string => `report:${deliveryId}`;

/** Sends a dashboard to people, each as he himself may see it, and to groups under a named person's rights. */
@Injectable()
export class ReportSender {
  constructor(
    private readonly database: Database,
    private readonly directory: TenantDirectory,
    private readonly org: OrgDirectory,
    private readonly registry: FormRegistry,
    private readonly dashboards: DashboardsService,
    private readonly pictures: ReportPictures,
    private readonly notifier: Notifier,
    private readonly robots: Robots,
  ) {}

  /** Once for each person and moment, however often it is called. */
  async toMember(sending: Sending, memberId: MemberId): Promise<void> {
    const ctx = await this.reader(sending.tenantId, memberId);
    const report = ctx && (await this.report(ctx, sending, null));
    if (!ctx || !report) {
      const reason = ctx ? gone : left;
      await this.note(sending, 'member', memberId, { state: 'skipped', reason });
      return;
    }
    const picture = await this.pictures.draw(ctx, report, sending.drawn);
    await this.database.withTenant(ctx, async (tx) => {
      const first = await insert(tx, sending, 'member', memberId, 'handed');
      if (!first) return;
      await this.notifier.enqueue(tx, ctx, {
        card: {
          kind: 'report',
          title: report.title,
          description: report.subtitle,
          facts: reportFacts(report),
          path: `/report/pages/dashboard/index?id=${sending.row.dashboard_id}`,
          picture,
          buttons: [],
        },
        to: [memberId],
        key: reportKey(first),
        topic: sending.direct ? 'direct' : 'report',
        about: { kind: 'none', id: null },
      });
    });
  }

  /** A robot's platform knows no key of ours: a message whose answer never came is not sent again. */
  async toGroup(sending: Sending, group: ReportGroup): Promise<void> {
    const begun = await this.database.withTenant(sending, (tx) => insert(tx, sending, 'group', group.robot, 'sending'));
    if (!begun) {
      await this.database.withTenant(sending, (tx) =>
        tx.run(
          `UPDATE lianke.report_delivery SET state = 'unknown', reason = $4, reason_en = $5
           WHERE subscription_id = $1 AND due_at = $2 AND kind = 'group' AND target = $3 AND state = 'sending'`,
          [sending.row.id, sending.dueAt, group.robot, ...keptSaid(broken)],
        ),
      );
      return;
    }
    await this.note(sending, 'group', group.robot, await this.post(sending, group));
  }

  private async post(sending: Sending, group: ReportGroup): Promise<Outcome> {
    const reader = await this.reader(sending.tenantId, group.as);
    if (!reader) return { state: 'skipped', reason: readerLeft };
    // A group reads its own language, whoever lends it his rights.
    const language = await this.database.withTenant(reader, (tx) => this.robots.languageOf(tx, reader, group.robot));
    const ctx: TenantContext = { ...reader, language };
    const { colon, open } = groupWords[language];
    const name = (await this.org.of(ctx)).nameOf(group.as);
    const report = await this.report(ctx, sending, name);
    if (!report) return { state: 'skipped', reason: { zh: `${name}${gone.zh}`, en: `${name}: ${gone.en}` } };
    const { url, cover } = await this.pictures.draw(ctx, report, sending.drawn);
    const page = this.pictures.pageUrl(sending.row.dashboard_id);
    const facts = reportFacts(report);
    const lines = facts.map((fact) => `${fact.label}${colon}${fact.value}`);
    const article = {
      title: report.title,
      description: [report.subtitle, ...lines].join('\n'),
      url: page,
      picurl: cover,
    };
    const markdown = [
      `#### ${plainMarkdown(report.title)}`,
      plainMarkdown(report.subtitle),
      `![${plainMarkdown(report.title)}](${url})`,
    ];
    const news = {
      msgtype: 'news',
      news: { articles: [{ ...article, description: cutBytes(article.description, 500) }] },
    };
    try {
      // Where the whole picture stands in the group, what leads to the page needs none of its own.
      const shown = await this.robots.show(ctx, group.robot, () => this.pictures.bytes(url));
      const card = { title: report.title, desc: report.subtitle, facts, url: page, colon };
      const answer = await this.robots.post(ctx, group.robot, {
        wecom: shown ? wecomNoticeCut(card) : news,
        group: news,
        dingtalk: dingtalkNotice({ title: report.title, text: markdown.join('\n\n'), open, url: page }),
      });
      const refusal = refusalOf(answer);
      return refusal ? { state: 'failed', reason: refusal.reason } : { state: 'sent', reason: null };
    } catch (error) {
      if (error instanceof NotSent) return { state: 'failed', reason: error.words };
      const why = error instanceof Error ? error.message : '';
      return {
        state: 'unknown',
        reason: {
          zh: `没有等到应答，不知道群里有没有收到：${why}`,
          en: `no answer came; whether the group got it is not known: ${why}`,
        },
      };
    }
  }

  /** The page as this reader sees it now; null where he may not open it. */
  private async report(ctx: TenantContext, sending: Sending, as: string | null): Promise<Report | null> {
    try {
      const { id, name, definition } = await this.dashboards.get(ctx, sending.row.dashboard_id);
      const data = await this.dashboards.data(ctx, id);
      const forms = await this.registry.all(ctx);
      const language = languageIn(ctx);
      const at = `${dateIn(ctx.timeZone, sending.dueAt)} ${timeIn(ctx.timeZone, sending.dueAt)}`;
      return {
        title: `${name} · ${often[sending.direct ? 'now' : sending.row.schedule.unit][language]}`,
        subtitle: as === null ? at : `${at} · ${{ zh: `按${as}的权限`, en: `with the rights of ${as}` }[language]}`,
        language,
        widgets: definition.widgets,
        data,
        timeZone: ctx.timeZone,
        formOf: (formId) => forms.get(formId),
        fieldOf: (form, path) => fieldAt(form, path, (formId) => forms.get(formId as never)),
      };
    } catch (error) {
      if (error instanceof AppError && (error.code === 'not_found' || error.code === 'forbidden')) return null;
      throw error;
    }
  }

  /** A context as the reader's own, in his language; null for whoever has left. */
  private async reader(tenantId: TenantId, memberId: MemberId): Promise<TenantContext | null> {
    const ctx = await this.directory.context(tenantId, { kind: 'member', memberId }, { door: 'system' });
    const org = await this.org.of(ctx);
    return org.members.get(memberId)?.state === 'active' ? { ...ctx, language: org.languageOf(memberId) } : null;
  }

  private async note(sending: Sending, kind: 'member' | 'group', target: string, outcome: Outcome): Promise<void> {
    await this.database.withTenant(sending, (tx) =>
      tx.run(
        `INSERT INTO lianke.report_delivery (tenant_id, id, subscription_id, due_at, kind, target, state, reason, reason_en)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (tenant_id, subscription_id, due_at, kind, target) DO UPDATE SET state = $7, reason = $8, reason_en = $9, at = clock_timestamp()
           WHERE report_delivery.state = 'sending'`,
        [
          sending.tenantId,
          uuid7(),
          sending.row.id,
          sending.dueAt,
          kind,
          target,
          outcome.state,
          ...keptSaid(outcome.reason),
        ],
      ),
    );
  }
}

/** The new row's id; null when this was begun before. */
async function insert(
  tx: Tx,
  { tenantId, row, dueAt }: Sending,
  kind: 'member' | 'group',
  target: string,
  state: 'handed' | 'sending',
): Promise<string | null> {
  const [made] = await tx.sql<{ id: string }>(
    `INSERT INTO lianke.report_delivery (tenant_id, id, subscription_id, due_at, kind, target, state)
     VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (tenant_id, subscription_id, due_at, kind, target) DO NOTHING RETURNING id`,
    [tenantId, uuid7(), row.id, dueAt, kind, target, state],
  );
  return made?.id ?? null;
}

function fieldAt(form: FormMeta, path: string, formOf: (id: string) => FormMeta | undefined): FieldMeta | undefined {
  const [first = '', ...rest] = path.split('.');
  const field = form.field(first);
  if (rest.length === 0 || !field) return field;
  const target = formOf((field.config as { formId?: string }).formId ?? '');
  return target && fieldAt(target, rest.join('.'), formOf);
}

/** Whole characters up to so many bytes. */
function cutBytes(text: string, bytes: number): string {
  let kept = '';
  for (const character of text) {
    if (Buffer.byteLength(kept) + Buffer.byteLength(character) > bytes) return `${kept}…`;
    kept += character;
  }
  return kept;
}
