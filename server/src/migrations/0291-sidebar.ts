import { tenantTable } from '../kernel/database/tenant-table.js';

/** Tickets beside tokens, and which customer an external contact is. */
export const migration = {
  name: '0291-sidebar',
  sql: `
-- 'token', or the name of a ticket that signs pages: each is fetched by one process at a time.
ALTER TABLE lianke.chat_token ADD COLUMN kind text NOT NULL DEFAULT 'token';
ALTER TABLE lianke.chat_token DROP CONSTRAINT chat_token_pkey, ADD PRIMARY KEY (tenant_id, connection_id, kind);

-- Which record an external contact of the company's chat belongs to. Every app of one company knows him by the same id.
CREATE TABLE lianke.external_link (
  tenant_id uuid NOT NULL,
  -- '<channel>:<corp id, lower case>'
  corp_key text NOT NULL,
  external_userid text NOT NULL,
  form_id uuid NOT NULL,
  record_id uuid NOT NULL,
  linked_by uuid NOT NULL,
  linked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (tenant_id, corp_key, external_userid)
);
CREATE INDEX external_link_record ON lianke.external_link (tenant_id, record_id);
${tenantTable('external_link')}
`,
};
