import { systemPolicy, tenantTable } from '../kernel/database/tenant-table.js';

/** Fields whose type is changed: their values are converted into a column beside the old one, in steps. */
export const migration = {
  name: '0210-field-conversion',
  sql: `
ALTER TABLE lianke.form
  /** A conversion is under way: writers make sure that the form is still the one they know. */
  ADD COLUMN converting boolean NOT NULL DEFAULT false;

CREATE TABLE lianke.field_conversion (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  form_id uuid NOT NULL,
  field text NOT NULL,
  /** The field's definition and column as they stood, and as they are to be. */
  source jsonb NOT NULL,
  source_column text NOT NULL,
  target jsonb NOT NULL,
  target_column text NOT NULL,
  /** Holds, a record, the version whose value stands in both columns. */
  mark_column text NOT NULL,
  /** The conversion that this one takes back. */
  undoes uuid,
  state text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'done', 'failed', 'canceled')),
  cursor uuid,
  done int NOT NULL DEFAULT 0,
  total int,
  failing int NOT NULL DEFAULT 0,
  error text,
  /** The old column still stands with its values. */
  kept boolean NOT NULL DEFAULT true,
  created_by uuid,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  finished_at timestamptz,
  lease_until timestamptz,
  epoch int NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX field_conversion_form ON lianke.field_conversion (tenant_id, form_id, created_at DESC);
CREATE UNIQUE INDEX field_conversion_running ON lianke.field_conversion (tenant_id, form_id) WHERE state = 'running';
${tenantTable('field_conversion')}
${systemPolicy('field_conversion')}
`,
};
