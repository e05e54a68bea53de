import type { Readable } from 'node:stream';
import type { FileView } from '@lianke/shared/files/api';
import type { FileId } from '@lianke/shared/ids';
import type { SharedPage } from '@lianke/shared/record-links/api';
import { Inject, Injectable } from '@nestjs/common';
import { verify } from '@node-rs/argon2';
import type { Clock } from '../../kernel/clock/clock.js';
import { Database } from '../../kernel/database/database.js';
import { AppError } from '../../kernel/errors/app-error.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import type { RateLimiter, RateRule } from '../../kernel/redis/rate-limiter.js';
import { CLOCK, RATE_LIMITER } from '../../kernel/tokens.js';
import { AccessService } from '../access/access.service.js';
import type { TenantContext } from '../context.js';
import { FilesService } from '../files/files.service.js';
import { FormRegistry } from '../forms/form-registry.js';
import { OrgDirectory } from '../org/org-directory.js';
import { TenantDirectory } from '../org/tenant-directory.js';
import { PublicSeal } from '../public-forms/seal.js';
import { RecordReader } from '../records/record-reader.js';
import type { RecordLinkRow } from './record-links.service.js';
import { filesIn, sharedView } from './shared-view.js';

const minute = 60_000;
const limits = {
  open: { limit: 60, windowMs: minute },
  password: { limit: 10, windowMs: 10 * minute },
  file: { limit: 240, windowMs: minute },
} as const satisfies Record<string, RateRule>;

export interface SharedVisitor {
  address: string;
  device: string;
}

interface Visit {
  /** Acts as the link's maker: it shows what he sees now. */
  ctx: TenantContext;
  row: RecordLinkRow;
}

/** What somebody without an account gets through a link to a record. */
@Injectable()
export class SharedVisitsService {
  constructor(
    private readonly database: Database,
    private readonly tenants: TenantDirectory,
    private readonly registry: FormRegistry,
    private readonly access: AccessService,
    private readonly org: OrgDirectory,
    private readonly reader: RecordReader,
    private readonly files: FilesService,
    private readonly seal: PublicSeal,
    @Inject(RATE_LIMITER) private readonly limiter: RateLimiter,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The page; with a password and without the right one only that there is one. */
  async open(
    token: string,
    visitor: SharedVisitor,
    given: { password?: string | undefined; pass?: string | undefined },
  ): Promise<SharedPage> {
    await this.take('open', token, visitor);
    const visit = await this.visit(token);
    const { ctx, row } = visit;
    const company = (await this.tenants.list()).find(({ id }) => id === ctx.tenantId)?.name ?? '';
    const base = { company, expiresAt: new Date(row.expires_at).toISOString() };
    let pass: string | null = null;
    if (row.password_hash !== null) {
      if (given.password !== undefined) {
        await this.take('password', token, visitor);
        if (!(await verify(row.password_hash, given.password))) throw new AppError('wrong_link_password');
      } else if (!this.seal.passed(row.id, row.password_hash, given.pass))
        return { ...base, state: 'password', title: '', pass, sections: [], tables: [] };
      pass = this.seal.pass(row.id, row.password_hash);
    }
    const shown = await this.shown(visit);
    await this.database.withTenant(ctx, async (tx) => {
      const now = this.clock.now();
      await tx.run('UPDATE lianke.record_link SET uses = uses + 1, last_at = $2 WHERE id = $1', [row.id, now]);
      await tx.run(
        'INSERT INTO lianke.record_link_use (tenant_id, id, link_id, address, device, at) VALUES ($1, $2, $3, $4, $5, $6)',
        [ctx.tenantId, uuid7(), row.id, visitor.address, visitor.device.slice(0, 200), now],
      );
    });
    return { ...base, state: 'open', pass, ...shown };
  }

  /** A file that the page shows, and no other. */
  async file(
    token: string,
    visitor: SharedVisitor,
    id: FileId,
    pass: string | undefined,
  ): Promise<{ file: FileView; stream: Readable }> {
    await this.take('file', token, visitor);
    const visit = await this.visit(token);
    const { password_hash: locked, id: link } = visit.row;
    if (locked !== null && !this.seal.passed(link, locked, pass)) throw new AppError('wrong_link_password');
    if (!filesIn(await this.shown(visit)).has(id)) throw new AppError('not_found');
    return this.files.open(visit.ctx, id);
  }

  private async shown({ ctx, row }: Visit): Promise<Pick<SharedPage, 'title' | 'sections' | 'tables'>> {
    const form = await this.registry.form(ctx, row.form_id).catch(() => undefined);
    if (!form) throw ended();
    await this.reader.requireAction(ctx, row.form_id, row.record_id, 'share').catch((error: unknown) => {
      if (error instanceof AppError) throw ended();
      throw error;
    });
    const access = await this.access.ofForm(ctx, form);
    const accessOf = await this.access.ofForms(ctx);
    const record = await this.reader.get(ctx, row.form_id, row.record_id);
    const fields = row.fields.flatMap((id) => {
      const field = form.field(id);
      return field && access.compares(field) && !record.masked?.includes(field.key) ? [field] : [];
    });
    const title = form.title && fields.includes(form.title) ? record.label : form.name;
    return { title, ...sharedView(form, record, fields, (part) => accessOf(part.id), ctx.timeZone) };
  }

  private async visit(token: string): Promise<Visit> {
    const [found] = await this.database.control<{ tenant: TenantContext['tenantId'] | null }>(
      'SELECT lianke.record_link_tenant($1) AS tenant',
      [token],
    );
    if (!found?.tenant) throw new AppError('not_found');
    const system = await this.tenants.context(found.tenant, { kind: 'system', name: 'public' }, { door: 'public' });
    const [row] = await this.database.withTenant(system, (tx) =>
      tx.sql<RecordLinkRow>('SELECT * FROM lianke.record_link WHERE token = $1', [token]),
    );
    if (!row) throw new AppError('not_found');
    const maker = (await this.org.of(system)).members.get(row.created_by);
    if (row.revoked_at !== null || new Date(row.expires_at) <= this.clock.now() || maker?.state !== 'active')
      throw ended();
    return { row, ctx: { ...system, actor: { kind: 'member', memberId: row.created_by } } };
  }

  private async take(what: keyof typeof limits, token: string, visitor: SharedVisitor): Promise<void> {
    const answer = await this.limiter.take(`shared-${what}:${token}:${visitor.address}`, limits[what]);
    if (!answer.allowed) throw new AppError('too_many_requests', { seconds: Math.ceil(answer.retryAfterMs / 1000) });
  }
}

/** The same words whatever ended it: who is outside learns nothing of rights. */
function ended(): AppError {
  return new AppError('link_ended');
}
