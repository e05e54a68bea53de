import { definerFunction, tenantTable } from '../kernel/database/tenant-table.js';

/** A second chat platform beside the first: what its connections, accounts, messages and organisation need more. */
export const migration = {
  name: '0190-dingtalk',
  sql: `
/** Public name of the app's credentials, and what else its platform wants to know. */
ALTER TABLE lianke.chat_connection ADD COLUMN app_key text, ADD COLUMN settings jsonb NOT NULL DEFAULT '{}';
/** The person's id across the apps of one developer, where the platform has one. */
ALTER TABLE lianke.chat_account ADD COLUMN unionid text;
/** What the platform answered and is needed to change the message later. */
ALTER TABLE lianke.message ADD COLUMN receipt jsonb;
/** Which connection brought it; null for what somebody made by hand, and for rows older than this column. */
ALTER TABLE lianke.department ADD COLUMN connection_id uuid;
ALTER TABLE lianke.department_member ADD COLUMN connection_id uuid;

/** Which department a platform's number stands for: two platforms of one company meet in one tree. */
CREATE TABLE lianke.chat_department (
  tenant_id uuid NOT NULL,
  connection_id uuid NOT NULL,
  number bigint NOT NULL,
  department_id uuid NOT NULL,
  PRIMARY KEY (tenant_id, connection_id, number)
);
CREATE INDEX chat_department_department ON lianke.chat_department (tenant_id, department_id);
${tenantTable('chat_department')}

/** Where a member with accounts on several platforms wants his messages. */
CREATE TABLE lianke.chat_choice (
  tenant_id uuid NOT NULL,
  member_id uuid NOT NULL,
  channel text NOT NULL CHECK (channel IN ('wecom','dingtalk')),
  PRIMARY KEY (tenant_id, member_id)
);
${tenantTable('chat_choice')}

/** Who keeps a connection's stream open: one process, as long as it renews its lease. */
CREATE TABLE lianke.chat_stream (
  tenant_id uuid NOT NULL,
  connection_id uuid NOT NULL,
  holder uuid NOT NULL,
  lease_until timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, connection_id)
);
${tenantTable('chat_stream')}

${definerFunction(
  'org_syncs()',
  'TABLE (tenant_id uuid, connection_id uuid, time_zone text, sync jsonb)',
  `SELECT c.tenant_id, c.id, t.time_zone, c.state->'sync' FROM lianke.chat_connection c
   JOIN lianke.tenant t ON t.tenant_id = c.tenant_id
   WHERE c.secret_cipher IS NOT NULL ORDER BY c.id`,
)}
${definerFunction(
  'stream_connections()',
  'TABLE (tenant_id uuid, connection_id uuid)',
  `SELECT c.tenant_id, c.id FROM lianke.chat_connection c
   WHERE c.secret_cipher IS NOT NULL AND c.settings->>'push' = 'stream' ORDER BY c.id`,
)}
`,
};
