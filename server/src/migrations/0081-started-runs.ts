/** What the starter of an approval may do: take it back, and press those who keep it waiting. */
export const migration = {
  name: '0081-started-runs',
  sql: `
-- Why the starter took the run back, '' without a reason; null when he did not.
ALTER TABLE lianke.run ADD COLUMN withdrawal text;
-- When the starter last pressed those who keep it waiting.
ALTER TABLE lianke.run ADD COLUMN urged_at timestamptz;
CREATE INDEX task_starter ON lianke.task (tenant_id, starter_id, run_id);
`,
};
