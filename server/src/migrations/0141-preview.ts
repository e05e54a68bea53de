import { tenantTable } from '../kernel/database/tenant-table.js';

/** Previews as another member: which administrator looks as whom, until when. */
export const migration = {
  name: '0141-preview',
  sql: `
CREATE TABLE lianke.preview (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  by_id uuid NOT NULL,
  member_id uuid NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
${tenantTable('preview')}
`,
};
