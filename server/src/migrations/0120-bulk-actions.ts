import { tenantTable } from '../kernel/database/tenant-table.js';

/** Bulk actions that can be taken back, and the arranged navigation of apps. */
export const migration = {
  name: '0120-bulk-actions',
  sql: `
CREATE TABLE lianke.bulk_action (
  tenant_id uuid NOT NULL,
  /** The batch of the changes. */
  id uuid NOT NULL,
  form_id uuid NOT NULL,
  action text NOT NULL,
  fields text[] NOT NULL,
  actor_id uuid,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  done int NOT NULL,
  failed int NOT NULL,
  /** Its three buckets, once taken back. */
  undo jsonb,
  undone_at timestamptz,
  undone_by uuid,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX bulk_action_form ON lianke.bulk_action (tenant_id, form_id, id DESC);
${tenantTable('bulk_action')}

ALTER TABLE lianke.app ADD COLUMN nav jsonb;
`,
};
