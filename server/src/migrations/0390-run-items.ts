import { tenantTable } from '../kernel/database/tenant-table.js';

/** Records that a step of a run found, where they are more than its result holds: one row each, for the loop over them. */
export const migration = {
  name: '0390-run-items',
  sql: `
CREATE TABLE lianke.run_item (
  tenant_id uuid NOT NULL,
  run_id uuid NOT NULL,
  -- The step that found them.
  node text NOT NULL,
  scope text NOT NULL,
  iteration int NOT NULL,
  n int NOT NULL,
  record_id uuid NOT NULL,
  made_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, run_id, node, scope, iteration, n)
);
${tenantTable('run_item')}
`,
};
