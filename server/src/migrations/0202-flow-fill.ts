/** Tasks that ask for fields to be filled in, and comments that flows write. */
export const migration = {
  name: '0202-flow-fill',
  sql: `
ALTER TABLE lianke.task DROP CONSTRAINT task_kind_check;
ALTER TABLE lianke.task ADD CONSTRAINT task_kind_check CHECK (kind IN
  ('approve','before','after','advise','choose','resubmit','inform','fill'));

DO $migrate$
DECLARE
  name text;
BEGIN
  FOR name IN SELECT n.nspname FROM pg_namespace n JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = 'record_comment'
    WHERE n.nspname ~ '^t_[0-9a-f]{32}$' LOOP
    EXECUTE format('SET LOCAL ROLE %I', name);
    EXECUTE format('ALTER TABLE %I.record_comment ALTER COLUMN author_id DROP NOT NULL, ADD COLUMN IF NOT EXISTS by_flow text', name);
    RESET ROLE;
  END LOOP;
END
$migrate$;
`,
};
