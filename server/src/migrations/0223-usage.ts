import { tenantTable } from '../kernel/database/tenant-table.js';

/** What each member did in each week, added up from the history of records, and how far that has been read. */
export const migration = {
  name: '0223-usage',
  sql: `
CREATE TABLE lianke.usage_week (
  tenant_id uuid NOT NULL,
  week date NOT NULL,
  member_id uuid NOT NULL,
  created int NOT NULL DEFAULT 0,
  changed int NOT NULL DEFAULT 0,
  phone int NOT NULL DEFAULT 0,
  desk int NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, week, member_id)
);
${tenantTable('usage_week')}

CREATE TABLE lianke.usage_mark (
  tenant_id uuid PRIMARY KEY,
  change_id uuid NOT NULL
);
${tenantTable('usage_mark')}
`,
};
