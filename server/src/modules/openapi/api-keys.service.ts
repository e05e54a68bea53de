import type { ApiKeyView, createApiKeyBody, updateApiKeyBody } from '@lianke/shared/api-keys/contracts';
import { keyPrefix } from '@lianke/shared/api-keys/routes';
import type { ApiKeyId } from '@lianke/shared/ids';
import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { AccessService, holds } from '../../engine/access/access.service.js';
import { writeAudit } from '../../engine/audit/write-audit.js';
import { memberOf, type TenantContext } from '../../engine/context.js';
import { FormRegistry } from '../../engine/forms/form-registry.js';
import { OrgDirectory } from '../../engine/org/org-directory.js';
import { bumpAccess } from '../../engine/versions.js';
import type { Clock } from '../../kernel/clock/clock.js';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import { CLOCK } from '../../kernel/tokens.js';
import { hashToken, newToken } from '../identity/tokens.js';
import { type ApiKeyRow, apiKeyColumns, endOf, settingsOf } from './api-key-row.js';

type KeySettings = z.output<typeof createApiKeyBody>;

const hintLength = keyPrefix.length + 4;

/** Keys of the open interface: made and revoked by administrators, each acting as one member. */
@Injectable()
export class ApiKeysService {
  constructor(
    private readonly database: Database,
    private readonly access: AccessService,
    private readonly org: OrgDirectory,
    private readonly registry: FormRegistry,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The latest first. */
  async list(ctx: TenantContext): Promise<ApiKeyView[]> {
    await this.access.require(ctx, 'admin');
    const rows = await this.database.withTenant(ctx, (tx) =>
      tx.sql<ApiKeyRow>(`SELECT ${apiKeyColumns} FROM lianke.api_key ORDER BY created_at DESC, id DESC`),
    );
    return this.present(ctx, rows);
  }

  /** Makes a key. What it says is not kept: this answer is the only time it is told. */
  async create(
    ctx: TenantContext,
    input: z.output<typeof createApiKeyBody>,
  ): Promise<{ key: ApiKeyView; secret: string }> {
    await this.access.require(ctx, 'admin');
    await this.check(ctx, input);
    const now = this.clock.now();
    const expiresAt = input.expiresAt === null ? null : new Date(input.expiresAt);
    const id = uuid7() as ApiKeyId;
    const secret = `${keyPrefix}${newToken()}`;
    const rows = await this.database.withTenant(ctx, async (tx) => {
      const made = await tx.sql<ApiKeyRow>(
        `INSERT INTO lianke.api_key (tenant_id, id, name, token_hash, hint, member_id, writes, forms, per_minute, created_by, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
         ON CONFLICT (tenant_id, name) WHERE revoked_at IS NULL DO NOTHING RETURNING ${apiKeyColumns}`,
        [
          ctx.tenantId,
          id,
          input.name,
          hashToken(secret),
          secret.slice(0, hintLength),
          input.memberId,
          input.access === 'write',
          input.forms,
          input.perMinute,
          memberOf(ctx),
          now,
          expiresAt,
        ],
      );
      if (made.length === 0) throw new AppError('already_exists', { name: input.name });
      await writeAudit(tx, ctx, {
        action: 'apiKey.create',
        object: id,
        detail: await this.told(ctx, input),
      });
      return made;
    });
    return { key: await this.only(ctx, rows), secret };
  }

  /** Changes what a key may do, from the next request on. One that has run out lives again with a later end; a revoked one is refused. */
  async update(ctx: TenantContext, id: ApiKeyId, change: z.output<typeof updateApiKeyBody>): Promise<ApiKeyView> {
    await this.access.require(ctx, 'admin');
    await this.check(ctx, change);
    const rows = await this.database.withTenant(ctx, async (tx) => {
      const before = await this.locked(tx, id);
      if (before.revoked_at !== null)
        throw refusal('invalid_request', {
          zh: '密钥已停用，不能再改；请新建一个',
          en: 'the key was revoked and cannot be changed any more; make a new one',
        });
      if (change.name !== undefined) {
        const taken = await tx.sql('SELECT 1 FROM lianke.api_key WHERE name = $1 AND id <> $2 AND revoked_at IS NULL', [
          change.name,
          id,
        ]);
        if (taken.length > 0) throw new AppError('already_exists', { name: change.name });
      }
      const settings = { ...settingsOf(before), ...change };
      await writeAudit(tx, ctx, {
        action: 'apiKey.update',
        object: id,
        detail: { before: await this.told(ctx, settingsOf(before)), after: await this.told(ctx, settings) },
      });
      // What a key opens is kept by that version.
      await bumpAccess(tx, ctx.tenantId);
      return tx.sql<ApiKeyRow>(
        `UPDATE lianke.api_key SET name = $2, member_id = $3, writes = $4, forms = $5, per_minute = $6, expires_at = $7
         WHERE id = $1 RETURNING ${apiKeyColumns}`,
        [
          id,
          settings.name,
          settings.memberId,
          settings.access === 'write',
          settings.forms,
          settings.perMinute,
          settings.expiresAt === null ? null : new Date(settings.expiresAt),
        ],
      );
    });
    return this.only(ctx, rows);
  }

  /** Ends a key; one that has ended stays so. */
  async revoke(ctx: TenantContext, id: ApiKeyId): Promise<ApiKeyView> {
    await this.access.require(ctx, 'admin');
    const rows = await this.database.withTenant(ctx, async (tx) => {
      const before = await this.locked(tx, id);
      if (before.revoked_at !== null) return [before];
      await writeAudit(tx, ctx, { action: 'apiKey.revoke', object: id, detail: { name: before.name } });
      return tx.sql<ApiKeyRow>(`UPDATE lianke.api_key SET revoked_at = $2 WHERE id = $1 RETURNING ${apiKeyColumns}`, [
        id,
        this.clock.now(),
      ]);
    });
    return this.only(ctx, rows);
  }

  /** Refuses a member who is not there, forms that are not, and an end that has passed. */
  private async check(ctx: TenantContext, input: Partial<KeySettings>): Promise<void> {
    if (input.memberId !== undefined) {
      const member = (await this.org.of(ctx)).members.get(input.memberId);
      if (member?.state !== 'active')
        throw refusal('invalid_request', {
          zh: '密钥代表的成员不存在或已离职',
          en: 'the member that the key acts as does not exist or has left',
        });
    }
    const forms = await this.registry.all(ctx);
    if (input.forms?.some((id) => !forms.list.some((form) => form.id === id)))
      throw refusal('invalid_request', { zh: '选中的表单不存在', en: 'a chosen form does not exist' });
    if (input.expiresAt && new Date(input.expiresAt) <= this.clock.now())
      throw refusal('invalid_request', { zh: '到期时间要晚于现在', en: 'the expiry must lie in the future' });
  }

  /** The settings as the trail names them. */
  private async told(ctx: TenantContext, settings: KeySettings): Promise<Record<string, unknown>> {
    const [org, forms] = await Promise.all([this.org.of(ctx), this.registry.all(ctx)]);
    return {
      name: settings.name,
      member: org.nameOf(settings.memberId),
      access: settings.access,
      forms: settings.forms?.map((id) => forms.get(id)?.name ?? null) ?? null,
      perMinute: settings.perMinute,
      until: settings.expiresAt === null ? null : new Date(settings.expiresAt).toISOString(),
    };
  }

  private async locked(tx: Tx, id: ApiKeyId): Promise<ApiKeyRow> {
    const [row] = await tx.sql<ApiKeyRow>(`SELECT ${apiKeyColumns} FROM lianke.api_key WHERE id = $1 FOR UPDATE`, [id]);
    if (!row) throw new AppError('not_found');
    return row;
  }

  private async only(ctx: TenantContext, rows: readonly ApiKeyRow[]): Promise<ApiKeyView> {
    const [view] = await this.present(ctx, rows);
    if (!view) throw new AppError('not_found');
    return view;
  }

  private async present(ctx: TenantContext, rows: readonly ApiKeyRow[]): Promise<ApiKeyView[]> {
    const [org, forms] = await Promise.all([this.org.of(ctx), this.registry.all(ctx)]);
    const now = this.clock.now();
    const views: ApiKeyView[] = [];
    for (const row of rows) {
      const ground = await this.access.ground(ctx, row.member_id);
      views.push({
        id: row.id,
        name: row.name,
        hint: row.hint,
        member: {
          id: row.member_id,
          label: org.nameOf(row.member_id),
          admin: ground !== undefined && holds(ground, 'admin'),
        },
        access: row.writes ? 'write' : 'read',
        // A form in the recycle bin is named by nobody; the key still has it when it comes back.
        forms:
          row.forms?.flatMap((id) => {
            const form = forms.get(id);
            return form ? [{ id, label: form.name }] : [];
          }) ?? null,
        perMinute: row.per_minute,
        state: endOf(row, ground !== undefined, now) ?? 'active',
        createdBy: row.created_by && { id: row.created_by, label: org.nameOf(row.created_by) },
        createdAt: row.created_at,
        expiresAt: row.expires_at,
        revokedAt: row.revoked_at,
        lastUsedAt: row.last_used_at,
        lastUsedFrom: row.last_used_from,
      });
    }
    return views;
  }
}
