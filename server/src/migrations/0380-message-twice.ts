export const migration = {
  name: '0380-message-twice',
  sql: `
-- Since when nobody knows whether the message has arrived; and that it was sent again when the platform had forgotten it.
ALTER TABLE lianke.message ADD COLUMN unknown_since timestamptz, ADD COLUMN maybe_twice boolean NOT NULL DEFAULT false;
CREATE INDEX message_maybe_twice ON lianke.message (tenant_id, id) WHERE maybe_twice;
`,
};
