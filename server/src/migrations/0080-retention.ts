import { definerFunction, directoryPolicy } from '../kernel/database/tenant-table.js';

/** Tenants may write their audit but never take from it; only this function does, and only what is a year old. */
export const migration = {
  name: '0080-retention',
  sql: `
${directoryPolicy('audit', 'ALL')}
${definerFunction(
  'forget_audit(of_tenant uuid, before timestamptz, at_most int)',
  'int',
  `WITH gone AS (
     DELETE FROM lianke.audit a WHERE a.tenant_id = of_tenant AND a.id IN (
       SELECT id FROM lianke.audit q WHERE q.tenant_id = of_tenant AND q.at < before
         AND q.at < clock_timestamp() - interval '365 days' LIMIT at_most)
     RETURNING 1)
   SELECT count(*)::int FROM gone`,
)}
`,
};
