import { definerFunction, directoryPolicy, tenantTable } from '../kernel/database/tenant-table.js';

const sessions = `
CREATE TABLE lianke.session (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  /** SHA-256 of the token; the token itself is with the browser only. */
  token_hash bytea NOT NULL,
  member_id uuid NOT NULL,
  channel text NOT NULL CHECK (channel IN ('password','wecom','dingtalk')),
  /** What the log-in proved beyond this tenant: which person of which corp. Null for passwords. */
  person_key text,
  door text NOT NULL DEFAULT 'console' CHECK (door IN ('console','miniapp')),
  address text,
  user_agent text,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX session_token ON lianke.session (token_hash);
CREATE INDEX session_member ON lianke.session (tenant_id, member_id);
${tenantTable('session')}
${directoryPolicy('session')}
${definerFunction(
  'resolve_session(wanted bytea)',
  'TABLE (session_id uuid, tenant_id uuid, member_id uuid, door text, time_zone text, access_version bigint, schema_version bigint)',
  `SELECT s.id, s.tenant_id, s.member_id, s.door, t.time_zone, t.access_version, t.schema_version
   FROM lianke.session s
   JOIN lianke.member m ON m.tenant_id = s.tenant_id AND m.id = s.member_id AND m.state = 'active'
   JOIN lianke.tenant t ON t.tenant_id = s.tenant_id
   WHERE s.token_hash = wanted AND s.expires_at > clock_timestamp()`,
)}

/** Whoever leaves loses every session in the transaction that makes him leave. */
CREATE FUNCTION lianke.end_sessions_of_leaver() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  DELETE FROM lianke.session WHERE tenant_id = NEW.tenant_id AND member_id = NEW.id;
  RETURN NULL;
END $body$;
CREATE TRIGGER member_left AFTER UPDATE OF state ON lianke.member FOR EACH ROW
  WHEN (NEW.state <> 'active' AND OLD.state = 'active') EXECUTE FUNCTION lianke.end_sessions_of_leaver();
`;

const invites = `
CREATE TABLE lianke.invite (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  token_hash bytea NOT NULL,
  member_id uuid NOT NULL,
  created_by uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX invite_token ON lianke.invite (token_hash);
${tenantTable('invite')}
${directoryPolicy('invite')}
${definerFunction('invite_tenant(wanted bytea)', 'uuid', 'SELECT i.tenant_id FROM lianke.invite i WHERE i.token_hash = wanted')}
`;

const attempts = `
/** A log-in under way at a chat platform; a state serves once. */
CREATE TABLE lianke.login_attempt (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  connection_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('qr','redirect')),
  state_hash bytea NOT NULL,
  /** SHA-256 of the cookie of the browser that began. */
  nonce_hash bytea NOT NULL,
  return_to text NOT NULL DEFAULT '/',
  status text NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting','exchanging','confirming','done','refused','collected')),
  reason text,
  member_id uuid,
  person_key text,
  /** A member already logged in who wants this chat account to be his. */
  bind_member_id uuid,
  confirm_hash bytea,
  address text,
  user_agent text,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX login_attempt_state ON lianke.login_attempt (tenant_id, state_hash);
CREATE INDEX login_attempt_expiry ON lianke.login_attempt (tenant_id, expires_at);
${tenantTable('login_attempt')}
`;

const people = `
/**
 * Members of several tenants that are one person. Keys: \`wecom:<corp>:<userid>\` (proved by a log-in through that corp)
 * and \`group:<name>:<account>\` (tenants that whoever runs this installation has put together).
 */
CREATE TABLE lianke.person_link (
  tenant_id uuid NOT NULL,
  person_key text NOT NULL,
  member_id uuid NOT NULL,
  PRIMARY KEY (tenant_id, person_key, member_id)
);
CREATE INDEX person_link_key ON lianke.person_link (person_key);
CREATE INDEX person_link_member ON lianke.person_link (tenant_id, member_id);
${tenantTable('person_link')}
${directoryPolicy('person_link')}
${definerFunction(
  'person_tenants(of_tenant uuid, of_member uuid, proven text)',
  'TABLE (tenant_id uuid, member_id uuid, name text)',
  `SELECT DISTINCT ON (t.created_at, t.tenant_id) t.tenant_id, m.id, t.name
   FROM lianke.person_link mine
   JOIN lianke.person_link other ON other.person_key = mine.person_key AND other.tenant_id <> mine.tenant_id
   JOIN lianke.member m ON m.tenant_id = other.tenant_id AND m.id = other.member_id AND m.state = 'active'
   JOIN lianke.tenant t ON t.tenant_id = other.tenant_id
   WHERE mine.tenant_id = of_tenant AND mine.member_id = of_member
     AND (mine.person_key LIKE 'group:%' OR mine.person_key = proven)
   ORDER BY t.created_at, t.tenant_id, m.id`,
)}
`;

/** Sessions, invitations, log-ins under way, and who is the same person in several tenants. */
export const migration = { name: '0010-identity', sql: `${sessions}${invites}${attempts}${people}` };
