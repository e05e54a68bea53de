/** What somebody has dealt with is listed by when he did, however much it has become. */
export const migration = {
  name: '0460-decided-tasks',
  sql: `CREATE INDEX task_decided ON lianke.task (tenant_id, decided_by, decided_at DESC) WHERE decided_by IS NOT NULL;`,
};
