import type { TenantId } from '@lianke/shared/ids';
import type { Tx } from '../kernel/database/tx.js';

/** Members, roles, departments or shares changed: compiled access of this tenant is made anew from the next request on. */
export async function bumpAccess(tx: Tx, tenantId: TenantId): Promise<void> {
  await tx.run('UPDATE lianke.tenant SET access_version = access_version + 1 WHERE tenant_id = $1', [tenantId]);
}

/** A form, flow or view changed: cached metadata of this tenant is read anew from the next request on. */
export async function bumpSchema(tx: Tx, tenantId: TenantId): Promise<void> {
  await tx.run('UPDATE lianke.tenant SET schema_version = schema_version + 1 WHERE tenant_id = $1', [tenantId]);
}
