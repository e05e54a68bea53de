export const migration = {
  name: '0400-message-recall',
  sql: `
-- Messages taken back: by a member, or (recall_by null) because what they asked for had been withdrawn. \`marked\`: the platform
-- takes none of this kind back, the copy in the chat says so instead.
ALTER TABLE lianke.message
  ADD COLUMN recall_state text CHECK (recall_state IN ('pending','done','marked','failed')),
  ADD COLUMN recall_by uuid,
  ADD COLUMN recall_at timestamptz,
  ADD COLUMN recall_error text;
DROP INDEX lianke.message_work;
CREATE INDEX message_work ON lianke.message (tenant_id, ready_at, id)
  WHERE state = 'queued' OR outcome_state = 'pending' OR recall_state = 'pending';
CREATE INDEX message_recalled ON lianke.message (tenant_id, id) WHERE recall_state IS NOT NULL;
`,
};
