import { tenantTable } from '../kernel/database/tenant-table.js';

/** How far the morning's reminders of a company have come. */
export const migration = {
  name: '0230-task-reminders',
  sql: `
CREATE TABLE lianke.task_reminder (
  tenant_id uuid PRIMARY KEY,
  -- The last day, in the company's zone, whose due tasks people were told about.
  told_on date NOT NULL
);
${tenantTable('task_reminder')}
`,
};
