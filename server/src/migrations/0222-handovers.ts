import { tenantTable } from '../kernel/database/tenant-table.js';

/** 离职交接: what was handed to whom, and what each thing but records was before, so that it can be taken back. */
export const migration = {
  name: '0222-handovers',
  sql: `
CREATE TABLE lianke.handover (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  member_id uuid NOT NULL,
  /** Of the records' changes. */
  batch_id uuid NOT NULL,
  results jsonb NOT NULL DEFAULT '[]',
  created_by uuid,
  created_at timestamptz NOT NULL,
  undone_at timestamptz,
  undo jsonb,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX handover_member ON lianke.handover (tenant_id, member_id);
${tenantTable('handover')}

CREATE TABLE lianke.handover_item (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  handover_id uuid NOT NULL,
  kind text NOT NULL,
  /** The thing's own id. */
  ref uuid NOT NULL,
  to_id uuid NOT NULL,
  before jsonb,
  after jsonb,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX handover_item_handover ON lianke.handover_item (tenant_id, handover_id);
${tenantTable('handover_item')}
`,
};
