/** What falls due is found tenant by tenant. */
export const migration = {
  name: '0280-run-timed',
  sql: `
CREATE INDEX run_timed ON lianke.run (tenant_id, due_at, id) WHERE state IN ('waiting','calling') AND due_at IS NOT NULL;
DROP INDEX lianke.run_due;
`,
};
