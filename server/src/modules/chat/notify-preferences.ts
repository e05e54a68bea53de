import type { AnswerOf } from '@lianke/shared/api/contracts';
import {
  type MyNotify,
  type NotifyChoices,
  type NotifySettings,
  notifyChoices,
  notifySettings,
  settingsOf,
  usualSettings,
} from '@lianke/shared/chat/notify';
import { quietUntil } from '@lianke/shared/chat/quiet-hours';
import type { MemberId, TenantId } from '@lianke/shared/ids';
import { Inject, Injectable } from '@nestjs/common';
import { writeAudit } from '../../engine/audit/write-audit.js';
import type { TenantContext } from '../../engine/context.js';
import type { Clock } from '../../kernel/clock/clock.js';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import { CLOCK } from '../../kernel/tokens.js';
import { Courtesy } from './courtesy.js';
import { MessageService } from './message.service.js';

/** Silent hours and what reaches the chat: the company's word, and each member's own. */
@Injectable()
export class NotifyPreferences {
  constructor(
    private readonly database: Database,
    private readonly messages: MessageService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** How members want to be told now. */
  courtesy(ctx: { tenantId: TenantId }, members: readonly MemberId[]): Promise<Courtesy> {
    return this.database.withTenant(ctx, async (tx) => {
      const [company, rows] = [await this.company(tx), await this.choices(tx, members)];
      const settings = new Map(rows.map(([id, own]) => [id, settingsOf(company.settings, own)]));
      for (const id of members) if (!settings.has(id)) settings.set(id, company.settings);
      return new Courtesy(settings, company.zone, this.clock.now());
    });
  }

  /** A member's own choices, the company's settings, and what comes of both. */
  mine(ctx: TenantContext, memberId: MemberId): Promise<MyNotify> {
    return this.database.withTenant(ctx, (tx) => this.view(tx, ctx, memberId));
  }

  /** What is held back for the member is looked at again at once. */
  saveMine(ctx: TenantContext, memberId: MemberId, own: NotifyChoices): Promise<MyNotify> {
    return this.database.withTenant(ctx, async (tx) => {
      await tx.run(
        `INSERT INTO lianke.notify_choice (tenant_id, member_id, choices) VALUES ($1, $2, $3)
         ON CONFLICT (tenant_id, member_id) DO UPDATE SET choices = excluded.choices`,
        [ctx.tenantId, memberId, JSON.stringify(own)],
      );
      await this.lookAgain(tx, memberId);
      return this.view(tx, ctx, memberId);
    });
  }

  ofCompany(ctx: TenantContext): Promise<AnswerOf<'notify.company'>> {
    return this.database.withTenant(ctx, (tx) => this.companyView(tx));
  }

  saveCompany(ctx: TenantContext, settings: NotifySettings): Promise<AnswerOf<'notify.company'>> {
    return this.database.withTenant(ctx, async (tx) => {
      await tx.run(
        `INSERT INTO lianke.notify_default (tenant_id, settings) VALUES ($1, $2)
         ON CONFLICT (tenant_id) DO UPDATE SET settings = excluded.settings`,
        [ctx.tenantId, JSON.stringify(settings)],
      );
      await writeAudit(tx, ctx, { action: 'notify.company', object: null, detail: { quiet: settings.quiet } });
      await this.lookAgain(tx, null);
      return this.companyView(tx);
    });
  }

  private async lookAgain(tx: Tx, memberId: MemberId | null): Promise<void> {
    await tx.run(
      `UPDATE lianke.message SET ready_at = clock_timestamp(), held_until = NULL
       WHERE state = 'queued' AND held_until IS NOT NULL AND ($1::uuid IS NULL OR member_id = $1)`,
      [memberId],
    );
    tx.afterCommit(() => this.messages.wake());
  }

  private async view(tx: Tx, ctx: TenantContext, memberId: MemberId): Promise<MyNotify> {
    const company = await this.company(tx);
    const [[, own] = [memberId, {} as NotifyChoices]] = await this.choices(tx, [memberId]);
    const settings = settingsOf(company.settings, own);
    const [held] = await tx.sql<{ count: number }>(
      `SELECT count(*)::int AS count FROM lianke.message
       WHERE member_id = $1 AND state = 'queued' AND held_until IS NOT NULL`,
      [memberId],
    );
    const until = quietUntil(settings.quiet, ctx.timeZone, this.clock.now());
    return {
      company: company.settings,
      own,
      settings,
      quietUntil: until?.toISOString() ?? null,
      held: held?.count ?? 0,
    };
  }

  private async companyView(tx: Tx): Promise<AnswerOf<'notify.company'>> {
    const { settings } = await this.company(tx);
    const [row] = await tx.sql<{ count: number }>(
      `SELECT count(*)::int AS count FROM lianke.notify_choice c
       JOIN lianke.member m ON m.id = c.member_id AND m.state = 'active' WHERE c.choices <> '{}'`,
    );
    return { settings, own: row?.count ?? 0 };
  }

  private async company(tx: Tx): Promise<{ settings: NotifySettings; zone: string }> {
    const [row] = await tx.sql<{ time_zone: string; settings: unknown }>(
      `SELECT t.time_zone, d.settings FROM lianke.tenant t LEFT JOIN lianke.notify_default d ON d.tenant_id = t.tenant_id`,
    );
    const known = notifySettings.safeParse(row?.settings);
    return { settings: known.success ? known.data : usualSettings, zone: row?.time_zone ?? 'Asia/Shanghai' };
  }

  private async choices(tx: Tx, members: readonly MemberId[]): Promise<[MemberId, NotifyChoices][]> {
    const rows = await tx.sql<{ member_id: MemberId; choices: unknown }>(
      'SELECT member_id, choices FROM lianke.notify_choice WHERE member_id = ANY($1::uuid[])',
      [members],
    );
    return rows.map((row) => {
      const known = notifyChoices.safeParse(row.choices);
      return [row.member_id, known.success ? known.data : {}];
    });
  }
}
