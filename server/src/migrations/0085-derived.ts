import { systemPolicy, tenantTable } from '../kernel/database/tenant-table.js';

/** Derived values: how to get from a changed record to those that follow from it, and the fields computed as a whole. */
export const migration = {
  name: '0085-derived',
  sql: `
ALTER TABLE lianke.recompute
  /** Steps back from the record to the ones to compute (see derived/requests.ts); empty: the record itself. */
  ADD COLUMN via text[] NOT NULL DEFAULT '{}',
  /** How many flow runs led to the change. */
  ADD COLUMN depth int NOT NULL DEFAULT 0;

/** One row a derived field that was computed for all rows of its form: after publishing, and each midnight when it follows the date. */
CREATE TABLE lianke.derived_build (
  tenant_id uuid NOT NULL,
  form_id uuid NOT NULL,
  field text NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'failed')),
  /** The last record done; records follow by id. */
  cursor uuid,
  done int NOT NULL DEFAULT 0,
  total int,
  error text,
  /** For fields that follow the date: the tenant's calendar date they were last computed for. */
  day date,
  lease_until timestamptz,
  epoch int NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  finished_at timestamptz,
  PRIMARY KEY (tenant_id, form_id, field)
);
${tenantTable('derived_build')}
${systemPolicy('derived_build')}
`,
};
