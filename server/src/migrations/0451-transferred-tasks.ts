import { tenantTable } from '../kernel/database/tenant-table.js';

/** Open approvals that went along with transferred records: taking the batch back gives them back. */
export const migration = {
  name: '0451-transferred-tasks',
  sql: `
CREATE TABLE lianke.transferred_task (
  tenant_id uuid NOT NULL,
  batch_id uuid NOT NULL,
  task_id uuid NOT NULL,
  from_id uuid NOT NULL,
  to_id uuid NOT NULL,
  PRIMARY KEY (tenant_id, batch_id, task_id)
);
${tenantTable('transferred_task')}
`,
};
