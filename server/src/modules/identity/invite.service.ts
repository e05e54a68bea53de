import type { AnswerOf } from '@lianke/shared/api/contracts';
import type { MemberId, TenantId } from '@lianke/shared/ids';
import { Inject, Injectable } from '@nestjs/common';
import { AccessService } from '../../engine/access/access.service.js';
import { principalsOf } from '../../engine/access/app-access.js';
import { memberOf, type TenantContext } from '../../engine/context.js';
import { OrgDirectory } from '../../engine/org/org-directory.js';
import { bumpAccess } from '../../engine/versions.js';
import type { Config } from '../../kernel/config/config.js';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import { CONFIG } from '../../kernel/tokens.js';
import { PasswordService } from './password.service.js';
import { hashToken, newToken } from './tokens.js';

const lifeSeconds = 7 * 24 * 3600;

interface Invited {
  inviteId: string;
  memberId: MemberId;
  name: string;
  account: string | null;
  tenant: string;
}

/** One-time links by which a member chooses an account and a password; later the same member may bind a chat account. */
@Injectable()
export class InviteService {
  constructor(
    private readonly database: Database,
    private readonly passwords: PasswordService,
    private readonly access: AccessService,
    private readonly org: OrgDirectory,
    @Inject(CONFIG) private readonly config: Pick<Config, 'publicUrl'>,
  ) {}

  /** A new link; earlier ones of the member stop working. */
  async create(ctx: TenantContext, memberId: MemberId): Promise<AnswerOf<'members.invite'>> {
    await this.access.require(ctx, 'members');
    await this.refuseStronger(ctx, memberId);
    await this.passwords.requireOn(ctx.tenantId);
    const token = newToken();
    return this.database.withTenant(ctx, async (tx) => {
      const [member] = await tx.sql<{ state: string }>('SELECT state FROM lianke.member WHERE id = $1', [memberId]);
      if (!member) throw new AppError('not_found');
      if (member.state === 'left') throw refusal('wrong_state', { zh: '这位成员已离职', en: 'this member has left' });
      await tx.run('DELETE FROM lianke.invite WHERE member_id = $1 AND used_at IS NULL', [memberId]);
      const [made] = await tx.sql<{ expires_at: string }>(
        `INSERT INTO lianke.invite (tenant_id, id, token_hash, member_id, created_by, expires_at)
         VALUES ($1, $2, $3, $4, $5, clock_timestamp() + make_interval(secs => $6)) RETURNING expires_at`,
        [ctx.tenantId, uuid7(), hashToken(token), memberId, memberOf(ctx), lifeSeconds],
      );
      return { url: `${this.config.publicUrl}/invite/${token}`, expiresAt: made?.expires_at ?? '' };
    });
  }

  /** Whom a link invites. A link that is unknown, used or too old answers `not_found`. */
  async read(token: string): Promise<AnswerOf<'auth.invite.get'>> {
    const tenantId = await this.tenantOf(token);
    const invited = await this.database.withTenant({ tenantId }, (tx) => this.find(tx, token, ''));
    return { tenant: invited.tenant, name: invited.name, account: invited.account };
  }

  /** Uses the link up: the member becomes active with this account and password. */
  async accept(given: {
    token: string;
    account: string;
    password: string;
  }): Promise<{ tenantId: TenantId; memberId: MemberId }> {
    const tenantId = await this.tenantOf(given.token);
    await this.passwords.requireOn(tenantId);
    const hashed = await this.passwords.hash(given.password);
    return this.database.withTenant({ tenantId }, async (tx) => {
      const invited = await this.find(tx, given.token, 'FOR UPDATE OF i');
      const taken = await tx.sql('SELECT 1 FROM lianke.member WHERE lower(account) = lower($1) AND id <> $2', [
        given.account,
        invited.memberId,
      ]);
      if (taken.length > 0) throw new AppError('already_exists', { name: given.account });
      await tx.run(`UPDATE lianke.member SET account = $2, state = 'active' WHERE id = $1`, [
        invited.memberId,
        given.account,
      ]);
      await this.passwords.setIn(tx, invited.memberId, hashed);
      await tx.run('UPDATE lianke.invite SET used_at = clock_timestamp() WHERE id = $1', [invited.inviteId]);
      await bumpAccess(tx, tenantId);
      return { tenantId, memberId: invited.memberId };
    });
  }

  /** Whoever may set somebody's password may become him, so nobody invites a person with more rights than his own. */
  private async refuseStronger(ctx: TenantContext, memberId: MemberId): Promise<void> {
    const own = await this.access.permissions(ctx);
    if (own.admin) return;
    const org = await this.org.of(ctx);
    const member = org.members.get(memberId);
    const roles = (member?.roleIds ?? []).flatMap((id) => org.roles.get(id)?.permissions ?? []);
    const ofApps = member !== undefined && (await this.access.administersMore(ctx, principalsOf(org, member)));
    if (ofApps || roles.some((role) => role.admin || (role.design && !own.design)))
      throw refusal('forbidden', { zh: '邀请管理员', en: 'invite administrators' });
  }

  private async tenantOf(token: string): Promise<TenantId> {
    const [row] = await this.database.control<{ tenant_id: TenantId | null }>(
      'SELECT lianke.invite_tenant($1) AS tenant_id',
      [hashToken(token)],
    );
    if (!row?.tenant_id) throw new AppError('not_found');
    return row.tenant_id;
  }

  private async find(tx: Tx, token: string, lock: '' | 'FOR UPDATE OF i'): Promise<Invited> {
    const [row] = await tx.sql<Invited>(
      `SELECT i.id AS "inviteId", m.id AS "memberId", m.name, m.account, t.name AS tenant
       FROM lianke.invite i
       JOIN lianke.member m ON m.tenant_id = i.tenant_id AND m.id = i.member_id AND m.state <> 'left'
       JOIN lianke.tenant t ON t.tenant_id = i.tenant_id
       WHERE i.token_hash = $1 AND i.used_at IS NULL AND i.expires_at > clock_timestamp() ${lock}`,
      [hashToken(token)],
    );
    if (!row) throw new AppError('not_found');
    return row;
  }
}
