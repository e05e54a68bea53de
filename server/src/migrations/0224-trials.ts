import { tenantTable } from '../kernel/database/tenant-table.js';

/** 试运行 of apps, and what testers say. `trial` is {testers, startedAt}, null when there is none. */
export const migration = {
  name: '0224-trials',
  sql: `
ALTER TABLE lianke.app ADD COLUMN trial jsonb;

CREATE TABLE lianke.trial_feedback (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  app_id uuid NOT NULL,
  member_id uuid NOT NULL,
  text text NOT NULL,
  page text NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX trial_feedback_app ON lianke.trial_feedback (tenant_id, app_id);
${tenantTable('trial_feedback')}
`,
};
