import { definerFunction, directoryPolicy, systemPolicy, tenantTable } from '../kernel/database/tenant-table.js';

const connections = `
CREATE TABLE lianke.chat_connection (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  channel text NOT NULL CHECK (channel IN ('wecom','dingtalk')),
  name text NOT NULL,
  corp_id text NOT NULL,
  agent_id text NOT NULL,
  secret_cipher text,
  callback_token text NOT NULL,
  callback_aes_key_cipher text NOT NULL,
  /** What the checks saw last: secretOk, callbackSeenAt, test … */
  state jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX chat_connection_app ON lianke.chat_connection (tenant_id, channel, lower(corp_id), agent_id);
${tenantTable('chat_connection')}
${directoryPolicy('chat_connection')}
${definerFunction('connection_tenant(wanted uuid)', 'uuid', 'SELECT c.tenant_id FROM lianke.chat_connection c WHERE c.id = wanted')}
${definerFunction(
  'login_connections(wanted_tenant text)',
  'TABLE (tenant_id uuid, tenant_key text, tenant_name text, password_login boolean, connection_id uuid, channel text, name text)',
  `SELECT t.tenant_id, t.key, t.name, t.password_login, c.id, c.channel, c.name
   FROM lianke.tenant t
   LEFT JOIN lianke.chat_connection c ON c.tenant_id = t.tenant_id AND c.secret_cipher IS NOT NULL
   WHERE wanted_tenant IS NULL OR t.key = wanted_tenant
   ORDER BY t.created_at, c.created_at`,
)}

/** Which member a platform's user is. */
CREATE TABLE lianke.chat_account (
  tenant_id uuid NOT NULL,
  connection_id uuid NOT NULL,
  /** Lower-cased: WeCom compares userids without case. */
  userid_key text NOT NULL,
  userid text NOT NULL,
  member_id uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, connection_id, userid_key)
);
CREATE INDEX chat_account_member ON lianke.chat_account (tenant_id, member_id);
${tenantTable('chat_account')}

/** The platform's token of a connection. One process refreshes it at a time, under a lease. */
CREATE TABLE lianke.chat_token (
  tenant_id uuid NOT NULL,
  connection_id uuid NOT NULL,
  token_cipher text,
  /** SHA-256 of the token, so that only whoever failed with this very token can declare it bad. */
  token_hash bytea,
  expires_at timestamptz,
  lease_until timestamptz,
  epoch int NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, connection_id)
);
${tenantTable('chat_token')}
`;

const messages = `
/** Outbox and delivery log in one: one row a recipient. */
CREATE TABLE lianke.message (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  key text NOT NULL,
  member_id uuid NOT NULL,
  card jsonb NOT NULL,
  about_kind text NOT NULL CHECK (about_kind IN ('task','record','none')),
  about_id text,
  mergeable boolean NOT NULL DEFAULT false,
  state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued','sent','failed','skipped','merged')),
  connection_id uuid,
  userid text,
  /** The exact bytes sent, kept before the first attempt so that a repeat is the same. */
  body text,
  intended_at timestamptz,
  sent_at timestamptz,
  msgid text,
  response_code text,
  error text,
  digest_id uuid,
  /** The result to show instead of the buttons, once there is one. */
  outcome text,
  outcome_by uuid,
  outcome_state text CHECK (outcome_state IN ('pending','done','failed')),
  ready_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  attempts int NOT NULL DEFAULT 0,
  lease_until timestamptz,
  epoch int NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX message_key ON lianke.message (tenant_id, key, member_id);
CREATE INDEX message_work ON lianke.message (tenant_id, ready_at, id) WHERE state = 'queued' OR outcome_state = 'pending';
CREATE INDEX message_about ON lianke.message (tenant_id, about_id) WHERE about_id IS NOT NULL;
CREATE INDEX message_merge ON lianke.message (tenant_id, member_id) WHERE state = 'queued' AND mergeable;
${tenantTable('message')}
${systemPolicy('message')}

/** Presses of a card's buttons: each brings a code that updates the presser's copy once, within 72 hours. */
CREATE TABLE lianke.card_press (
  tenant_id uuid NOT NULL,
  message_id uuid NOT NULL,
  response_code text NOT NULL,
  member_id uuid NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (tenant_id, message_id, response_code)
);
${tenantTable('card_press')}

/** What a platform called us with, before it is worked on. */
CREATE TABLE lianke.callback_inbox (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  connection_id uuid NOT NULL,
  /** SHA-1 of the plain text: a repeat has another nonce and another random prefix. */
  digest bytea NOT NULL,
  body text NOT NULL,
  state text NOT NULL DEFAULT 'new' CHECK (state IN ('new','done','failed')),
  error text,
  ready_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  attempts int NOT NULL DEFAULT 0,
  lease_until timestamptz,
  epoch int NOT NULL DEFAULT 0,
  received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX callback_inbox_digest ON lianke.callback_inbox (tenant_id, connection_id, digest);
CREATE INDEX callback_inbox_new ON lianke.callback_inbox (tenant_id, received_at, id) WHERE state = 'new';
${tenantTable('callback_inbox')}
${systemPolicy('callback_inbox')}
`;

/** Connections to chat platforms, their people, and the messages in both directions. */
export const migration = { name: '0015-chat', sql: `${connections}${messages}` };
