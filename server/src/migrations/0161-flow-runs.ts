import { tenantTable } from '../kernel/database/tenant-table.js';

/** Runs started by runs, whose turn it is, and who acted on a step. */
export const migration = {
  name: '0161-flow-runs',
  sql: `
ALTER TABLE lianke.run
  -- The step of another run that started this one and waits for its end; null when none waits.
  ADD COLUMN parent_run_id uuid,
  ADD COLUMN parent_node text,
  ADD COLUMN parent_scope text,
  -- Has ended, and its parent was not told yet.
  ADD COLUMN wake_parent boolean NOT NULL DEFAULT false;
CREATE INDEX run_wake ON lianke.run (tenant_id, id) WHERE wake_parent;
CREATE INDEX run_parent ON lianke.run (tenant_id, parent_run_id) WHERE parent_run_id IS NOT NULL;
-- The person who skipped or tried the step again.
ALTER TABLE lianke.step ADD COLUMN actor_id uuid;

CREATE TABLE lianke.flow_turn (
  tenant_id uuid NOT NULL,
  flow_id uuid NOT NULL,
  node text NOT NULL,
  -- How many each member was given, by member id.
  given jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (tenant_id, flow_id, node)
);
${tenantTable('flow_turn')}
`,
};
