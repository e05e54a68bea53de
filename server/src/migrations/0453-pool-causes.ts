import { acrossTenants } from '../kernel/database/tenant-table.js';

/**
 * Why a rule gave a record back: which rule it was and its days, put into words for each reader. `reason` stays what a person
 * typed.
 */
export const migration = {
  name: '0453-pool-causes',
  sql: `
ALTER TABLE lianke.pool_move ADD COLUMN cause text CHECK (cause IN ('contact', 'deal'));
ALTER TABLE lianke.pool_move ADD COLUMN cause_days integer;
${acrossTenants(
  ['pool_move'],
  `UPDATE lianke.pool_move SET reason = '', cause_days = substring(reason FROM '\\d+')::integer,
  cause = CASE WHEN reason LIKE '%没有联系' THEN 'contact' ELSE 'deal' END
WHERE kind = 'auto' AND reason ~ '^超过 \\d{1,5} 天没有(联系|成交)$';`,
)}
`,
};
