import { tenantTable } from '../kernel/database/tenant-table.js';

/** What flows say to other systems in the company's name: secrets and group robots by name, and the mail account. */
export const migration = {
  name: '0201-flow-secrets',
  sql: `
CREATE TABLE lianke.flow_secret (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('secret','robot')),
  sealed text NOT NULL,
  created_by uuid,
  created_at timestamptz NOT NULL,
  rotated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, name)
);
${tenantTable('flow_secret')}

CREATE TABLE lianke.mail_account (
  tenant_id uuid NOT NULL,
  host text NOT NULL,
  port int NOT NULL,
  security text NOT NULL CHECK (security IN ('tls','starttls')),
  user_name text NOT NULL,
  sealed_password text,
  from_address text NOT NULL,
  from_name text NOT NULL,
  updated_by uuid,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id)
);
${tenantTable('mail_account')}
`,
};
