import { tenantTable } from '../kernel/database/tenant-table.js';

/** The recycle bin of an app: deleted flows and pages, each with what it takes to bring it back. */
export const migration = {
  name: '0260-app-bin',
  sql: `
CREATE TABLE lianke.app_bin (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('flow','dashboard')),
  app_id uuid NOT NULL,
  name text NOT NULL,
  content jsonb NOT NULL,
  deleted_at timestamptz NOT NULL,
  deleted_by uuid,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX app_bin_app ON lianke.app_bin (tenant_id, app_id, kind, deleted_at DESC);
${tenantTable('app_bin')}
`,
};
