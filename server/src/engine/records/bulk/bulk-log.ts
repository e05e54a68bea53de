import type { BatchId, FormId, MemberId } from '@lianke/shared/ids';
import type { BulkActionName, BulkEntry } from '@lianke/shared/records/bulk';
import { Injectable } from '@nestjs/common';
import { Database } from '../../../kernel/database/database.js';
import type { Tx } from '../../../kernel/database/tx.js';
import { AppError } from '../../../kernel/errors/app-error.js';
import { AccessService } from '../../access/access.service.js';
import { languageIn, memberOf, type TenantContext } from '../../context.js';
import { FormRegistry } from '../../forms/form-registry.js';
import { OrgDirectory } from '../../org/org-directory.js';
import { type KeptUndoReport, undoTold } from '../undo-report.js';

/** What a bulk action has done so far. */
export interface BulkNote {
  batchId: BatchId;
  formId: FormId;
  action: BulkActionName;
  /** Ids of the fields that it changes. */
  fields: readonly string[];
  done: number;
  failed: number;
}

interface BulkRow {
  id: BatchId;
  form_id: FormId;
  action: BulkActionName;
  fields: string[];
  done: number;
  failed: number;
  actor_id: MemberId | null;
  at: string;
  undo: KeptUndoReport | null;
  undone_at: string | null;
  undone_by: MemberId | null;
}

const listed = 50;

/** The list of bulk actions: what each did to how many records, and whether it was taken back. */
@Injectable()
export class BulkLog {
  constructor(
    private readonly database: Database,
    private readonly registry: FormRegistry,
    private readonly access: AccessService,
    private readonly org: OrgDirectory,
  ) {}

  /** Notes in the transaction of the writing what the action has done up to now. */
  async note(tx: Tx, ctx: TenantContext, note: BulkNote): Promise<void> {
    await tx.run(
      `INSERT INTO lianke.bulk_action (tenant_id, id, form_id, action, fields, actor_id, done, failed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
       ON CONFLICT (tenant_id, id) DO UPDATE SET done = $7, failed = $8`,
      [ctx.tenantId, note.batchId, note.formId, note.action, [...note.fields], memberOf(ctx), note.done, note.failed],
    );
  }

  /** {@link note} in a transaction of its own. */
  keep(ctx: TenantContext, note: BulkNote): Promise<void> {
    return this.database.withTenant(ctx, (tx) => this.note(tx, ctx, note));
  }

  /** What taking a batch back did, if that has happened. */
  async undoOf(ctx: TenantContext, batchId: BatchId): Promise<KeptUndoReport | undefined> {
    const [row] = await this.database.withTenant(ctx, (tx) =>
      tx.sql<Pick<BulkRow, 'undo'>>('SELECT undo FROM lianke.bulk_action WHERE id = $1', [batchId]),
    );
    return row?.undo ?? undefined;
  }

  /** Notes that a batch was taken back; nothing for batches that are no bulk actions. */
  async undone(ctx: TenantContext, batchId: BatchId, report: KeptUndoReport): Promise<void> {
    await this.database.withTenant(ctx, (tx) =>
      tx.run(
        'UPDATE lianke.bulk_action SET undo = $2, undone_at = clock_timestamp(), undone_by = $3 WHERE id = $1 AND undo IS NULL',
        [batchId, { ...report }, memberOf(ctx)],
      ),
    );
  }

  /** A form's bulk actions, the youngest first: the reader's own; those of all people for whoever designs the form. */
  async list(ctx: TenantContext, formId: FormId): Promise<BulkEntry[]> {
    const form = await this.registry.form(ctx, formId);
    const access = await this.access.ofForm(ctx, form);
    if (!access.may('view')) throw new AppError('not_found');
    const { admin } = await this.access.permissions(ctx);
    const me = memberOf(ctx);
    const org = await this.org.of(ctx);
    const everybody = access.may('design') || me === null;
    const rows = await this.database.withTenant(ctx, (tx) =>
      tx.sql<BulkRow>(
        `SELECT id, form_id, action, fields, done, failed, actor_id, at, undo, undone_at, undone_by FROM lianke.bulk_action
         WHERE form_id = $1 AND ($2::uuid IS NULL OR actor_id = $2) ORDER BY id DESC LIMIT ${listed}`,
        [formId, everybody ? null : me],
      ),
    );
    const named = (id: MemberId | null) => ({ id: id ?? '', label: id ? org.nameOf(id) : '' });
    return rows.map((row) => ({
      batchId: row.id,
      action: row.action,
      fields: row.fields.flatMap((id) => {
        const field = form.field(id);
        return field && access.mayRead(field) ? [field.name] : [];
      }),
      done: row.done,
      failed: row.failed,
      by: named(row.actor_id),
      at: row.at,
      undo:
        row.undo && row.undone_at
          ? { ...undoTold(row.undo, org, languageIn(ctx)), at: row.undone_at, by: named(row.undone_by) }
          : null,
      mayUndo: row.undo === null && row.done > 0 && (admin || row.actor_id === me),
    }));
  }
}
