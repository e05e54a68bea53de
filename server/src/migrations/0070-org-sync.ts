import { definerFunction } from '../kernel/database/tenant-table.js';

/** Which connections the nightly synchronisation looks at: those with a secret, of every tenant. */
export const migration = {
  name: '0070-org-sync',
  sql: definerFunction(
    'org_syncs()',
    'TABLE (tenant_id uuid, connection_id uuid, time_zone text, sync jsonb)',
    `SELECT c.tenant_id, c.id, t.time_zone, c.state->'sync' FROM lianke.chat_connection c
     JOIN lianke.tenant t ON t.tenant_id = c.tenant_id
     WHERE c.secret_cipher IS NOT NULL AND c.channel = 'wecom' ORDER BY c.id`,
  ),
};
