import type { AnswerOf } from '@lianke/shared/api/contracts';
import type { Language } from '@lianke/shared/errors/issue-text';
import type { MemberId } from '@lianke/shared/ids';
import { Inject, Injectable } from '@nestjs/common';
import { AccessService } from '../../engine/access/access.service.js';
import { memberOf, type TenantContext } from '../../engine/context.js';
import { OrgDirectory } from '../../engine/org/org-directory.js';
import { bumpAccess } from '../../engine/versions.js';
import type { Config } from '../../kernel/config/config.js';
import { Database } from '../../kernel/database/database.js';
import { AppError } from '../../kernel/errors/app-error.js';
import type { RouteCall } from '../../kernel/http/route.js';
import { CONFIG } from '../../kernel/tokens.js';
import { PersonLinks } from './person-links.js';
import { SessionService } from './session.service.js';

/** Who is logged in, and what he may do. */
@Injectable()
export class MeService {
  constructor(
    private readonly database: Database,
    private readonly org: OrgDirectory,
    private readonly access: AccessService,
    private readonly sessions: SessionService,
    private readonly people: PersonLinks,
    @Inject(CONFIG) private readonly config: Pick<Config, 'sandbox' | 'wecom'>,
  ) {}

  async of({ ctx, session }: Pick<RouteCall<'me.get'>, 'ctx' | 'session'>): Promise<AnswerOf<'me.get'>> {
    // In a preview the session is the administrator's and the actor the member he looks as.
    const memberId = memberOf(ctx) ?? (session.memberId as MemberId);
    const facts = await this.sessions.facts(ctx, session.sessionId);
    const others = ctx.previewedBy ? [] : await this.people.others(ctx, memberId, facts.personKey);
    const org = await this.org.of(ctx);
    const member = org.members.get(memberId);
    const [tenant] = await this.database.withTenant(ctx, (tx) =>
      tx.sql<{ key: string; name: string; time_zone: string; language: Language | null }>(
        `SELECT t.key, t.name, t.time_zone, m.language FROM lianke.tenant t
         LEFT JOIN lianke.member m ON m.tenant_id = t.tenant_id AND m.id = $2 WHERE t.tenant_id = $1`,
        [ctx.tenantId, memberId],
      ),
    );
    if (!member || !tenant) throw new AppError('session_expired');
    return {
      member: {
        ...{ id: memberId, name: member.name, title: member.title, account: member.account },
        departments: member.departments.map(({ id }) => ({ id, label: org.departments.get(id)?.name ?? '' })),
        language: tenant.language,
      },
      tenant: { id: ctx.tenantId, key: tenant.key, name: tenant.name, timeZone: tenant.time_zone },
      roles: member.roleIds.flatMap((id) => {
        const role = org.roles.get(id);
        return role ? [{ id, key: role.key, name: role.name }] : [];
      }),
      permissions: await this.access.permissions(ctx),
      tenants: [
        { id: ctx.tenantId, name: tenant.name, current: true },
        ...others.map((other) => ({ id: other.tenantId, name: other.name, current: false })),
      ],
      preview: ctx.previewedBy ? { by: { id: ctx.previewedBy, label: org.nameOf(ctx.previewedBy) } } : null,
      channel: facts.channel,
      // One address serves the platform's interface and the phones.
      sandbox: this.config.sandbox ? this.config.wecom.apiBase : null,
    };
  }

  /** The language in which messages reach the member from now on; what is there already stays as it is. */
  async saveLanguage(ctx: TenantContext, language: Language): Promise<AnswerOf<'me.saveLanguage'>> {
    if (ctx.previewedBy) throw new AppError('preview_read_only');
    await this.database.withTenant(ctx, async (tx) => {
      const changed = await tx.run(
        'UPDATE lianke.member SET language = $3 WHERE tenant_id = $1 AND id = $2 AND language IS DISTINCT FROM $3',
        [ctx.tenantId, memberOf(ctx), language],
      );
      if (changed > 0) await bumpAccess(tx, ctx.tenantId);
    });
    return { language };
  }
}
