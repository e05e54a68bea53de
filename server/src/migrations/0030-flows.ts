import { systemPolicy, tenantTable } from '../kernel/database/tenant-table.js';

/** Flows with their immutable versions, runs, steps, and the tasks that wait for people. */
export const migration = {
  name: '0030-flows',
  sql: `
CREATE TABLE lianke.flow (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  app_id uuid NOT NULL,
  form_id uuid NOT NULL,
  name text NOT NULL,
  draft jsonb NOT NULL,
  enabled boolean NOT NULL DEFAULT false,
  published_version int,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX flow_form ON lianke.flow (tenant_id, form_id);
${tenantTable('flow')}

CREATE TABLE lianke.flow_version (
  tenant_id uuid NOT NULL,
  flow_id uuid NOT NULL,
  version int NOT NULL,
  definition jsonb NOT NULL,
  published_by uuid,
  published_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, flow_id, version)
);
${tenantTable('flow_version', 'SELECT, INSERT, DELETE')}

CREATE TABLE lianke.run (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  flow_id uuid NOT NULL,
  version int NOT NULL,
  event_id uuid NOT NULL,
  form_id uuid NOT NULL,
  record_id uuid NOT NULL,
  batch_id uuid,
  starter_id uuid,
  door text NOT NULL,
  depth int NOT NULL,
  state text NOT NULL CHECK (state IN ('ready','waiting','done','failed','cancelled')),
  /** Node to execute next; the node that waits while waiting. */
  node text,
  /** Business time at which a waiting run goes on by itself. */
  due_at timestamptz,
  error text,
  attempts int NOT NULL DEFAULT 0,
  lease_until timestamptz,
  epoch int NOT NULL DEFAULT 0,
  started_at timestamptz NOT NULL,
  finished_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, flow_id, event_id)
);
CREATE INDEX run_ready ON lianke.run (tenant_id, id) WHERE state = 'ready';
CREATE INDEX run_due ON lianke.run (due_at) WHERE state = 'waiting' AND due_at IS NOT NULL;
CREATE INDEX run_record ON lianke.run (tenant_id, record_id);
CREATE INDEX run_flow ON lianke.run (tenant_id, flow_id, id DESC);
${tenantTable('run')}
${systemPolicy('run')}

CREATE TABLE lianke.step (
  tenant_id uuid NOT NULL,
  run_id uuid NOT NULL,
  node text NOT NULL,
  iteration int NOT NULL DEFAULT 0,
  type text NOT NULL,
  state text NOT NULL CHECK (state IN ('waiting','done','failed')),
  input jsonb,
  output jsonb,
  error text,
  started_at timestamptz NOT NULL,
  finished_at timestamptz,
  PRIMARY KEY (tenant_id, run_id, node, iteration)
);
${tenantTable('step')}

CREATE TABLE lianke.task (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  run_id uuid NOT NULL,
  node text NOT NULL,
  member_id uuid NOT NULL,
  state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending','approved','rejected','closed')),
  title text NOT NULL,
  facts jsonb NOT NULL,
  form_id uuid NOT NULL,
  record_id uuid NOT NULL,
  starter_id uuid,
  comment text,
  decided_at timestamptz,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX task_member ON lianke.task (tenant_id, member_id, state, created_at DESC);
CREATE INDEX task_run ON lianke.task (tenant_id, run_id, node);
${tenantTable('task')}
`,
};
