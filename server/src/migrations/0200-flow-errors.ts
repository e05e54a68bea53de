/** How often a step was tried anew by its own policy, and failed runs found across flows. */
export const migration = {
  name: '0200-flow-errors',
  sql: `
ALTER TABLE lianke.step ADD COLUMN attempts int NOT NULL DEFAULT 0;
CREATE INDEX run_failed ON lianke.run (tenant_id, id DESC) WHERE state = 'failed';
CREATE INDEX run_finished ON lianke.run (tenant_id, finished_at) WHERE state IN ('done','cancelled');
`,
};
