import { definerFunction, directoryPolicy, tenantTable } from '../kernel/database/tenant-table.js';

/** 一次性链接 of public forms: one submission each. */
export const migration = {
  name: '0421-public-invites',
  sql: `
CREATE TABLE lianke.public_invite (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  public_form_id uuid NOT NULL,
  /** The random part of the address. */
  token text NOT NULL UNIQUE,
  label text NOT NULL,
  created_by uuid,
  created_at timestamptz NOT NULL,
  revoked_at timestamptz,
  used_at timestamptz,
  record_id uuid,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, public_form_id) REFERENCES lianke.public_form ON DELETE CASCADE
);
CREATE INDEX public_invite_form ON lianke.public_invite (tenant_id, public_form_id, id DESC);
${tenantTable('public_invite')}
${directoryPolicy('public_invite')}
${definerFunction('public_invite_tenant(wanted text)', 'uuid', 'SELECT i.tenant_id FROM lianke.public_invite i WHERE i.token = wanted')}
`,
};
