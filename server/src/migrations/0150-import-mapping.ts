import { tenantTable } from '../kernel/database/tenant-table.js';

/** Where the columns of a sheet with the same headers went the last time. */
export const migration = {
  name: '0150-import-mapping',
  sql: `
CREATE TABLE lianke.import_mapping (
  tenant_id uuid NOT NULL,
  app_id uuid NOT NULL,
  /** SHA-256 of the sheet's headers in their order, and of the form that was asked for, if one was. */
  signature text NOT NULL,
  /** Targets, columns by header, what was decided about options and people. */
  mapping jsonb NOT NULL,
  used_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (tenant_id, app_id, signature)
);
${tenantTable('import_mapping')}
`,
};
