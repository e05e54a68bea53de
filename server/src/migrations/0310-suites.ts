import { definerFunction, directoryPolicy, tenantTable } from '../kernel/database/tenant-table.js';

const channel = `channel text NOT NULL CHECK (channel IN ('wecom','dingtalk'))`;

/** Apps in the platforms' directories: what the deployment keeps of each, and which company's installation is which tenant. */
export const migration = {
  name: '0310-suites',
  sql: `
/** Null for an app that the company made itself; else the app of the directory through which it is connected. */
ALTER TABLE lianke.chat_connection ADD COLUMN suite_id text;

/** The deployment's, not a tenant's: the newest ticket of each app, by the platform's own time in ms. */
CREATE TABLE lianke.suite_ticket (
  ${channel},
  suite_id text NOT NULL,
  ticket_cipher text NOT NULL,
  ticket_at bigint NOT NULL,
  received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (channel, suite_id)
);
GRANT SELECT, INSERT, UPDATE ON lianke.suite_ticket TO lianke_app;

/** Tokens of the app itself and of its provider, each fetched by one process at a time like those of connections. */
CREATE TABLE lianke.suite_token (
  ${channel},
  suite_id text NOT NULL,
  kind text NOT NULL,
  token_cipher text,
  token_hash bytea,
  expires_at timestamptz,
  lease_until timestamptz,
  epoch int NOT NULL DEFAULT 0,
  PRIMARY KEY (channel, suite_id, kind)
);
GRANT SELECT, INSERT, UPDATE ON lianke.suite_token TO lianke_app;

/** What a platform told an app of its directory, before it is worked on. The body holds codes and is encrypted. */
CREATE TABLE lianke.suite_inbox (
  id uuid PRIMARY KEY,
  ${channel},
  suite_id text NOT NULL,
  digest bytea NOT NULL,
  body_cipher text NOT NULL,
  state text NOT NULL DEFAULT 'new' CHECK (state IN ('new','done','failed')),
  /** The connection that came of it. */
  connection_id uuid,
  error text,
  ready_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  attempts int NOT NULL DEFAULT 0,
  lease_until timestamptz,
  epoch int NOT NULL DEFAULT 0,
  received_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE UNIQUE INDEX suite_inbox_digest ON lianke.suite_inbox (channel, suite_id, digest);
CREATE INDEX suite_inbox_new ON lianke.suite_inbox (received_at, id) WHERE state = 'new';
GRANT SELECT, INSERT, UPDATE, DELETE ON lianke.suite_inbox TO lianke_app;

/** Which tenant a company is that added an app of the directory; one for ever, through removal and return. */
CREATE TABLE lianke.suite_install (
  tenant_id uuid NOT NULL,
  connection_id uuid NOT NULL,
  ${channel},
  suite_id text NOT NULL,
  /** As the platform spells it: an encrypted corp id has case. */
  corp_id text COLLATE "C" NOT NULL,
  corp_name text NOT NULL,
  state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending','active','cancelled')),
  scope jsonb NOT NULL DEFAULT '{}',
  installed_at timestamptz,
  cancelled_at timestamptz,
  /** When the data of a company that took the app away may be deleted; business time. */
  delete_after timestamptz,
  /** When licences were read last. */
  licences_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (tenant_id, connection_id)
);
CREATE UNIQUE INDEX suite_install_corp ON lianke.suite_install (channel, suite_id, corp_id);
${tenantTable('suite_install')}
${directoryPolicy('suite_install', 'ALL')}
${definerFunction(
  'suite_install_of(wanted_channel text, wanted_suite text, wanted_corp text)',
  'TABLE (tenant_id uuid, connection_id uuid, state text)',
  `SELECT i.tenant_id, i.connection_id, i.state FROM lianke.suite_install i
   WHERE i.channel = wanted_channel AND i.suite_id = wanted_suite AND i.corp_id = wanted_corp`,
)}
${definerFunction(
  'suite_install_begin(wanted_channel text, wanted_suite text, wanted_corp text, wanted_name text, new_tenant uuid, new_connection uuid)',
  'TABLE (tenant_id uuid, connection_id uuid, state text)',
  `INSERT INTO lianke.suite_install (tenant_id, connection_id, channel, suite_id, corp_id, corp_name)
   VALUES (new_tenant, new_connection, wanted_channel, wanted_suite, wanted_corp, wanted_name)
   ON CONFLICT (channel, suite_id, corp_id) DO NOTHING;
   SELECT i.tenant_id, i.connection_id, i.state FROM lianke.suite_install i
   WHERE i.channel = wanted_channel AND i.suite_id = wanted_suite AND i.corp_id = wanted_corp`,
)}
${definerFunction(
  'suite_installs()',
  'TABLE (tenant_id uuid, connection_id uuid, licences_at timestamptz)',
  `SELECT i.tenant_id, i.connection_id, i.licences_at FROM lianke.suite_install i WHERE i.state = 'active' ORDER BY i.connection_id`,
)}

/** Until when who may use the app. An empty userid is the company as a whole, with its number of seats. */
CREATE TABLE lianke.chat_licence (
  tenant_id uuid NOT NULL,
  connection_id uuid NOT NULL,
  userid_key text NOT NULL,
  userid text NOT NULL,
  seats int,
  active_at timestamptz,
  expires_at timestamptz NOT NULL,
  /** The end about which administrators were warned: each is told once. */
  warned_for timestamptz,
  PRIMARY KEY (tenant_id, connection_id, userid_key)
);
${tenantTable('chat_licence')}
`,
};
