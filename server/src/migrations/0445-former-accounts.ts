import { tenantTable } from '../kernel/database/tenant-table.js';

export const migration = {
  name: '0445-former-accounts',
  sql: `
-- Whose an account was that the platform took away: whoever comes back to it is the same member again.
CREATE TABLE lianke.chat_former_account (
  tenant_id uuid NOT NULL,
  connection_id uuid NOT NULL,
  userid_key text NOT NULL,
  unionid text,
  member_id uuid NOT NULL,
  ended_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, connection_id, userid_key)
);
CREATE INDEX chat_former_account_member ON lianke.chat_former_account (tenant_id, member_id);
${tenantTable('chat_former_account')}
`,
};
