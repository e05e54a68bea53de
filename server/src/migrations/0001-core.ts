import { definerFunction, directoryPolicy, systemPolicy, tenantTable } from '../kernel/database/tenant-table.js';

const organisation = `
CREATE TABLE lianke.tenant (
  tenant_id uuid PRIMARY KEY,
  key text NOT NULL UNIQUE,
  name text NOT NULL,
  time_zone text NOT NULL DEFAULT 'Asia/Shanghai',
  placement text NOT NULL DEFAULT 'main',
  password_login boolean NOT NULL DEFAULT true,
  access_version bigint NOT NULL DEFAULT 1,
  schema_version bigint NOT NULL DEFAULT 1,
  demo boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now()
);
${tenantTable('tenant', 'SELECT, UPDATE')}
${directoryPolicy('tenant', 'ALL')}

CREATE TABLE lianke.member (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  account text,
  password_hash text,
  title text,
  mobile text,
  email text,
  state text NOT NULL DEFAULT 'active' CHECK (state IN ('active','invited','left')),
  manager_id uuid,
  source text NOT NULL DEFAULT 'manual',
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX member_account ON lianke.member (tenant_id, lower(account)) WHERE account IS NOT NULL;
${tenantTable('member')}
${directoryPolicy('member')}

CREATE TABLE lianke.department (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  parent_id uuid,
  sort int NOT NULL DEFAULT 0,
  source text NOT NULL DEFAULT 'manual',
  external_id text,
  PRIMARY KEY (tenant_id, id)
);
${tenantTable('department')}

CREATE TABLE lianke.department_closure (
  tenant_id uuid NOT NULL,
  ancestor_id uuid NOT NULL,
  descendant_id uuid NOT NULL,
  depth int NOT NULL,
  PRIMARY KEY (tenant_id, ancestor_id, descendant_id)
);
${tenantTable('department_closure')}

CREATE TABLE lianke.department_member (
  tenant_id uuid NOT NULL,
  department_id uuid NOT NULL,
  member_id uuid NOT NULL,
  leader boolean NOT NULL DEFAULT false,
  main boolean NOT NULL DEFAULT true,
  source text NOT NULL DEFAULT 'manual',
  PRIMARY KEY (tenant_id, department_id, member_id)
);
CREATE INDEX department_member_member ON lianke.department_member (tenant_id, member_id);
${tenantTable('department_member')}

CREATE TABLE lianke.role (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  key text,
  name text NOT NULL,
  permissions jsonb NOT NULL DEFAULT '{}',
  system boolean NOT NULL DEFAULT false,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX role_key ON lianke.role (tenant_id, key) WHERE key IS NOT NULL;
${tenantTable('role')}

CREATE TABLE lianke.role_member (
  tenant_id uuid NOT NULL,
  role_id uuid NOT NULL,
  member_id uuid NOT NULL,
  PRIMARY KEY (tenant_id, role_id, member_id)
);
${tenantTable('role_member')}
`;

const metadata = `
CREATE TABLE lianke.app (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  key text NOT NULL,
  name text NOT NULL,
  icon text,
  sort int NOT NULL DEFAULT 0,
  package_version text,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX app_key ON lianke.app (tenant_id, key);
${tenantTable('app')}

CREATE TABLE lianke.form (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  app_id uuid NOT NULL,
  key text NOT NULL,
  name text NOT NULL,
  definition jsonb NOT NULL,
  version int NOT NULL DEFAULT 1,
  /** A published flow or webhook wants this form's events. */
  watched boolean NOT NULL DEFAULT false,
  sort int NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX form_key ON lianke.form (tenant_id, app_id, key) WHERE deleted_at IS NULL;
${tenantTable('form')}

CREATE TABLE lianke.view (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  form_id uuid NOT NULL,
  owner_id uuid,
  definition jsonb NOT NULL,
  sort int NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX view_form ON lianke.view (tenant_id, form_id);
${tenantTable('view')}

CREATE TABLE lianke.dashboard (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  app_id uuid NOT NULL,
  name text NOT NULL,
  definition jsonb NOT NULL,
  version int NOT NULL DEFAULT 1,
  sort int NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id)
);
${tenantTable('dashboard')}
`;

const records = `
CREATE TABLE lianke.form_counter (
  tenant_id uuid NOT NULL,
  form_id uuid NOT NULL,
  counter bigint NOT NULL DEFAULT 0,
  changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (tenant_id, form_id)
);
${tenantTable('form_counter')}

CREATE TABLE lianke.event (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  form_id uuid NOT NULL,
  record_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('created','updated','deleted','restored')),
  before jsonb NOT NULL,
  after jsonb NOT NULL,
  changed text[] NOT NULL,
  batch_id uuid,
  actor_id uuid,
  door text NOT NULL,
  depth int NOT NULL,
  cause_run_id uuid,
  state text NOT NULL DEFAULT 'new' CHECK (state IN ('new','done','failed')),
  attempts int NOT NULL DEFAULT 0,
  error text,
  lease_until timestamptz,
  epoch int NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX event_new ON lianke.event (tenant_id, created_at, id) WHERE state = 'new';
CREATE INDEX event_record ON lianke.event (tenant_id, record_id);
${tenantTable('event')}
${systemPolicy('event')}

CREATE TABLE lianke.recompute (
  tenant_id uuid NOT NULL,
  form_id uuid NOT NULL,
  record_id uuid NOT NULL,
  field text NOT NULL,
  /** Grows with each request, so that one made while a worker computes is not lost. */
  ticket bigint GENERATED ALWAYS AS IDENTITY,
  lease_until timestamptz,
  epoch int NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (tenant_id, ticket)
);
${tenantTable('recompute')}
${systemPolicy('recompute')}

CREATE TABLE lianke.autonumber (
  tenant_id uuid NOT NULL,
  form_id uuid NOT NULL,
  field text NOT NULL,
  cycle text NOT NULL,
  next bigint NOT NULL,
  PRIMARY KEY (tenant_id, form_id, field, cycle)
);
${tenantTable('autonumber')}

CREATE TABLE lianke.batch (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  kind text NOT NULL,
  actor_id uuid,
  state text NOT NULL DEFAULT 'done',
  report jsonb,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id)
);
${tenantTable('batch')}

CREATE TABLE lianke.file (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  mime text NOT NULL,
  size bigint NOT NULL,
  storage_key text NOT NULL,
  uploader_id uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id)
);
${tenantTable('file')}

CREATE TABLE lianke.audit (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  actor_id uuid,
  action text NOT NULL,
  object text,
  detail jsonb,
  address text,
  PRIMARY KEY (tenant_id, id)
);
${tenantTable('audit', 'SELECT, INSERT')}

CREATE TABLE lianke.idempotency (
  tenant_id uuid NOT NULL,
  actor_id uuid NOT NULL,
  route text NOT NULL,
  key text NOT NULL,
  body_hash bytea NOT NULL,
  status int,
  answer jsonb,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, actor_id, route, key)
);
${tenantTable('idempotency')}
`;

const directory = `
${definerFunction(
  'tenant_directory()',
  'TABLE (tenant_id uuid, key text, name text, time_zone text, placement text, demo boolean, access_version bigint, schema_version bigint)',
  'SELECT tenant_id, key, name, time_zone, placement, demo, access_version, schema_version FROM lianke.tenant ORDER BY created_at',
)}
${definerFunction(
  'tenant_versions(wanted uuid)',
  'TABLE (time_zone text, access_version bigint, schema_version bigint)',
  'SELECT time_zone, access_version, schema_version FROM lianke.tenant WHERE tenant_id = wanted',
)}
${definerFunction(
  'secret_check(wanted text)',
  'text',
  `INSERT INTO lianke.installation (name, value) VALUES ('secret_check', wanted) ON CONFLICT (name) DO NOTHING;
  SELECT value FROM lianke.installation WHERE name = 'secret_check'`,
)}
`;

/** Tenants, people, metadata, and what the record engine shares between tenants. */
export const migration = {
  name: '0001-core',
  sql: `
CREATE TABLE lianke.installation (name text PRIMARY KEY, value text NOT NULL);
${organisation}${metadata}${records}${directory}`,
};
