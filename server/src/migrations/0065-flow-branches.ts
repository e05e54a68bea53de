import { tenantTable } from '../kernel/database/tenant-table.js';

/** Runs with several paths at once, steps by path and visit, calls to other systems under way. */
export const migration = {
  name: '0065-flow-branches',
  sql: `
-- A schedule or a webhook starts a run without a record.
ALTER TABLE lianke.run ALTER COLUMN form_id DROP NOT NULL;
ALTER TABLE lianke.run ALTER COLUMN record_id DROP NOT NULL;
ALTER TABLE lianke.run
  -- Open paths inside parallel branches and loops; 0 for a run that has only its own path.
  ADD COLUMN branches int NOT NULL DEFAULT 0,
  -- What the trigger brought beside a record: a webhook's body, a button's form.
  ADD COLUMN input jsonb;
ALTER TABLE lianke.run DROP CONSTRAINT run_state_check;
ALTER TABLE lianke.run ADD CONSTRAINT run_state_check
  CHECK (state IN ('ready','waiting','calling','done','failed','cancelled'));
CREATE INDEX run_calling ON lianke.run (tenant_id, id) WHERE state = 'calling';

CREATE TABLE lianke.branch (
  tenant_id uuid NOT NULL,
  run_id uuid NOT NULL,
  -- Path of the branch, for example 'par#a/' or 'loop#3/par#b/'; the outer path is its beginning.
  scope text NOT NULL,
  outer_scope text NOT NULL,
  -- The parallel or loop node that opened it.
  opened_by text NOT NULL,
  node text NOT NULL,
  state text NOT NULL CHECK (state IN ('ready','waiting','calling','split')),
  due_at timestamptz,
  PRIMARY KEY (tenant_id, run_id, scope)
);
${tenantTable('branch')}

ALTER TABLE lianke.step ADD COLUMN scope text NOT NULL DEFAULT '';
ALTER TABLE lianke.step DROP CONSTRAINT step_pkey;
ALTER TABLE lianke.step ADD PRIMARY KEY (tenant_id, run_id, node, scope, iteration);
ALTER TABLE lianke.step DROP CONSTRAINT step_state_check;
ALTER TABLE lianke.step ADD CONSTRAINT step_state_check CHECK (state IN ('waiting','calling','done','failed','skipped'));

ALTER TABLE lianke.task ADD COLUMN scope text NOT NULL DEFAULT '';
ALTER TABLE lianke.task ADD COLUMN iteration int NOT NULL DEFAULT 0;
`,
};
