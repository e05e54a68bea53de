export const migration = {
  name: '0497-unproven',
  sql: `
-- Taken by the platform, which did not say at once whether the person gets it: asked again until it does.
ALTER TABLE lianke.message ADD COLUMN unproven boolean NOT NULL DEFAULT false;
DROP INDEX lianke.message_work;
CREATE INDEX message_work ON lianke.message (tenant_id, ready_at, id)
  WHERE state = 'queued' OR outcome_state = 'pending' OR recall_state = 'pending' OR unproven;
`,
};
