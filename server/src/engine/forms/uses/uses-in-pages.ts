import type { FieldUse } from '@lianke/shared/forms/versions';
import type { AppId, FormId } from '@lianke/shared/ids';
import type { Tx } from '../../../kernel/database/tx.js';
import type { UseQuestion } from './field-uses.service.js';
import { mentioned } from './mentions.js';

/** Uses of fields by views, dashboards and roles. */
export async function usesInPages(tx: Tx, { form, fields, forms }: UseQuestion): Promise<FieldUse[]> {
  const found: FieldUse[] = [];
  const views = await tx.sql<{ id: string; form_id: FormId; definition: { name: string } }>(
    'SELECT id, form_id, definition FROM lianke.view WHERE deleted_at IS NULL ORDER BY sort, created_at, id',
  );
  for (const view of views) {
    // A view of another form may reach these fields through a relation.
    const own = view.form_id === form.id;
    const used = own
      ? mentioned(view.definition, fields)
      : throughRelations(view.definition, forms.get(view.form_id), form, fields);
    const of = forms.get(view.form_id);
    if (used.length > 0 && of)
      found.push({
        kind: 'view',
        name: own ? view.definition.name : `${of.name}.${view.definition.name}`,
        id: view.id,
        appId: of.appId,
        formId: of.id,
        fields: used,
      });
  }
  const dashboards = await tx.sql<{
    id: string;
    app_id: AppId;
    name: string;
    definition: { widgets?: unknown[]; filters?: { fields?: Record<string, unknown> }[] };
  }>('SELECT id, app_id, name, definition FROM lianke.dashboard ORDER BY sort, id');
  for (const page of dashboards) {
    const asked = mentioned(
      (page.definition.filters ?? []).map((item) => item.fields?.[form.id]),
      fields,
    );
    if (asked.length > 0)
      found.push({ kind: 'dashboard', name: page.name, id: page.id, appId: page.app_id, formId: null, fields: asked });
    for (const widget of page.definition.widgets ?? []) {
      const { formId, title } = widget as { formId?: string; title?: string };
      const used =
        formId === form.id
          ? mentioned(widget, fields)
          : throughRelations(widget, forms.get(formId ?? ''), form, fields);
      if (used.length > 0)
        found.push({
          kind: 'dashboard',
          name: `${page.name}${title ? ` · ${title}` : ''}`,
          id: page.id,
          appId: page.app_id,
          formId: null,
          fields: used,
        });
    }
  }
  const roles = await tx.sql<{ id: string; name: string; permissions: { forms?: Record<string, unknown> } }>(
    'SELECT id, name, permissions FROM lianke.role ORDER BY name',
  );
  for (const role of roles) {
    const used = mentioned(role.permissions.forms?.[form.id], fields);
    if (used.length > 0)
      found.push({ kind: 'role', name: role.name, id: role.id, appId: form.appId, formId: form.id, fields: used });
  }
  return found;
}

/** Paths `relation.field` of another form's definition that end in this form. */
function throughRelations(
  definition: unknown,
  from: UseQuestion['form'] | undefined,
  form: UseQuestion['form'],
  fields: UseQuestion['fields'],
): string[] {
  if (!from) return [];
  const found = new Set<string>();
  const walk = (value: unknown): void => {
    if (typeof value === 'string') {
      const [relation, field] = value.split('.');
      const via = field === undefined ? undefined : from.field(relation ?? '');
      if (!via || (via.config as { formId?: string }).formId !== form.id) return;
      const used = fields.find((item) => item.id === field || item.key === field);
      if (used) found.add(used.id);
    } else if (typeof value === 'object' && value !== null) for (const item of Object.values(value)) walk(item);
  };
  walk(definition);
  return [...found];
}
