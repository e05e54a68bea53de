/** What the engine looks for every minute is found without reading every step. */
export const migration = {
  name: '0471-visit-invariants',
  sql: `CREATE INDEX step_asking ON lianke.step (tenant_id, run_id) WHERE state = 'waiting' AND type IN ('approval','fill');
CREATE INDEX step_mute ON lianke.step (tenant_id, run_id) WHERE type = 'approval' AND state = 'done' AND output->>'outcome' IS NULL;`,
};
