import type { ExportId, FormId, MemberId, TenantId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import { refusal } from '../../kernel/errors/app-error.js';
import type { TenantContext } from '../context.js';
import type { ExportRow } from './export-row.js';

type Scope = Pick<TenantContext, 'tenantId'>;
const listed = 30;
const leaseSeconds = 15;
const leased = `clock_timestamp() + interval '${leaseSeconds} seconds'`;

/** How an export came to its end. */
export interface ExportEnd {
  state: 'done' | 'failed' | 'cancelled';
  rows?: number;
  size?: number;
  error?: string;
  expiresAt?: Date;
}

/** Rows of `lianke.export`. */
@Injectable()
export class ExportsRepository {
  constructor(private readonly database: Database) {}

  async insert(
    tx: Tx,
    row: Omit<ExportRow, 'state' | 'progress_done' | 'size' | 'error' | 'cancel_requested' | 'epoch' | 'expires_at'>,
  ): Promise<void> {
    await tx.run(
      `INSERT INTO lianke.export (tenant_id, id, form_id, form_name, file_name, request, state, progress_total, created_by, created_at, language)
       VALUES ($1, $2, $3, $4, $5, $6, 'running', $7, $8, $9, $10)`,
      [
        row.tenant_id,
        row.id,
        row.form_id,
        row.form_name,
        row.file_name,
        JSON.stringify(row.request),
        row.progress_total,
        row.created_by,
        row.created_at,
        row.language,
      ],
    );
  }

  /** The member's own export. */
  async find(ctx: Scope, id: ExportId, by: MemberId | null): Promise<ExportRow | undefined> {
    const [row] = await this.database.withTenant(ctx, (tx) =>
      tx.sql<ExportRow>('SELECT * FROM lianke.export WHERE tenant_id = $1 AND id = $2 AND created_by = $3', [
        ctx.tenantId,
        id,
        by,
      ]),
    );
    return row;
  }

  list(ctx: Scope, by: MemberId | null, formId: FormId | undefined): Promise<ExportRow[]> {
    return this.database.withTenant(ctx, (tx) =>
      tx.sql<ExportRow>(
        `SELECT * FROM lianke.export WHERE tenant_id = $1 AND created_by = $2 AND ($3::uuid IS NULL OR form_id = $3) ORDER BY id DESC LIMIT ${listed}`,
        [ctx.tenantId, by, formId ?? null],
      ),
    );
  }

  /** @throws AppError `wrong_state` when it is over */
  async cancel(ctx: Scope, id: ExportId): Promise<ExportRow> {
    const [row] = await this.database.withTenant(ctx, (tx) =>
      tx.sql<ExportRow>(
        `UPDATE lianke.export SET cancel_requested = true, state = CASE WHEN lease_until IS NULL THEN 'cancelled' ELSE state END
         WHERE tenant_id = $1 AND id = $2 AND state = 'running' RETURNING *`,
        [ctx.tenantId, id],
      ),
    );
    if (!row) throw refusal('wrong_state', { zh: '这次导出已经结束', en: 'this export is over already' });
    return row;
  }

  /** Takes the export for this worker; undefined when another one has it or it is over. */
  async lease(ctx: Scope, id: ExportId): Promise<ExportRow | undefined> {
    const [row] = await this.database.withTenant(ctx, (tx) =>
      tx.sql<ExportRow>(
        `UPDATE lianke.export SET epoch = epoch + 1, lease_until = ${leased}, progress_done = 0
         WHERE tenant_id = $1 AND id = $2 AND state = 'running' AND (lease_until IS NULL OR lease_until < clock_timestamp()) RETURNING *`,
        [ctx.tenantId, id],
      ),
    );
    return row;
  }

  /** Tells how far the work is and keeps the lease. `lost` when another worker has it now. */
  async advance(ctx: Scope, row: ExportRow, done: number): Promise<'go' | 'cancelled' | 'lost'> {
    const [mine] = await this.database.withTenant(ctx, (tx) =>
      tx.sql<{ cancel_requested: boolean }>(
        `UPDATE lianke.export SET progress_done = $4, progress_total = greatest(progress_total, $4), lease_until = ${leased}
         WHERE tenant_id = $1 AND id = $2 AND epoch = $3 AND state = 'running' RETURNING cancel_requested`,
        [ctx.tenantId, row.id, row.epoch, done],
      ),
    );
    if (!mine) return 'lost';
    return mine.cancel_requested ? 'cancelled' : 'go';
  }

  /** Notes that its maker is to be told when it is over; too late when it is. */
  async notify(ctx: Scope, id: ExportId): Promise<void> {
    await this.database.withTenant(ctx, (tx) =>
      tx.run("UPDATE lianke.export SET notify = true WHERE tenant_id = $1 AND id = $2 AND state = 'running'", [
        ctx.tenantId,
        id,
      ]),
    );
  }

  /** @param tell in the same transaction, when its maker wants to be told; false when another worker has it now */
  async finish(
    ctx: Scope,
    row: ExportRow,
    end: ExportEnd,
    tell: (tx: Tx) => Promise<void> = async () => undefined,
  ): Promise<boolean> {
    return this.database.withTenant(ctx, async (tx) => {
      const [changed] = await tx.sql<{ notify: boolean }>(
        `UPDATE lianke.export SET state = $4, size = $5, error = $6, expires_at = $7, lease_until = NULL,
           progress_done = coalesce($8, progress_done), progress_total = coalesce($8, progress_total)
         WHERE tenant_id = $1 AND id = $2 AND epoch = $3 AND state = 'running' RETURNING notify`,
        [
          ctx.tenantId,
          row.id,
          row.epoch,
          end.state,
          end.size ?? null,
          end.error ?? null,
          end.expiresAt ?? null,
          end.rows ?? null,
        ],
      );
      if (changed?.notify) await tell(tx);
      return changed !== undefined;
    });
  }

  /** Gives the export back, so that another worker need not wait for the lease to end. */
  async release(ctx: Scope, row: ExportRow): Promise<void> {
    await this.database.withTenant(ctx, (tx) =>
      tx.run('UPDATE lianke.export SET lease_until = NULL WHERE tenant_id = $1 AND id = $2 AND epoch = $3', [
        ctx.tenantId,
        row.id,
        row.epoch,
      ]),
    );
  }

  /** Exports, of all tenants, that nobody works on although they are under way. */
  stranded(): Promise<{ tenant_id: TenantId; id: ExportId }[]> {
    return this.database.asSystem((tx) =>
      tx.sql(
        `SELECT tenant_id, id FROM lianke.export
         WHERE state = 'running' AND (lease_until IS NULL OR lease_until < clock_timestamp()) ORDER BY id LIMIT 100`,
      ),
    );
  }

  /** Marks finished exports past their time, of all tenants, and answers them. */
  expire(now: Date): Promise<{ id: ExportId }[]> {
    return this.database.asSystem((tx) =>
      tx.sql("UPDATE lianke.export SET state = 'expired' WHERE state = 'done' AND expires_at < $1 RETURNING id", [now]),
    );
  }
}
