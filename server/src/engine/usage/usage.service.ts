import type { MemberId } from '@lianke/shared/ids';
import type { MemberUsage, UsageWeek } from '@lianke/shared/usage/contracts';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { Database } from '../../kernel/database/database.js';
import { CLOCK } from '../../kernel/tokens.js';
import { AccessService } from '../access/access.service.js';
import type { TenantContext } from '../context.js';
import { OrgDirectory } from '../org/org-directory.js';

type Counted = { member_id: MemberId; week: string };
const empty = { created: 0, changed: 0, tasks: 0, logins: 0, phone: 0, desk: 0 };

/** Usage by person and week, for administrators. */
@Injectable()
export class UsageService {
  constructor(
    private readonly database: Database,
    private readonly access: AccessService,
    private readonly org: OrgDirectory,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The last `count` weeks up to this one; members who have left only with what they did in them. */
  async list(ctx: TenantContext, count: number): Promise<{ items: MemberUsage[]; weeks: string[] }> {
    await this.access.require(ctx, 'admin');
    const org = await this.org.of(ctx);
    const zone = ctx.timeZone;
    const { weeks, written, tasks, logins, last } = await this.database.withTenant(ctx, async (tx) => {
      const weeks = await tx.sql<{ week: string }>(
        `SELECT to_char(date_trunc('week', $1::timestamptz AT TIME ZONE $2) - n * interval '7 days', 'YYYY-MM-DD') AS week
         FROM generate_series(0, $3::int - 1) n`,
        [this.clock.now(), zone, count],
      );
      const from = weeks.at(-1)?.week ?? '';
      const weekOf = (column: string) => `to_char(date_trunc('week', ${column} AT TIME ZONE $2), 'YYYY-MM-DD') AS week`;
      const since = (column: string) => `${column} >= ($1::date::timestamp AT TIME ZONE $2)`;
      return {
        weeks: weeks.map(({ week }) => week),
        written: await tx.sql<Counted & Pick<UsageWeek, 'created' | 'changed' | 'phone' | 'desk'>>(
          `SELECT member_id, to_char(week, 'YYYY-MM-DD') AS week, created, changed, phone, desk FROM lianke.usage_week WHERE week >= $1::date`,
          [from],
        ),
        tasks: await tx.sql<Counted & { n: number }>(
          `SELECT decided_by AS member_id, ${weekOf('decided_at')}, count(*)::int AS n FROM lianke.task
           WHERE decided_by IS NOT NULL AND ${since('decided_at')} GROUP BY 1, 2`,
          [from, zone],
        ),
        logins: await tx.sql<Counted & { n: number }>(
          `SELECT actor_id AS member_id, ${weekOf('at')}, count(*)::int AS n FROM lianke.audit
           WHERE action = 'login' AND actor_id IS NOT NULL AND ${since('at')} GROUP BY 1, 2`,
          [from, zone],
        ),
        last: await tx.sql<{ member_id: MemberId; at: string }>(
          `SELECT actor_id AS member_id, max(at) AS at FROM lianke.audit WHERE action = 'login' AND actor_id IS NOT NULL GROUP BY 1`,
        ),
      };
    });
    const found = new Map<string, UsageWeek>();
    const at = ({ member_id, week }: Counted): UsageWeek => {
      const key = `${member_id}/${week}`;
      const kept = found.get(key) ?? { week, ...empty };
      found.set(key, kept);
      return kept;
    };
    for (const { created, changed, phone, desk, ...row } of written)
      Object.assign(at(row), { created, changed, phone, desk });
    for (const row of tasks) at(row).tasks = row.n;
    for (const row of logins) at(row).logins = row.n;
    const loggedIn = new Map(last.map((row) => [row.member_id, new Date(row.at).toISOString()]));
    const items = [...org.members.values()].map((member): MemberUsage => {
      const own = weeks.flatMap((week) => found.get(`${member.id}/${week}`) ?? []);
      const department = member.departments[0] && org.departments.get(member.departments[0].id)?.name;
      return {
        member: { id: member.id, label: member.name },
        department: department ?? '',
        lastLogin: loggedIn.get(member.id) ?? null,
        weeks: own,
      };
    });
    const present = ({ member, weeks: own }: MemberUsage) =>
      own.length > 0 || org.members.get(member.id as MemberId)?.state !== 'left';
    return { items: items.filter(present), weeks };
  }
}
