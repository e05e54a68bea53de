import { definerFunction, directoryPolicy, tenantTable } from '../kernel/database/tenant-table.js';

/** Keys of the open interface. A revoked key's row stays: the trail and the list name it. */
export const migration = {
  name: '0300-api-keys',
  sql: `
CREATE TABLE lianke.api_key (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  /** SHA-256 of the key; the key itself is with its holder only. */
  token_hash bytea NOT NULL,
  /** The key's beginning, to tell keys apart by. */
  hint text NOT NULL,
  member_id uuid NOT NULL,
  writes boolean NOT NULL,
  /** Null: every form that the member may use. */
  forms uuid[],
  per_minute int NOT NULL,
  created_by uuid,
  created_at timestamptz NOT NULL,
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz,
  last_used_from text,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX api_key_token ON lianke.api_key (token_hash);
CREATE UNIQUE INDEX api_key_name ON lianke.api_key (tenant_id, name) WHERE revoked_at IS NULL;
${tenantTable('api_key')}
${directoryPolicy('api_key')}
/** In plpgsql, so that a connection plans it once. What has ended is answered too: its holder is told so. */
${definerFunction(
  'resolve_api_keys(wanted bytea[])',
  `TABLE (token bytea, key_id uuid, tenant_id uuid, member_id uuid, member_active boolean, writes boolean, forms text[], per_minute int,
     expires_at timestamptz, revoked_at timestamptz, time_zone text, access_version bigint, schema_version bigint)`,
  `BEGIN
  RETURN QUERY SELECT k.token_hash, k.id, k.tenant_id, k.member_id, coalesce(m.state = 'active', false), k.writes, k.forms::text[], k.per_minute,
    k.expires_at, k.revoked_at, t.time_zone, t.access_version, t.schema_version
  FROM lianke.api_key k
  JOIN lianke.tenant t ON t.tenant_id = k.tenant_id
  LEFT JOIN lianke.member m ON m.tenant_id = k.tenant_id AND m.id = k.member_id
  WHERE k.token_hash = ANY(wanted);
END`,
  'plpgsql',
)}
`,
};
