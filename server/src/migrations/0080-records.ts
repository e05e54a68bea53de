import { commentTableSql } from '../engine/forms/table-ddl.js';
import { systemPolicy, tenantTable } from '../kernel/database/tenant-table.js';

/** Exports with their progress, what members keep at hand, and comments in the schemas of tenants that exist already. */
export const migration = {
  name: '0080-records',
  sql: `
CREATE TABLE lianke.export (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  form_id uuid NOT NULL,
  form_name text NOT NULL,
  file_name text NOT NULL,
  /** What was asked: format, filter, sort, fields. */
  request jsonb NOT NULL,
  state text NOT NULL CHECK (state IN ('running','done','failed','cancelled','expired')),
  progress_done int NOT NULL DEFAULT 0,
  progress_total int NOT NULL DEFAULT 0,
  size bigint,
  error text,
  cancel_requested boolean NOT NULL DEFAULT false,
  lease_until timestamptz,
  epoch int NOT NULL DEFAULT 0,
  created_by uuid NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX export_mine ON lianke.export (tenant_id, created_by, id DESC);
CREATE INDEX export_working ON lianke.export (lease_until) WHERE state = 'running';
CREATE INDEX export_expiring ON lianke.export (expires_at) WHERE state = 'done';
${tenantTable('export')}
${systemPolicy('export')}

CREATE TABLE lianke.favourite (
  tenant_id uuid NOT NULL,
  member_id uuid NOT NULL,
  form_id uuid NOT NULL,
  record_id uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (tenant_id, member_id, record_id)
);
CREATE INDEX favourite_record ON lianke.favourite (tenant_id, record_id);
${tenantTable('favourite')}

CREATE TABLE lianke.recent (
  tenant_id uuid NOT NULL,
  member_id uuid NOT NULL,
  form_id uuid NOT NULL,
  record_id uuid NOT NULL,
  opened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (tenant_id, member_id, record_id)
);
CREATE INDEX recent_record ON lianke.recent (tenant_id, record_id);
CREATE INDEX recent_mine ON lianke.recent (tenant_id, member_id, opened_at DESC);
${tenantTable('recent')}

DO $migrate$
DECLARE
  name text;
BEGIN
  FOR name IN SELECT nspname FROM pg_namespace WHERE nspname ~ '^t_[0-9a-f]{32}$' LOOP
    EXECUTE format('SET LOCAL ROLE %I', name);
    EXECUTE replace($ddl$${commentTableSql('@schema@')}$ddl$, '@schema@', format('%I', name));
    RESET ROLE;
  END LOOP;
END
$migrate$;
`,
};
