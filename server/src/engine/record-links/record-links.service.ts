import { randomBytes } from 'node:crypto';
import type { FormId, Id, MemberId, RecordId } from '@lianke/shared/ids';
import type { CreateRecordLinkBody, RecordLinkView } from '@lianke/shared/record-links/api';
import { Inject, Injectable } from '@nestjs/common';
import { hash } from '@node-rs/argon2';
import type { Clock } from '../../kernel/clock/clock.js';
import type { Config } from '../../kernel/config/config.js';
import { Database } from '../../kernel/database/database.js';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import { CLOCK, CONFIG } from '../../kernel/tokens.js';
import { AccessService } from '../access/access.service.js';
import { writeAudit } from '../audit/write-audit.js';
import { memberOf, type TenantContext } from '../context.js';
import { FormRegistry } from '../forms/form-registry.js';
import { type Org, OrgDirectory } from '../org/org-directory.js';
import { RecordReader } from '../records/record-reader.js';

export type RecordLinkId = Id<'recordLink'>;

export interface RecordLinkRow {
  id: RecordLinkId;
  form_id: FormId;
  record_id: RecordId;
  token: string;
  fields: string[];
  note: string;
  password_hash: string | null;
  expires_at: string;
  revoked_at: string | null;
  uses: number;
  last_at: string | null;
  created_by: MemberId;
  created_at: string;
}

/** Memory cost of OWASP's first choice for argon2id. */
const cost = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
const mostOpen = 20;
const yearMs = 366 * 24 * 3_600_000;

/** Links to one record, as those see them who may share it. */
@Injectable()
export class RecordLinksService {
  constructor(
    private readonly database: Database,
    private readonly registry: FormRegistry,
    private readonly access: AccessService,
    private readonly reader: RecordReader,
    private readonly org: OrgDirectory,
    @Inject(CONFIG) private readonly config: Pick<Config, 'publicUrl'>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async list(ctx: TenantContext, formId: FormId, recordId: RecordId): Promise<RecordLinkView[]> {
    await this.reader.requireAction(ctx, formId, recordId, 'share');
    const org = await this.org.of(ctx);
    const rows = await this.database.withTenant(ctx, (tx) =>
      tx.sql<RecordLinkRow>(
        'SELECT * FROM lianke.record_link WHERE tenant_id = $1 AND record_id = $2 AND form_id = $3 ORDER BY id DESC LIMIT 100',
        [ctx.tenantId, recordId, formId],
      ),
    );
    return rows.map((row) => this.present(row, org));
  }

  /** Makes a link. It can show only what its maker sees in clear. */
  async create(
    ctx: TenantContext,
    formId: FormId,
    recordId: RecordId,
    body: CreateRecordLinkBody,
  ): Promise<RecordLinkView> {
    const me = memberOf(ctx);
    if (me === null) throw refusal('forbidden', { zh: '共享数据', en: 'share records' });
    await this.reader.requireAction(ctx, formId, recordId, 'share');
    const record = await this.reader.get(ctx, formId, recordId);
    const form = await this.registry.form(ctx, formId);
    const access = await this.access.ofForm(ctx, form);
    const fields = body.fields.map((ref) => {
      const field = form.field(ref);
      if (!field || !access.mayRead(field)) throw new AppError('unknown_field', { field: ref });
      if (!access.compares(field) || record.masked?.includes(field.key))
        throw new AppError('field_masked', { field: field.name });
      return field.id as string;
    });
    const now = this.clock.now();
    const expires = new Date(body.expiresAt);
    if (expires <= now)
      throw refusal('invalid_request', { zh: '到期时间要晚于现在', en: 'the expiry must lie in the future' });
    if (expires.getTime() > now.getTime() + yearMs)
      throw refusal('invalid_request', {
        zh: '外部链接最长有效一年，请选早一点的到期时间',
        en: 'an outside link is valid for one year at most; choose an earlier expiry',
      });
    const row: RecordLinkRow = {
      id: uuid7() as RecordLinkId,
      form_id: formId,
      record_id: recordId,
      token: randomBytes(18).toString('base64url'),
      fields: [...new Set(fields)],
      note: body.note,
      password_hash: body.password ? await hash(body.password, cost) : null,
      expires_at: expires.toISOString(),
      revoked_at: null,
      uses: 0,
      last_at: null,
      created_by: me,
      created_at: now.toISOString(),
    };
    await this.database.withTenant(ctx, async (tx) => {
      const [open] = await tx.sql<{ n: number }>(
        'SELECT count(*)::int AS n FROM lianke.record_link WHERE tenant_id = $1 AND record_id = $2 AND revoked_at IS NULL AND expires_at > $3',
        [ctx.tenantId, recordId, now],
      );
      if ((open?.n ?? 0) >= mostOpen)
        throw refusal('wrong_state', {
          zh: `一条数据最多 ${mostOpen} 个有效的外部链接，请先撤销不用的`,
          en: `a record has at most ${mostOpen} valid outside links; revoke those you do not need first`,
        });
      await tx.run(
        `INSERT INTO lianke.record_link (tenant_id, id, form_id, record_id, token, fields, note, password_hash, expires_at, created_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
        [
          ...[ctx.tenantId, row.id, formId, recordId, row.token, row.fields, row.note],
          ...[row.password_hash, row.expires_at, me, row.created_at],
        ],
      );
      await writeAudit(tx, ctx, {
        action: 'records.link',
        object: recordId,
        detail: {
          ...{ form: form.name, formId, link: row.id, fields: row.fields, expiresAt: row.expires_at },
          password: row.password_hash !== null,
        },
      });
    });
    return this.present(row, await this.org.of(ctx));
  }

  /** Ends a link at once: whoever made it may, and whoever may share the record. */
  async revoke(ctx: TenantContext, id: RecordLinkId): Promise<void> {
    const row = await this.load(ctx, id);
    await this.database.withTenant(ctx, async (tx) => {
      const ended = await tx.run(
        'UPDATE lianke.record_link SET revoked_at = $3 WHERE tenant_id = $1 AND id = $2 AND revoked_at IS NULL',
        [ctx.tenantId, id, this.clock.now()],
      );
      if (ended > 0)
        await writeAudit(tx, ctx, { action: 'records.unlink', object: row.record_id, detail: { link: id } });
    });
  }

  /** Its openings, the latest first. */
  async uses(ctx: TenantContext, id: RecordLinkId): Promise<{ at: string; address: string; device: string }[]> {
    await this.load(ctx, id);
    const rows = await this.database.withTenant(ctx, (tx) =>
      tx.sql<{ at: string; address: string; device: string }>(
        'SELECT at, address, device FROM lianke.record_link_use WHERE tenant_id = $1 AND link_id = $2 ORDER BY id DESC LIMIT 200',
        [ctx.tenantId, id],
      ),
    );
    return rows.map((row) => ({ ...row, at: new Date(row.at).toISOString() }));
  }

  private async load(ctx: TenantContext, id: RecordLinkId): Promise<RecordLinkRow> {
    const [row] = await this.database.withTenant(ctx, (tx) =>
      tx.sql<RecordLinkRow>('SELECT * FROM lianke.record_link WHERE tenant_id = $1 AND id = $2', [ctx.tenantId, id]),
    );
    if (!row) throw new AppError('not_found');
    if (row.created_by !== memberOf(ctx)) await this.reader.requireAction(ctx, row.form_id, row.record_id, 'share');
    return row;
  }

  private present(row: RecordLinkRow, org: Org): RecordLinkView {
    const over = new Date(row.expires_at) <= this.clock.now();
    return {
      id: row.id,
      url: `${this.config.publicUrl}/s/${row.token}`,
      fields: row.fields,
      note: row.note,
      hasPassword: row.password_hash !== null,
      state: row.revoked_at ? 'revoked' : over ? 'over' : 'open',
      expiresAt: new Date(row.expires_at).toISOString(),
      by: { id: row.created_by, label: org.nameOf(row.created_by) },
      createdAt: new Date(row.created_at).toISOString(),
      uses: row.uses,
      lastAt: row.last_at ? new Date(row.last_at).toISOString() : null,
    };
  }
}
