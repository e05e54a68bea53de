import type { AnswerOf } from '@lianke/shared/api/contracts';
import type { RelationConfig } from '@lianke/shared/fields/relation/schema';
import type { SelectConfig } from '@lianke/shared/fields/select/schema';
import { api } from '../api/client.js';
import { useSession } from '../session/session.js';
import { catalogKey } from './keys.js';
import { configOf, type FormView, type ReadField } from './record-types.js';
import { type Resource, useResource } from './resource.js';

export { type CrmForm, crmForm } from '@lianke/shared/apps/crm-forms';

export type App = AnswerOf<'apps.list'>['items'][number];
export interface Catalog {
  apps: App[];
  forms: FormView[];
}

async function loadCatalog(): Promise<Catalog> {
  const [apps, forms] = await Promise.all([api('apps.list', {}), api('forms.list', { query: {} })]);
  return { apps: apps.items, forms: forms.items as FormView[] };
}

/** Every app and form the reader may open; kept for offline reading. */
export function useCatalog(): Resource<Catalog> {
  const { me } = useSession();
  return useResource(me ? catalogKey(me.member.id) : null, loadCatalog, true);
}

export function formById(catalog: Catalog | undefined, formId: string): FormView | undefined {
  return catalog?.forms.find((form) => form.id === formId);
}

/** A field by id or key. */
export function fieldOf(form: FormView, idOrKey: string | undefined): ReadField | undefined {
  return idOrKey === undefined ? undefined : form.fields.find((field) => field.id === idOrKey || field.key === idOrKey);
}

/** The field whose value is the record's title. */
export function titleField(form: FormView): ReadField | undefined {
  return fieldOf(form, form.settings.titleField) ?? form.fields.find((field) => field.type === 'text' && !field.system);
}

/** The pipeline stage, shown as a bar. */
export function stageField(form: FormView): ReadField | undefined {
  return form.fields.find((field) => field.type === 'select' && configOf<SelectConfig>(field).stages === true);
}

/** The choice shown as a tag beside the name: a grade where there is one, else the first choice that is no stage. */
export function tagField(form: FormView): ReadField | undefined {
  const choices = form.fields.filter(
    (field) => field.type === 'select' && configOf<SelectConfig>(field).stages !== true,
  );
  return (
    choices.find((field) => /grade|level|priority/i.test(field.key) || /分级|等级|级别/.test(field.name)) ??
    choices[0] ??
    stageField(form)
  );
}

export function fieldOfType(form: FormView, type: ReadField['type']): ReadField | undefined {
  return form.fields.find((field) => field.type === type && !field.system);
}

export interface Pointer {
  form: FormView;
  field: ReadField;
}

/** Relation fields of any form that point at `formId`: what stands as tabs on its records' pages. */
export function pointersTo(catalog: Catalog | undefined, formId: string): Pointer[] {
  return (catalog?.forms ?? []).flatMap((form) =>
    form.fields
      .filter(
        (field) => field.type === 'relation' && !field.system && configOf<RelationConfig>(field).formId === formId,
      )
      .slice(0, 1)
      .map((field) => ({ form, field })),
  );
}

export function may(form: FormView | undefined, action: FormView['actions'][number]): boolean {
  return form?.actions.includes(action) ?? false;
}
