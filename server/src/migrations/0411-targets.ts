import { tenantTable } from '../kernel/database/tenant-table.js';

/** 目标: what is measured, and the figure that each member or department is to reach in a period. */
export const migration = {
  name: '0411-targets',
  sql: `
CREATE TABLE lianke.target (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  form_id uuid NOT NULL,
  definition jsonb NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
${tenantTable('target')}

CREATE TABLE lianke.target_value (
  tenant_id uuid NOT NULL,
  target_id uuid NOT NULL,
  subject_kind text NOT NULL CHECK (subject_kind IN ('member','department')),
  subject_id uuid NOT NULL,
  /** First day of the period. */
  period date NOT NULL,
  amount numeric NOT NULL,
  PRIMARY KEY (tenant_id, target_id, subject_id, period)
);
CREATE INDEX target_value_subject ON lianke.target_value (tenant_id, subject_id, period);
${tenantTable('target_value')}
`,
};
