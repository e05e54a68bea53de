/** How many days a company keeps what its flows did; bounds as the contract of `runs.retention` has them. */
export const migration = {
  name: '0361-run-days',
  sql: 'ALTER TABLE lianke.tenant ADD COLUMN run_days int NOT NULL DEFAULT 180 CHECK (run_days BETWEEN 30 AND 1095);',
};
