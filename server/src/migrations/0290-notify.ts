import { tenantTable } from '../kernel/database/tenant-table.js';

/** Silent hours, choices of what reaches the chat, and messages as their readers find them in the app. */
export const migration = {
  name: '0290-notify',
  sql: `
ALTER TABLE lianke.message
  ADD COLUMN topic text NOT NULL DEFAULT 'notice'
    CHECK (topic IN ('task','reminder','notice','comment','report','direct')),
  ADD COLUMN urgent boolean NOT NULL DEFAULT false,
  -- Until when its reader's silent hours hold it back, in business time.
  ADD COLUMN held_until timestamptz,
  -- Whether it is in its reader's list: digests and results of other messages are not. What is older than this column is read.
  ADD COLUMN in_app boolean NOT NULL DEFAULT false,
  ADD COLUMN read_at timestamptz;
ALTER TABLE lianke.message ALTER COLUMN in_app SET DEFAULT true;
CREATE INDEX message_inbox ON lianke.message (tenant_id, member_id, id DESC) WHERE in_app;
CREATE INDEX message_unread ON lianke.message (tenant_id, member_id) WHERE in_app AND read_at IS NULL;
CREATE INDEX message_held ON lianke.message (tenant_id, member_id) WHERE state = 'queued' AND held_until IS NOT NULL;

-- What the administrator decided for everybody (NotifySettings).
CREATE TABLE lianke.notify_default (
  tenant_id uuid PRIMARY KEY,
  settings jsonb NOT NULL
);
${tenantTable('notify_default')}

-- What a member decided for himself (NotifyChoices).
CREATE TABLE lianke.notify_choice (
  tenant_id uuid NOT NULL,
  member_id uuid NOT NULL,
  choices jsonb NOT NULL,
  PRIMARY KEY (tenant_id, member_id)
);
${tenantTable('notify_choice')}
`,
};
