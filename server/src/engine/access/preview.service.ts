import { isUuid, type MemberId, type PreviewId } from '@lianke/shared/ids';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { Database } from '../../kernel/database/database.js';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import { CLOCK } from '../../kernel/tokens.js';
import { writeAudit } from '../audit/write-audit.js';
import { memberOf, type TenantContext } from '../context.js';
import { OrgDirectory } from '../org/org-directory.js';
import { AccessService } from './access.service.js';

const lastsMs = 3600_000;

/** 以某人身份预览: an administrator looks at the product with another member's rights. Read only, kept in the audit trail. */
@Injectable()
export class PreviewService {
  constructor(
    private readonly database: Database,
    private readonly access: AccessService,
    private readonly org: OrgDirectory,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Begins a preview of an hour; the id travels with each request of the tab that previews. */
  async begin(
    ctx: TenantContext,
    memberId: MemberId,
  ): Promise<{ id: PreviewId; member: { id: MemberId; label: string }; expiresAt: string }> {
    await this.access.require(ctx, 'admin');
    const member = (await this.org.of(ctx)).members.get(memberId);
    if (!member) throw new AppError('not_found');
    if (member.state !== 'active')
      throw refusal('wrong_state', { zh: '只能预览在职成员', en: 'only active members can be previewed' });
    const id = uuid7() as PreviewId;
    const expiresAt = new Date(this.clock.now().getTime() + lastsMs);
    await this.database.withTenant(ctx, async (tx) => {
      await tx.run(
        'INSERT INTO lianke.preview (tenant_id, id, by_id, member_id, expires_at) VALUES ($1, $2, $3, $4, $5)',
        [ctx.tenantId, id, memberOf(ctx), memberId, expiresAt],
      );
      await writeAudit(tx, ctx, {
        action: 'access.preview',
        object: memberId,
        detail: { member: member.name, until: expiresAt.toISOString() },
      });
    });
    return { id, member: { id: memberId, label: member.name }, expiresAt: expiresAt.toISOString() };
  }

  /** The context of a request that previews: the other member's, by an administrator who still is one. */
  async contextFor(ctx: TenantContext, id: string): Promise<TenantContext> {
    const by = memberOf(ctx);
    const [row] = isUuid(id)
      ? await this.database.withTenant(ctx, (tx) =>
          tx.sql<{ member_id: MemberId }>(
            'SELECT member_id FROM lianke.preview WHERE id = $1 AND by_id = $2 AND expires_at > $3',
            [id, by, this.clock.now()],
          ),
        )
      : [];
    if (by === null || !row || !(await this.access.permissions(ctx)).admin)
      throw refusal('wrong_state', {
        zh: '预览已结束，请退出预览后重新开始',
        en: 'the preview has ended; leave it and start again',
      });
    return { ...ctx, actor: { kind: 'member', memberId: row.member_id }, previewedBy: by };
  }
}
