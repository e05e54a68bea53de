import { directoryPolicy, tenantTable } from '../kernel/database/tenant-table.js';

/**
 * Who sees and administers an app, and records shared one by one. Printing, sharing and changing many at once become
 * rights of their own: whoever could see may print, whoever could edit may share and change many.
 */
export const migration = {
  name: '0140-access',
  sql: `
ALTER TABLE lianke.app ADD COLUMN access jsonb NOT NULL DEFAULT '{}';

CREATE TABLE lianke.record_share (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  form_id uuid NOT NULL,
  record_id uuid NOT NULL,
  principal_kind text NOT NULL CHECK (principal_kind IN ('member','department','role')),
  principal_id uuid NOT NULL,
  level text NOT NULL CHECK (level IN ('read','write')),
  /** Why the share exists, as its maker put it; empty when he said nothing. */
  cause text NOT NULL DEFAULT '',
  expires_at timestamptz,
  created_by uuid NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, record_id, principal_id)
);
CREATE INDEX record_share_reader ON lianke.record_share (tenant_id, form_id, principal_id);
${tenantTable('record_share')}

CREATE INDEX task_record ON lianke.task (tenant_id, form_id, member_id, record_id);
CREATE INDEX audit_actor ON lianke.audit (tenant_id, actor_id, action, at);

${directoryPolicy('role', 'ALL')}
/** Which actions a grant has asks for no other index; the trigger writes as a tenant, and here is none. */
ALTER TABLE lianke.role DISABLE TRIGGER indexes_due;
UPDATE lianke.role r SET permissions = jsonb_set(r.permissions, '{forms}', (
  SELECT jsonb_object_agg(form.key, jsonb_set(form.value, '{actions}', (form.value->'actions')
    || CASE WHEN form.value->'actions' ? 'view' AND NOT form.value->'actions' ? 'print' THEN '["print"]'::jsonb ELSE '[]'::jsonb END
    || CASE WHEN form.value->'actions' ? 'edit' AND NOT form.value->'actions' ? 'bulk' THEN '["share","bulk"]'::jsonb ELSE '[]'::jsonb END))
  FROM jsonb_each(r.permissions->'forms') form WHERE jsonb_typeof(form.value->'actions') = 'array'))
WHERE jsonb_typeof(r.permissions->'forms') = 'object' AND r.permissions->'forms' <> '{}'::jsonb;
ALTER TABLE lianke.role ENABLE TRIGGER indexes_due;
DROP POLICY directory ON lianke.role;
`,
};
