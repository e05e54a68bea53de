import { tenantTable } from '../kernel/database/tenant-table.js';

/** What was published when and by whom, and the design that waits to be. */
export const migration = {
  name: '0110-form-versions',
  sql: `
CREATE TABLE lianke.form_version (
  tenant_id uuid NOT NULL,
  form_id uuid NOT NULL,
  version int NOT NULL,
  name text NOT NULL,
  definition jsonb NOT NULL,
  /** Names of what the publish added, changed and removed; null when nobody compared. */
  changes jsonb,
  note text,
  restored int,
  published_by uuid,
  published_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, form_id, version)
);
${tenantTable('form_version', 'SELECT, INSERT, DELETE')}

CREATE TABLE lianke.form_draft (
  tenant_id uuid NOT NULL,
  form_id uuid NOT NULL,
  design jsonb NOT NULL,
  base jsonb NOT NULL,
  version int NOT NULL,
  revision int NOT NULL,
  saved_by uuid,
  saved_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, form_id)
);
${tenantTable('form_draft')}
`,
};
