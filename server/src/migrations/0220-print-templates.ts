import { tenantTable } from '../kernel/database/tenant-table.js';

/** Word files by which the records of a form are printed. They are small and are kept beside their row. */
export const migration = {
  name: '0220-print-templates',
  sql: `
CREATE TABLE lianke.print_template (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  form_id uuid NOT NULL,
  name text NOT NULL,
  file_name text NOT NULL,
  content bytea NOT NULL,
  placeholders text[] NOT NULL,
  is_default boolean NOT NULL DEFAULT false,
  created_by uuid,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX print_template_form ON lianke.print_template (tenant_id, form_id);
CREATE UNIQUE INDEX print_template_default ON lianke.print_template (tenant_id, form_id) WHERE is_default;
${tenantTable('print_template')}
`,
};
