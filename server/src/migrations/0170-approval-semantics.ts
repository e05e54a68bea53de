import { systemPolicy, tenantTable } from '../kernel/database/tenant-table.js';

/** Signers added, delegation, returns, recalls, copies, absences, locks and evidence of approvals. */
export const migration = {
  name: '0170-approval-semantics',
  sql: `
ALTER TABLE lianke.task DROP CONSTRAINT task_state_check;
ALTER TABLE lianke.task ADD CONSTRAINT task_state_check CHECK (state IN
  ('pending','queued','held','approved','rejected','transferred','returned','removed','done','closed'));
ALTER TABLE lianke.task
  ADD COLUMN kind text NOT NULL DEFAULT 'approve'
    CHECK (kind IN ('approve','before','after','advise','choose','resubmit','inform')),
  -- The task this one was made for: of the member who added, delegated or asked.
  ADD COLUMN parent_id uuid,
  ADD COLUMN added_by uuid,
  -- Signers added together decide together.
  ADD COLUMN group_id uuid,
  ADD COLUMN group_mode text CHECK (group_mode IN ('any','all','sequential')),
  ADD COLUMN depth int NOT NULL DEFAULT 0,
  -- Who answered, when he acted for the member.
  ADD COLUMN decided_by uuid,
  ADD COLUMN auto text CHECK (auto IN ('samePerson','starter','timeout')),
  -- The task whose answer closed this one, and what it was before.
  ADD COLUMN closed_by uuid,
  ADD COLUMN was text,
  -- The task whose answer had this one asked.
  ADD COLUMN asked_by uuid,
  -- A return went to a node before this one's.
  ADD COLUMN undone boolean NOT NULL DEFAULT false,
  ADD COLUMN question text,
  -- Whom the starter chose.
  ADD COLUMN chosen uuid[],
  -- Evidence of an answer.
  ADD COLUMN door text,
  ADD COLUMN content_hash text,
  ADD COLUMN signature uuid,
  ADD COLUMN attachments uuid[];

ALTER TABLE lianke.step ADD COLUMN undone boolean NOT NULL DEFAULT false;
ALTER TABLE lianke.run
  -- 'all' or field ids that nobody may change while the run is under way.
  ADD COLUMN lock jsonb,
  -- Who took the lock off, when and why.
  ADD COLUMN unlocked jsonb,
  -- Nodes that lead straight back to another one after a return: {"<scope>|<node>": {"to": node, "left": …}}.
  ADD COLUMN straight jsonb NOT NULL DEFAULT '{}';
CREATE INDEX run_lock ON lianke.run (tenant_id, record_id) WHERE lock IS NOT NULL;

CREATE TABLE lianke.copy (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  run_id uuid NOT NULL,
  flow_id uuid NOT NULL,
  -- The node, or the task, that sent it: nobody gets two of one.
  source text NOT NULL,
  member_id uuid NOT NULL,
  by_id uuid,
  title text NOT NULL,
  facts jsonb NOT NULL,
  comment text,
  form_id uuid NOT NULL,
  record_id uuid NOT NULL,
  created_at timestamptz NOT NULL,
  read_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, run_id, source, member_id)
);
CREATE INDEX copy_member ON lianke.copy (tenant_id, member_id, id DESC);
${tenantTable('copy')}

CREATE TABLE lianke.away (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  member_id uuid NOT NULL,
  to_id uuid NOT NULL,
  from_at timestamptz NOT NULL,
  until_at timestamptz NOT NULL,
  -- Flows it holds for; all when null.
  flow_ids uuid[],
  set_by uuid,
  created_at timestamptz NOT NULL,
  -- Whether the substitute was sent what already waited.
  told boolean NOT NULL DEFAULT false,
  lease_until timestamptz,
  epoch int NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX away_until ON lianke.away (tenant_id, until_at);
${tenantTable('away')}
${systemPolicy('away')}

CREATE TABLE lianke.phrase (
  tenant_id uuid NOT NULL,
  member_id uuid NOT NULL,
  items text[] NOT NULL,
  PRIMARY KEY (tenant_id, member_id)
);
${tenantTable('phrase')}
`,
};
