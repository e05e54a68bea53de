/** Approvals one after the other and handed to somebody else: the order of a node's tasks, and whom each came from. */
export const migration = {
  name: '0080-approvals',
  sql: `
ALTER TABLE lianke.task DROP CONSTRAINT task_state_check;
ALTER TABLE lianke.task ADD CONSTRAINT task_state_check
  CHECK (state IN ('pending','queued','approved','rejected','transferred','closed'));
-- Place among the tasks of one visit of a node, from 0; who takes a task over takes its place.
ALTER TABLE lianke.task ADD COLUMN position int NOT NULL DEFAULT 0;
-- The task this one was handed over from.
ALTER TABLE lianke.task ADD COLUMN taken_from uuid;
`,
};
