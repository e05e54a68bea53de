/** Deleted views wait in the recycle bin like everything else. */
export const migration = {
  name: '0420-view-bin',
  sql: `
ALTER TABLE lianke.view ADD COLUMN deleted_at timestamptz, ADD COLUMN deleted_by uuid;
CREATE INDEX view_bin ON lianke.view (tenant_id, deleted_at) WHERE deleted_at IS NOT NULL;
`,
};
