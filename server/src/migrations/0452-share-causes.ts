import { acrossTenants } from '../kernel/database/tenant-table.js';

/**
 * Why a record is shared: what somebody typed, or that the receiver asked, whose own words stand in `cause`. The sentence
 * around them is made for each reader; what stood in front of them is taken off.
 */
export const migration = {
  name: '0452-share-causes',
  sql: `
ALTER TABLE lianke.record_share ADD COLUMN cause_kind text NOT NULL DEFAULT 'typed' CHECK (cause_kind IN ('typed', 'asked'));
${acrossTenants(
  ['record_share', 'share_request'],
  `UPDATE lianke.record_share s SET cause_kind = 'asked', cause = regexp_replace(s.cause, '^(申请查看：?|Asked to see it(: )?)', '')
FROM lianke.share_request r
WHERE r.tenant_id = s.tenant_id AND r.record_id = s.record_id AND r.asker_id = s.principal_id AND r.state = 'shared'
  AND s.principal_kind = 'member' AND s.cause ~ '^(申请查看|Asked to see it)(：|: |$)';`,
)}
`,
};
