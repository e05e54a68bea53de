/** What remains of a company whose data was deleted after it took an app of the directory away: that it was, and by whom. */
export const migration = {
  name: '0350-company-deletions',
  sql: `
/** The deployment's own audit: the company's went with it. Only the owner of the database reads and writes it. */
CREATE TABLE lianke.company_deletion (
  /** The tenant's id; no such tenant is left when it is finished. */
  id uuid PRIMARY KEY,
  connection_id uuid NOT NULL,
  channel text NOT NULL,
  suite_id text NOT NULL,
  corp_name text NOT NULL,
  /** Business time, as in suite_install. */
  cancelled_at timestamptz NOT NULL,
  delete_after timestamptz NOT NULL,
  /** Who ran the command, by his own word or his account on the machine. */
  operator text NOT NULL,
  begun_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  /** Null: interrupted. The command run again goes on. */
  finished_at timestamptz,
  /** How much was deleted: rows by table, tables of records, files. */
  counts jsonb NOT NULL DEFAULT '{}'
);
`,
};
