import { definerFunction } from '../kernel/database/tenant-table.js';

/** The log-in page of DingTalk's client must name the company, which is no secret; other platforms' are not told. */
export const migration = {
  name: '0191-login-connections',
  sql: `
DROP FUNCTION lianke.login_connections(text);
${definerFunction(
  'login_connections(wanted_tenant text)',
  'TABLE (tenant_id uuid, tenant_key text, tenant_name text, password_login boolean, connection_id uuid, channel text, name text, corp_id text)',
  `SELECT t.tenant_id, t.key, t.name, t.password_login, c.id, c.channel, c.name,
     CASE WHEN c.channel = 'dingtalk' THEN c.corp_id END
   FROM lianke.tenant t
   LEFT JOIN lianke.chat_connection c ON c.tenant_id = t.tenant_id AND c.secret_cipher IS NOT NULL
   WHERE wanted_tenant IS NULL OR t.key = wanted_tenant
   ORDER BY t.created_at, c.created_at`,
)}
`,
};
