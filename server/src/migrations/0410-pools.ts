import { tenantTable } from '../kernel/database/tenant-table.js';

/** 公海: a form's rules about records that nobody owns, and how records came and went. */
export const migration = {
  name: '0410-pools',
  sql: `
CREATE TABLE lianke.pool (
  tenant_id uuid NOT NULL,
  form_id uuid NOT NULL,
  settings jsonb NOT NULL,
  /** Day of the tenant on which its records were last looked through. */
  ran_on date,
  PRIMARY KEY (tenant_id, form_id)
);
${tenantTable('pool')}

CREATE TABLE lianke.pool_move (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  form_id uuid NOT NULL,
  record_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('claim','assign','return','auto')),
  /** Whose it was, and whose it became. */
  from_id uuid,
  to_id uuid,
  reason text NOT NULL DEFAULT '',
  at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX pool_move_record ON lianke.pool_move (tenant_id, record_id, id DESC);
CREATE INDEX pool_move_claims ON lianke.pool_move (tenant_id, to_id, at) WHERE kind = 'claim';
${tenantTable('pool_move')}

CREATE TABLE lianke.pool_notice (
  tenant_id uuid NOT NULL,
  form_id uuid NOT NULL,
  record_id uuid NOT NULL,
  owner_id uuid NOT NULL,
  /** When the rules would return the record, and the day that its owner was told. */
  due date NOT NULL,
  promised date NOT NULL,
  PRIMARY KEY (tenant_id, form_id, record_id)
);
${tenantTable('pool_notice')}
`,
};
