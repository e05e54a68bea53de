import type { SidebarSettings } from '@lianke/shared/chat/sidebar';
import { Injectable } from '@nestjs/common';
import type { TenantContext } from '../../../engine/context.js';
import type { FieldMeta, FormMeta } from '../../../engine/forms/form-meta.js';
import { FormRegistry, type TenantForms } from '../../../engine/forms/form-registry.js';

/** Keys of the customer management template. */
const customerKey = 'customer';
const followUpKey = 'followUp';
const contactKey = 'contact';

/** A form that points at the customers', and the field it points with. */
export interface Pointing {
  form: FormMeta;
  field: FieldMeta;
}

/** Where a company keeps what the side bar shows. */
export interface SidebarForms {
  customers: FormMeta;
  tagField: FieldMeta | null;
  followUp: Pointing | null;
  /** The people of a customer, where they are kept on their own. */
  people: Pointing | null;
}

/** Finds the forms of the side bar: those an administrator chose, else those of the template. */
@Injectable()
export class SidebarFormFinder {
  constructor(private readonly registry: FormRegistry) {}

  async find(ctx: TenantContext, settings: SidebarSettings | undefined): Promise<SidebarForms | null> {
    const all = await this.registry.all(ctx);
    const chosen = settings?.formId && all.get(settings.formId);
    const customers = chosen || all.list.find((form) => form.key === customerKey);
    if (!customers) return null;
    const tags = tagFields(customers);
    const pointing = pointingAt(all, customers);
    return {
      customers,
      tagField: tags.find((field) => refers(field, settings?.tagField)) ?? tags[0] ?? null,
      followUp:
        pointing.find(({ form }) => form.id === settings?.followUpFormId) ??
        pointing.find(({ form }) => form.key === followUpKey) ??
        null,
      people: pointing.find(({ form }) => form.key === contactKey && phoneFields(form).length > 0) ?? null,
    };
  }

  /** What an administrator may choose among. */
  async choices(ctx: TenantContext): Promise<{ form: FormMeta; tagFields: FieldMeta[]; followUps: FormMeta[] }[]> {
    const all = await this.registry.all(ctx);
    return all.list.map((form) => ({
      form,
      tagFields: tagFields(form),
      followUps: pointingAt(all, form).map((each) => each.form),
    }));
  }
}

export function phoneFields(form: FormMeta): FieldMeta[] {
  return form.fields.filter((field) => field.typeName === 'phone' && !field.system && !field.derived);
}

function tagFields(form: FormMeta): FieldMeta[] {
  const fields = form.fields.filter((field) => !field.system && !field.derived);
  // Free tags come before choices of a list.
  return [
    ...fields.filter((field) => field.typeName === 'tags'),
    ...fields.filter((field) => field.typeName === 'multiSelect'),
  ];
}

/** Forms of their own with a plain relation to the customers; each once. */
function pointingAt(all: TenantForms, customers: FormMeta): Pointing[] {
  const found = new Map<string, Pointing>();
  for (const { form, field } of all.pointingAt(customers.id)) {
    const single = field.typeName === 'relation' && !form.owner && form.id !== customers.id;
    if (single && !found.has(form.id)) found.set(form.id, { form, field });
  }
  return [...found.values()];
}

function refers(field: FieldMeta, ref: string | undefined): boolean {
  return ref !== undefined && (field.key === ref || field.id === ref);
}
