/**
 * A page is changed in a draft beside what its readers see. `draft` is null while there is nothing to publish; `draft_version`
 * is the published version it was begun on, `draft_revision` grows with every saving, publishing and discarding. A page that
 * was never published is its designers' alone.
 */
export const migration = {
  name: '0485-dashboard-drafts',
  sql: `
ALTER TABLE lianke.dashboard
  ADD COLUMN published boolean NOT NULL DEFAULT true,
  ADD COLUMN draft jsonb,
  ADD COLUMN draft_version int,
  ADD COLUMN draft_revision int NOT NULL DEFAULT 0,
  ADD COLUMN draft_by uuid,
  ADD COLUMN draft_at timestamptz;
`,
};
