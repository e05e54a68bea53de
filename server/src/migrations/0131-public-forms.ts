import { definerFunction, directoryPolicy, tenantTable } from '../kernel/database/tenant-table.js';

/** Links through which people outside the company fill in a form, what came in by them, and their uploads. */
export const migration = {
  name: '0131-public-forms',
  sql: `
CREATE TABLE lianke.public_form (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  form_id uuid NOT NULL,
  /** The random part of the address. */
  token text NOT NULL UNIQUE,
  enabled boolean NOT NULL,
  settings jsonb NOT NULL,
  /** argon2id */
  password_hash text,
  submissions int NOT NULL DEFAULT 0,
  last_at timestamptz,
  created_by uuid,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX public_form_form ON lianke.public_form (tenant_id, form_id);
${tenantTable('public_form')}
${directoryPolicy('public_form')}
${definerFunction('public_form_tenant(wanted text)', 'uuid', 'SELECT p.tenant_id FROM lianke.public_form p WHERE p.token = wanted')}

CREATE TABLE lianke.public_submission (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  public_form_id uuid NOT NULL,
  record_id uuid NOT NULL,
  /** Keyed hashes of the browser's mark and of the address: they tell repeats, not people. */
  visitor text NOT NULL,
  address text NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, public_form_id, record_id)
);
CREATE INDEX public_submission_visitor ON lianke.public_submission (tenant_id, public_form_id, visitor);
${tenantTable('public_submission')}

CREATE TABLE lianke.public_upload (
  tenant_id uuid NOT NULL,
  file_id uuid NOT NULL,
  public_form_id uuid NOT NULL,
  visitor text NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, file_id)
);
${tenantTable('public_upload')}
`,
};
