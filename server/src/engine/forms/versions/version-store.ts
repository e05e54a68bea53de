import type { VersionChanges } from '@lianke/shared/forms/versions';
import type { FormId, MemberId } from '@lianke/shared/ids';
import type { Tx } from '../../../kernel/database/tx.js';
import { memberOf, type TenantContext } from '../../context.js';
import type { FormDefinition, FormMeta } from '../form-meta.js';
import { definitionChanges } from './definition-diff.js';

export interface VersionRow {
  version: number;
  name: string;
  definition: FormDefinition;
  changes: VersionChanges | null;
  note: string | null;
  restored: number | null;
  published_by: MemberId | null;
  published_at: string;
}

interface Publication {
  /** Undefined for a form that is new. */
  before: FormMeta | undefined;
  after: FormMeta;
  at: Date;
  note?: string | undefined;
  /** The version that this one brings back. */
  restored?: number | undefined;
}

/** Keeps what was published, in the publish's own transaction; what stood before too, when nobody kept it yet. */
export async function keepVersion(tx: Tx, ctx: TenantContext, publication: Publication): Promise<void> {
  const { before, after, at, note, restored } = publication;
  if (before) await insert(tx, before, { at: new Date(before.updatedAt), by: null, changes: null });
  await insert(tx, after, {
    at,
    by: memberOf(ctx),
    changes: before ? definitionChanges(before, after) : null,
    note,
    restored,
  });
}

async function insert(
  tx: Tx,
  form: FormMeta,
  of: {
    at: Date;
    by: MemberId | null;
    changes: VersionChanges | null;
    note?: string | undefined;
    restored?: number | undefined;
  },
): Promise<void> {
  await tx.run(
    `INSERT INTO lianke.form_version (tenant_id, form_id, version, name, definition, changes, note, restored, published_by, published_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING`,
    [
      form.tenantId,
      form.id,
      form.version,
      form.name,
      // Removed fields are no part of a version: their data is kept by the form itself.
      { ...form.definition, removed: [] } as never,
      of.changes as never,
      of.note || null,
      of.restored ?? null,
      of.by,
      of.at,
    ],
  );
}

/** Versions of a form, the newest first; at most `limit`. */
export function readVersions(tx: Tx, formId: FormId, limit: number): Promise<VersionRow[]> {
  return tx.sql<VersionRow>(
    `SELECT version, name, definition, changes, note, restored, published_by, published_at
     FROM lianke.form_version WHERE form_id = $1 ORDER BY version DESC LIMIT ${limit}`,
    [formId],
  );
}

export async function readVersion(tx: Tx, formId: FormId, version: number): Promise<VersionRow | undefined> {
  const [row] = await tx.sql<VersionRow>(
    `SELECT version, name, definition, changes, note, restored, published_by, published_at
     FROM lianke.form_version WHERE form_id = $1 AND version = $2`,
    [formId, version],
  );
  return row;
}
