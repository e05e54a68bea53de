import type { AppPackage } from '@lianke/shared/apps/package';
import { appPackage } from '@lianke/shared/apps/package';
import type { InstalledPackage } from '@lianke/shared/apps/package-api';
import type { AppId, MemberId } from '@lianke/shared/ids';
import type { Tx } from '../../../kernel/database/tx.js';
import type { TenantContext } from '../../context.js';
import type { Remembered } from './parts.js';

/** What an app came from, or was exported as. */
export interface AppOrigin extends Remembered {
  origin: string;
  key: string;
  version: string;
  description: string;
  names: Record<string, string>;
}

interface OriginRow extends Omit<AppOrigin, 'pack'> {
  app_id: AppId;
  package: Record<string, unknown>;
}

const columns = 'app_id, origin, key, version, description, names, package, base';

export async function originOf(tx: Tx, appId: AppId): Promise<AppOrigin | undefined> {
  const [row] = await tx.sql<OriginRow>(`SELECT ${columns} FROM lianke.app_origin WHERE app_id = $1`, [appId]);
  return row && { ...row, pack: row.package };
}

export interface AppOfPackage {
  id: AppId;
  name: string;
  version: string;
  /** Whether it is known what was installed; else it only looks like the package's, by its key or name. */
  recorded: boolean;
}

/**
 * Apps that came from the package, the last installed first; after them those installed before it was recorded what came
 * from where, as far as they are called like it.
 */
export function appsOf(
  tx: Tx,
  { origin, key, name }: Pick<AppPackage, 'origin' | 'key' | 'name'>,
): Promise<AppOfPackage[]> {
  return tx.sql<AppOfPackage>(
    `SELECT id, name, version, recorded FROM
       (SELECT a.id, a.name, o.version, true AS recorded, o.updated_at AS at FROM lianke.app_origin o
        JOIN lianke.app a ON a.tenant_id = o.tenant_id AND a.id = o.app_id WHERE o.origin = $1
        UNION ALL
        SELECT a.id, a.name, a.package_version, false, NULL FROM lianke.app a
        WHERE a.package_version IS NOT NULL AND (a.key = $2 OR a.name = $3)
          AND NOT EXISTS (SELECT 1 FROM lianke.app_origin o WHERE o.tenant_id = a.tenant_id AND o.app_id = a.id)) found
     ORDER BY recorded DESC, at DESC, id`,
    [origin ?? key, key, name],
  );
}

export async function keepOrigin(
  tx: Tx,
  ctx: TenantContext,
  appId: AppId,
  { origin, key, version, description, names, pack, base }: AppOrigin,
  now: Date,
): Promise<void> {
  await tx.run(
    `INSERT INTO lianke.app_origin (tenant_id, app_id, origin, key, version, description, names, package, base, updated_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     ON CONFLICT (tenant_id, app_id) DO UPDATE SET origin = $3, key = $4, version = $5, description = $6, names = $7,
       package = $8, base = $9, updated_at = $10`,
    [
      ...[ctx.tenantId, appId, origin, key, version, description],
      ...[JSON.stringify(names), JSON.stringify(pack), JSON.stringify(base), now],
    ],
  );
}

export interface ReadFile {
  id: string;
  file_name: string;
  created_by: MemberId | null;
  state: 'ready' | 'installing' | 'installed';
  app_id: AppId | null;
  result: Omit<InstalledPackage, 'app'> | null;
  pack: AppPackage;
}

export async function keepFile(
  tx: Tx,
  ctx: TenantContext,
  file: { id: string; fileName: string; pack: AppPackage; by: MemberId | null; now: Date },
): Promise<void> {
  await tx.run(
    `INSERT INTO lianke.app_package (tenant_id, id, file_name, content, created_by, created_at) VALUES ($1, $2, $3, $4, $5, $6)`,
    [ctx.tenantId, file.id, file.fileName, JSON.stringify(file.pack), file.by, file.now],
  );
}

/** A file that this member read; everybody else's is not there. */
export async function fileOf(tx: Tx, id: string, by: MemberId | null): Promise<ReadFile | undefined> {
  const [row] = await tx.sql<Omit<ReadFile, 'pack'> & { content: unknown }>(
    `SELECT id, file_name, created_by, state, app_id, result, content FROM lianke.app_package
     WHERE id = $1 AND created_by IS NOT DISTINCT FROM $2`,
    [id, by],
  );
  return row && { ...row, pack: appPackage.parse(row.content) };
}

/** Takes the file for installing; false while somebody else is at it, or once it is done. What was cut off may begin anew. */
export async function claimFile(tx: Tx, id: string, now: Date): Promise<boolean> {
  const changed = await tx.run(
    `UPDATE lianke.app_package SET state = 'installing', started_at = $2
     WHERE id = $1 AND (state = 'ready' OR state = 'installing' AND started_at < $2::timestamptz - interval '5 minutes')`,
    [id, now],
  );
  return changed > 0;
}

export async function releaseFile(tx: Tx, id: string): Promise<void> {
  await tx.run(`UPDATE lianke.app_package SET state = 'ready' WHERE id = $1 AND state = 'installing'`, [id]);
}

/** Part of the transaction that installs. False when another one was quicker. */
export async function finishFile(tx: Tx, id: string, appId: AppId, result: ReadFile['result']): Promise<boolean> {
  const changed = await tx.run(
    `UPDATE lianke.app_package SET state = 'installed', app_id = $2, result = $3 WHERE id = $1 AND state = 'installing'`,
    [id, appId, JSON.stringify(result)],
  );
  return changed > 0;
}
