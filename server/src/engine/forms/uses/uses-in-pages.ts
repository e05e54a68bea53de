import type { FieldUse } from '@lianke/shared/forms/versions';
import type { AppId, FormId } from '@lianke/shared/ids';
import type { Tx } from '../../../kernel/database/tx.js';
import type { UseQuestion } from './field-uses.service.js';
import { mentioned } from './mentions.js';

/** Uses of fields by views, dashboards and roles. */
export async function usesInPages(tx: Tx, question: UseQuestion): Promise<FieldUse[]> {
  const { form, fields, forms } = question;
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
  found.push(...(await usesInDashboards(tx, question)));
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

interface Page {
  widgets?: { id: string; formId?: string; title?: string }[];
  filters?: { fields?: Record<string, unknown> }[];
}

/** Uses by pages as published and as drafted, each widget once. */
async function usesInDashboards(tx: Tx, { form, fields, forms }: UseQuestion): Promise<FieldUse[]> {
  const dashboards = await tx.sql<{ id: string; app_id: AppId; name: string; definition: Page; draft: Page | null }>(
    'SELECT id, app_id, name, definition, draft FROM lianke.dashboard ORDER BY sort, id',
  );
  const found = new Map<string, FieldUse>();
  for (const page of dashboards) {
    const note = (of: string, name: string, used: string[]) => {
      if (used.length === 0) return;
      const key = `${page.id} ${of}`;
      const all = [...new Set([...(found.get(key)?.fields ?? []), ...used])];
      found.set(key, { kind: 'dashboard', name, id: page.id, appId: page.app_id, formId: null, fields: all });
    };
    for (const { filters = [], widgets = [] } of [page.definition, ...(page.draft ? [page.draft] : [])]) {
      note(
        '',
        page.name,
        mentioned(
          filters.map((item) => item.fields?.[form.id]),
          fields,
        ),
      );
      for (const widget of widgets)
        note(
          widget.id,
          `${page.name}${widget.title ? ` · ${widget.title}` : ''}`,
          widget.formId === form.id
            ? mentioned(widget, fields)
            : throughRelations(widget, forms.get(widget.formId ?? ''), form, fields),
        );
    }
  }
  return [...found.values()];
}

/** Paths `relation.field` of another form's definition that end in this form, or in the rows of its subforms. */
function throughRelations(
  definition: unknown,
  from: UseQuestion['form'] | undefined,
  form: UseQuestion['form'],
  fields: UseQuestion['fields'],
): string[] {
  if (!from) return [];
  const found = new Set<string>();
  const note = (text: string): void => {
    const [relation = '', ...path] = text.split('.');
    const via = path.length === 0 ? undefined : from.field(relation);
    if (!via || (via.config as { formId?: string }).formId !== form.id) return;
    for (const id of mentioned({ field: path.join('.') }, fields)) found.add(id);
  };
  const walk = (value: unknown): void => {
    if (typeof value === 'string') note(value);
    else if (typeof value === 'object' && value !== null)
      for (const [key, item] of Object.entries(value)) {
        note(key);
        walk(item);
      }
  };
  walk(definition);
  return [...found];
}
