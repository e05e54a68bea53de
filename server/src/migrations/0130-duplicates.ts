import { duplicateKeyTableSql } from '../engine/forms/table-ddl.js';
import { systemPolicy, tenantTable } from '../kernel/database/tenant-table.js';

/** Rules about repeated records, the keys they are told by, the making of keys for a whole form, and merged records. */
export const migration = {
  name: '0130-duplicates',
  sql: `
ALTER TABLE lianke.form ADD COLUMN duplicates jsonb NOT NULL DEFAULT '[]';

/** One row a rule: the records of the form get their keys by id, from \`cursor\` on. */
CREATE TABLE lianke.duplicate_build (
  tenant_id uuid NOT NULL,
  form_id uuid NOT NULL,
  rule text NOT NULL,
  state text NOT NULL DEFAULT 'building' CHECK (state IN ('building', 'ready', 'failed')),
  cursor uuid,
  done int NOT NULL DEFAULT 0,
  total int NOT NULL DEFAULT 0,
  lease_until timestamptz,
  epoch int NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (tenant_id, form_id, rule)
);
${tenantTable('duplicate_build')}
${systemPolicy('duplicate_build')}

/** Records that went into another one, with what was moved along beside rows: an undo puts it back. */
CREATE TABLE lianke.merged (
  tenant_id uuid NOT NULL,
  batch_id uuid NOT NULL,
  form_id uuid NOT NULL,
  kept_id uuid NOT NULL,
  record_id uuid NOT NULL,
  moved jsonb NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (tenant_id, batch_id, record_id)
);
CREATE INDEX merged_record ON lianke.merged (tenant_id, record_id);
${tenantTable('merged')}

DO $migrate$
DECLARE
  name text;
BEGIN
  FOR name IN SELECT nspname FROM pg_namespace WHERE nspname ~ '^t_[0-9a-f]{32}$' LOOP
    EXECUTE format('SET LOCAL ROLE %I', name);
    EXECUTE replace($ddl$${duplicateKeyTableSql('@schema@')}$ddl$, '@schema@', format('%I', name));
    RESET ROLE;
  END LOOP;
END
$migrate$;
`,
};
