import { randomBytes } from 'node:crypto';
import { mostInvites, type PublicInvite } from '@lianke/shared/public-forms/api';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import type { Config } from '../../kernel/config/config.js';
import { Database } from '../../kernel/database/database.js';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import { CLOCK, CONFIG } from '../../kernel/tokens.js';
import { writeAudit } from '../audit/write-audit.js';
import { memberOf, type TenantContext } from '../context.js';
import type { PublicFormId } from './public-form-row.js';
import { PublicFormsService } from './public-forms.service.js';

interface InviteRow {
  id: string;
  token: string;
  label: string;
  created_at: string;
  revoked_at: string | null;
  used_at: string | null;
  record_id: string | null;
}

const pageSize = 100;
const inState = {
  open: 'AND used_at IS NULL AND revoked_at IS NULL',
  used: 'AND used_at IS NOT NULL',
  revoked: 'AND used_at IS NULL AND revoked_at IS NOT NULL',
} as const;

/** 一次性链接 as designers of the form see them: made in a list, each for somebody, revocable until it is used. */
@Injectable()
export class InvitesService {
  constructor(
    private readonly database: Database,
    private readonly links: PublicFormsService,
    @Inject(CONFIG) private readonly config: Pick<Config, 'publicUrl'>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** One link for each label, in their order. */
  async create(ctx: TenantContext, id: PublicFormId, labels: readonly string[]): Promise<PublicInvite[]> {
    await this.links.designedLink(ctx, id);
    const now = this.clock.now();
    const rows = labels.map((label) => ({ id: uuid7(), token: randomBytes(18).toString('base64url'), label }));
    await this.database.withTenant(ctx, async (tx) => {
      // Two who make links at once count one after the other.
      await tx.sql('SELECT 1 FROM lianke.public_form WHERE id = $1 FOR UPDATE', [id]);
      const [count] = await tx.sql<{ n: number }>(
        'SELECT count(*)::int AS n FROM lianke.public_invite WHERE public_form_id = $1',
        [id],
      );
      if ((count?.n ?? 0) + rows.length > mostInvites)
        throw refusal('wrong_state', {
          zh: `一个外链最多 ${mostInvites} 个一次性链接`,
          en: `a public link has at most ${mostInvites} one-time links`,
        });
      await tx.run(
        `INSERT INTO lianke.public_invite (tenant_id, id, public_form_id, token, label, created_by, created_at)
         SELECT $1, i.id, $2, i.token, i.label, $3, $4 FROM unnest($5::uuid[], $6::text[], $7::text[]) AS i(id, token, label)`,
        [
          ctx.tenantId,
          id,
          memberOf(ctx),
          now,
          rows.map((row) => row.id),
          rows.map((row) => row.token),
          rows.map((row) => row.label),
        ],
      );
      await writeAudit(tx, ctx, { action: 'publicForms.invite', object: id, detail: { count: rows.length } });
    });
    const blank = { revoked_at: null, used_at: null, record_id: null, created_at: now.toISOString() };
    return rows.map((row) => this.present({ ...row, ...blank }));
  }

  /** The newest first. @param cursor id of the last one of the page before */
  async list(
    ctx: TenantContext,
    id: PublicFormId,
    { state, cursor }: { state?: PublicInvite['state'] | undefined; cursor?: string | undefined },
  ): Promise<{ items: PublicInvite[]; cursor: string | null }> {
    await this.links.designedLink(ctx, id);
    const rows = await this.database.withTenant(ctx, (tx) =>
      tx.sql<InviteRow>(
        `SELECT id, token, label, created_at, revoked_at, used_at, record_id FROM lianke.public_invite
         WHERE public_form_id = $1 AND ($2::uuid IS NULL OR id < $2::uuid) ${state ? inState[state] : ''}
         ORDER BY id DESC LIMIT ${pageSize + 1}`,
        [id, cursor ?? null],
      ),
    );
    const page = rows.slice(0, pageSize);
    return {
      items: page.map((row) => this.present(row)),
      cursor: rows.length > pageSize ? (page.at(-1)?.id ?? null) : null,
    };
  }

  /** The link is dead at once; one that was used stays as it is. */
  async revoke(ctx: TenantContext, id: PublicFormId, inviteId: string): Promise<void> {
    await this.links.designedLink(ctx, id);
    await this.database.withTenant(ctx, async (tx) => {
      const [row] = await tx.sql<Pick<InviteRow, 'label' | 'used_at' | 'revoked_at'>>(
        'SELECT label, used_at, revoked_at FROM lianke.public_invite WHERE id = $1 AND public_form_id = $2 FOR UPDATE',
        [inviteId, id],
      );
      if (!row) throw new AppError('not_found');
      if (row.used_at)
        throw refusal('wrong_state', {
          zh: '这个链接已经提交过了',
          en: 'something was already submitted through this link',
        });
      if (row.revoked_at) return;
      await tx.run('UPDATE lianke.public_invite SET revoked_at = $2 WHERE id = $1', [inviteId, this.clock.now()]);
      await writeAudit(tx, ctx, { action: 'publicForms.revokeInvite', object: id, detail: { label: row.label } });
    });
  }

  private present(row: InviteRow): PublicInvite {
    const instant = (at: string | null) => (at === null ? null : new Date(at).toISOString());
    return {
      id: row.id,
      label: row.label,
      url: `${this.config.publicUrl}/p/${row.token}`,
      state: row.used_at ? 'used' : row.revoked_at ? 'revoked' : 'open',
      createdAt: new Date(row.created_at).toISOString(),
      usedAt: instant(row.used_at),
      recordId: row.record_id,
    };
  }
}
