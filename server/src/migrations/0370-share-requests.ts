import { tenantTable } from '../kernel/database/tenant-table.js';

/** 申请查看: somebody who may not see a record asks its owner to share it. */
export const migration = {
  name: '0370-share-requests',
  sql: `
CREATE TABLE lianke.share_request (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  form_id uuid NOT NULL,
  record_id uuid NOT NULL,
  asker_id uuid NOT NULL,
  /** Who was asked: the owner at that time. */
  owner_id uuid NOT NULL,
  reason text NOT NULL DEFAULT '',
  state text NOT NULL CHECK (state IN ('open','shared','refused')),
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, record_id, asker_id)
);
${tenantTable('share_request')}
`,
};
