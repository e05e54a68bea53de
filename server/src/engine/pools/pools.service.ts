import type { FormId, MemberId, RecordId } from '@lianke/shared/ids';
import type { PoolArrival, PoolPage, PoolSettings, PoolView, poolMoveKinds } from '@lianke/shared/pools/api';
import type { RecordView } from '@lianke/shared/records/query';
import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import { AppError } from '../../kernel/errors/app-error.js';
import { AccessService } from '../access/access.service.js';
import { AccessRuleBook } from '../access/app-access.js';
import type { PoolAccess } from '../access/form-access.js';
import { languageIn, memberOf, type TenantContext } from '../context.js';
import type { FormMeta } from '../forms/form-meta.js';
import { FormRegistry } from '../forms/form-registry.js';
import { OrgDirectory } from '../org/org-directory.js';
import { RecordReader } from '../records/record-reader.js';
import type { RowsQuery } from '../records/sql/query-sql.js';
import { type PoolCause, toldCause } from './pool-causes.js';
import { PoolStanding } from './pool-standing.js';

/** A form's pool as the caller has it. */
export interface OpenPool {
  form: FormMeta;
  settings: PoolSettings;
  pool: PoolAccess;
}

interface MoveRow {
  record_id: string;
  kind: (typeof poolMoveKinds)[number];
  at: string;
  from_id: MemberId | null;
  reason: string;
  cause: PoolCause['kind'] | null;
  cause_days: number | null;
}

/** Looking into pools (公海): every read is the record reader's, under the pool's own access. */
@Injectable()
export class PoolsService {
  constructor(
    private readonly database: Database,
    private readonly registry: FormRegistry,
    private readonly access: AccessService,
    private readonly book: AccessRuleBook,
    private readonly org: OrgDirectory,
    private readonly reader: RecordReader,
    private readonly standing: PoolStanding,
  ) {}

  /** Pools the caller may look into. */
  async list(ctx: TenantContext): Promise<PoolView[]> {
    const { pools } = await this.book.of(ctx);
    const views: PoolView[] = [];
    for (const formId of pools.keys()) {
      const open = await this.find(ctx, formId as FormId);
      if (open) views.push(await this.viewOf(ctx, open));
    }
    return views;
  }

  async get(ctx: TenantContext, formId: FormId): Promise<PoolView> {
    return this.viewOf(ctx, await this.open(ctx, formId));
  }

  /** The pool with its rules; `not_found` for who may not look into it. */
  async open(ctx: TenantContext, formId: FormId): Promise<OpenPool> {
    const open = await this.find(ctx, formId);
    if (!open) throw new AppError('not_found');
    return open;
  }

  async query(ctx: TenantContext, formId: FormId, query: RowsQuery): Promise<PoolPage> {
    const page = await this.reader.query(ctx, formId, query, 'pool');
    const ids = page.items.map((item) => item.id);
    return { ...page, arrivals: await this.arrivals(ctx, ids) };
  }

  async record(ctx: TenantContext, formId: FormId, id: RecordId): Promise<RecordView> {
    const [record] = await this.reader.getMany(ctx, formId, [id], 'pool');
    if (!record) throw new AppError('not_found');
    return record;
  }

  private async find(ctx: TenantContext, formId: FormId): Promise<OpenPool | undefined> {
    const form = (await this.registry.all(ctx)).get(formId);
    const settings = (await this.book.of(ctx)).pools.get(formId);
    const { pool } = form ? await this.access.ofForm(ctx, form) : {};
    return form && settings?.on && pool ? { form, settings, pool } : undefined;
  }

  private async viewOf(ctx: TenantContext, { form, settings, pool }: OpenPool): Promise<PoolView> {
    const page = await this.reader.query(ctx, form.id, { fields: [], limit: 1, total: true }, 'pool');
    const standing = await this.database.withTenant(ctx, (tx) =>
      this.standing.of(tx, ctx, form.id, settings, memberOf(ctx)),
    );
    const { total } = page;
    return {
      formId: form.id,
      formName: form.name,
      waiting: typeof total === 'number' ? total : (total?.atLeast ?? 0),
      mayClaim: memberOf(ctx) !== null,
      manages: pool.manages,
      ...standing,
      holds: settings.holds,
      daily: settings.daily,
      protectDays: settings.protectDays,
      fields: form.fields
        .filter((field) => pool.access.mayRead(field))
        .map((field) => ({ key: field.key, right: pool.access.sees(field) ? 'read' : 'masked' })),
    };
  }

  /** How the records came here last, if by a rule or a hand of the pool. */
  private async arrivals(ctx: TenantContext, ids: readonly string[]): Promise<Record<string, PoolArrival>> {
    if (ids.length === 0) return {};
    const rows = await this.database.withTenant(ctx, (tx) =>
      tx.sql<MoveRow>(
        `SELECT DISTINCT ON (record_id) record_id, kind, at, from_id, reason, cause, cause_days FROM lianke.pool_move
         WHERE record_id = ANY($1::uuid[]) ORDER BY record_id, id DESC`,
        [[...ids]],
      ),
    );
    const org = await this.org.of(ctx);
    return Object.fromEntries(
      rows.flatMap(({ record_id, kind, at, from_id, ...why }) =>
        kind === 'return' || kind === 'auto'
          ? [
              [
                record_id,
                {
                  kind,
                  at: new Date(at).toISOString(),
                  from: from_id && { id: from_id, label: org.nameOf(from_id) },
                  reason: toldCause(why, languageIn(ctx)),
                },
              ] as const,
            ]
          : [],
      ),
    );
  }
}
