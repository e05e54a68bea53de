import { directoryPolicy } from '../kernel/database/tenant-table.js';

/** The right to import who made a record, and when, has a name of its own now; whoever could keeps it. */
export const migration = {
  name: '0225-backdate',
  sql: `
${directoryPolicy('role', 'ALL')}
/** Which actions a grant has asks for no other index; the trigger writes as a tenant, and here is none. */
ALTER TABLE lianke.role DISABLE TRIGGER indexes_due;
UPDATE lianke.role r SET permissions = jsonb_set(r.permissions, '{forms}', (
  SELECT jsonb_object_agg(form.key, CASE
    WHEN form.value->'actions' ? 'import' AND NOT form.value->'actions' ? 'backdate'
    THEN jsonb_set(form.value, '{actions}', (form.value->'actions') || '["backdate"]'::jsonb) ELSE form.value END)
  FROM jsonb_each(r.permissions->'forms') form))
WHERE jsonb_typeof(r.permissions->'forms') = 'object' AND r.permissions->'forms' <> '{}'::jsonb;
ALTER TABLE lianke.role ENABLE TRIGGER indexes_due;
DROP POLICY directory ON lianke.role;
`,
};
