import { systemPolicy, tenantTable } from '../kernel/database/tenant-table.js';

/** Imports with their plan and progress, and the rows that did not come in. */
export const migration = {
  name: '0020-imports',
  sql: `
CREATE TABLE lianke.import (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  app_id uuid NOT NULL,
  file_name text NOT NULL,
  storage_key uuid NOT NULL,
  state text NOT NULL CHECK (state IN ('checking','ready','running','done','failed','cancelled','undoing','undone')),
  /** sheets and options as the person last left them. */
  plan jsonb NOT NULL,
  /** Grows with every change of the plan: keys the cached evaluation. */
  revision int NOT NULL DEFAULT 1,
  check_result jsonb,
  progress_done int NOT NULL DEFAULT 0,
  progress_total int NOT NULL DEFAULT 0,
  results jsonb NOT NULL DEFAULT '[]',
  error_rows int NOT NULL DEFAULT 0,
  batch_id uuid NOT NULL,
  undo jsonb,
  error text,
  /** Forms and fields of the plan exist. */
  forms_ready boolean NOT NULL DEFAULT false,
  /** Chunks committed so far. */
  next_chunk int NOT NULL DEFAULT 0,
  cancel_requested boolean NOT NULL DEFAULT false,
  lease_until timestamptz,
  epoch int NOT NULL DEFAULT 0,
  created_by uuid,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX import_app ON lianke.import (tenant_id, app_id, id DESC);
CREATE INDEX import_working ON lianke.import (lease_until) WHERE state IN ('running','undoing');
${tenantTable('import')}
${systemPolicy('import')}

CREATE TABLE lianke.import_failure (
  tenant_id uuid NOT NULL,
  import_id uuid NOT NULL,
  sheet int NOT NULL,
  row int NOT NULL,
  reason text NOT NULL,
  PRIMARY KEY (tenant_id, import_id, sheet, row)
);
${tenantTable('import_failure')}
`,
};
