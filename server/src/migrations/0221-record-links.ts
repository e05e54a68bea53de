import { definerFunction, directoryPolicy, tenantTable } from '../kernel/database/tenant-table.js';

/** Links by which people without an account see one record, and when they were opened. */
export const migration = {
  name: '0221-record-links',
  sql: `
CREATE TABLE lianke.record_link (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  form_id uuid NOT NULL,
  record_id uuid NOT NULL,
  /** The random part of the address. */
  token text NOT NULL UNIQUE,
  fields text[] NOT NULL,
  note text NOT NULL,
  /** argon2id */
  password_hash text,
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz,
  uses int NOT NULL DEFAULT 0,
  last_at timestamptz,
  created_by uuid NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX record_link_record ON lianke.record_link (tenant_id, record_id);
${tenantTable('record_link')}
${directoryPolicy('record_link')}
${definerFunction('record_link_tenant(wanted text)', 'uuid', 'SELECT l.tenant_id FROM lianke.record_link l WHERE l.token = wanted')}

CREATE TABLE lianke.record_link_use (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  link_id uuid NOT NULL,
  address text NOT NULL,
  device text NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX record_link_use_link ON lianke.record_link_use (tenant_id, link_id);
${tenantTable('record_link_use')}
`,
};
