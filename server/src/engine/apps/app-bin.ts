import type { DeletedItem } from '@lianke/shared/dashboards/definition';
import type { Language, Words } from '@lianke/shared/errors/issue-text';
import type { AppId } from '@lianke/shared/ids';
import type { Tx } from '../../kernel/database/tx.js';
import { AppError } from '../../kernel/errors/app-error.js';
import { memberOf, type TenantContext } from '../context.js';
import type { Org } from '../org/org-directory.js';

export type BinKind = 'flow' | 'dashboard';

/** What a deleted flow or page was: its rows as they stood, by table. */
export interface Binned {
  appId: AppId;
  content: Record<string, unknown>;
}

const listed = 100;
const system: Words = { zh: '系统', en: 'System' };

/** Keeps the rows of what is being deleted. The caller removes them in the same transaction. */
export async function keepInBin(
  tx: Tx,
  ctx: TenantContext,
  item: { kind: BinKind; id: string; appId: string; name: string; content: Record<string, unknown> },
  now: Date,
): Promise<void> {
  await tx.run(
    `INSERT INTO lianke.app_bin (tenant_id, id, kind, app_id, name, content, deleted_at, deleted_by)
     VALUES ($1,$2,$3,$4,$5,$6,$7,$8)`,
    [ctx.tenantId, item.id, item.kind, item.appId, item.name, item.content as never, now, memberOf(ctx)],
  );
}

/** What lies in the bin under this id; undefined when nothing does. It stays there until {@link leaveBin}. */
export async function inBin(tx: Tx, kind: BinKind, id: string): Promise<Binned | undefined> {
  const [row] = await tx.sql<{ app_id: AppId; content: Binned['content'] }>(
    'SELECT app_id, content FROM lianke.app_bin WHERE id = $1 AND kind = $2 FOR UPDATE',
    [id, kind],
  );
  return row && { appId: row.app_id, content: row.content };
}

/** Takes it out of the bin; its rows are put back in the same transaction. */
export async function leaveBin(tx: Tx, id: string): Promise<void> {
  await tx.run('DELETE FROM lianke.app_bin WHERE id = $1', [id]);
}

/** An app's deleted flows or pages, the last deleted first. Throws `not_found` for an app that is not there. */
export async function binOf(tx: Tx, kind: BinKind, appId: AppId, org: Org, language: Language): Promise<DeletedItem[]> {
  if ((await tx.sql('SELECT 1 FROM lianke.app WHERE id = $1', [appId])).length === 0) throw new AppError('not_found');
  const rows = await tx.sql<{ id: string; name: string; deleted_at: string; deleted_by: string | null }>(
    `SELECT id, name, deleted_at, deleted_by FROM lianke.app_bin WHERE app_id = $1 AND kind = $2
     ORDER BY deleted_at DESC, id LIMIT ${listed}`,
    [appId, kind],
  );
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    deletedAt: row.deleted_at,
    deletedBy: row.deleted_by ? org.nameOf(row.deleted_by as never) : system[language],
  }));
}
