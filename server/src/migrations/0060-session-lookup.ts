import { definerFunction } from '../kernel/database/tenant-table.js';

/**
 * Sessions of several tokens in one call, in plpgsql: a connection plans it once, where a function in SQL is parsed and
 * planned anew at every call.
 */
export const migration = {
  name: '0060-session-lookup',
  sql: `
${definerFunction(
  'resolve_sessions(wanted bytea[])',
  'TABLE (token bytea, session_id uuid, tenant_id uuid, member_id uuid, door text, time_zone text, access_version bigint, schema_version bigint)',
  `BEGIN
  RETURN QUERY SELECT s.token_hash, s.id, s.tenant_id, s.member_id, s.door, t.time_zone, t.access_version, t.schema_version
  FROM lianke.session s
  JOIN lianke.member m ON m.tenant_id = s.tenant_id AND m.id = s.member_id AND m.state = 'active'
  JOIN lianke.tenant t ON t.tenant_id = s.tenant_id
  WHERE s.token_hash = ANY(wanted) AND s.expires_at > clock_timestamp();
END`,
  'plpgsql',
)}
DROP FUNCTION lianke.resolve_session(bytea);
`,
};
