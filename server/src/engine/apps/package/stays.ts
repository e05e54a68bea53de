import type { LeftItem } from '@lianke/shared/apps/package';
import { isDerived } from '@lianke/shared/fields/derived';
import { fieldTypes } from '@lianke/shared/fields/registry';
import type { FieldDef } from '@lianke/shared/forms/definition';
import type { FormMeta } from '../../forms/form-meta.js';
import type { TenantForms } from '../../forms/form-registry.js';
import { ownFields } from '../../forms/subform-meta.js';
import { type FieldName, mentioned } from '../../forms/uses/mentions.js';
import type { AppGround } from './app-ground.js';
import type { OutsideRelation } from './outside-forms.js';
import { mentions } from './package-names.js';

/**
 * What of an app cannot go along, since it leads out of it; everything that stays behind is noted.
 * @param places forms of other apps that are places in the package: what reads their fields goes along. Without them it stays.
 */
export class Stays {
  /** Ids of other apps' things, of the app's own that stay behind, and of fields that were taken off. */
  private readonly ids = new Set<string>();
  private readonly fields: FieldName[] = [];
  readonly left: LeftItem[] = [];
  /** Relations to forms of other apps, for which whoever installs may name one of his. */
  readonly outside: OutsideRelation[] = [];
  private readonly placeIds: ReadonlySet<string>;

  constructor(ground: AppGround, places: readonly FormMeta[] = []) {
    const own = new Set<string>(ground.forms.map((form) => form.id));
    this.placeIds = new Set(places.map((form) => form.id));
    for (const form of ground.all.list) {
      if (this.placeIds.has(form.id)) for (const part of form.parts) this.addForm(part);
      else if (!own.has(form.id)) for (const item of [form, ...form.parts]) this.addForm(item);
      else {
        for (const field of form.definition.removed) this.ids.add(field.id);
        for (const part of form.parts) for (const field of part.definition.removed) this.ids.add(field.id);
      }
    }
    for (const id of ground.otherFlows) this.ids.add(id);
    this.addLeadingOut(ground.forms, ground.all);
  }

  private addForm(form: FormMeta): void {
    this.ids.add(form.id);
    for (const field of form.fields) if (!field.system) this.ids.add(field.id);
  }

  /** Relations to other apps, and what is computed over them, until nothing more follows. */
  private addLeadingOut(forms: readonly FormMeta[], all: TenantForms): void {
    for (let before = -1; before !== this.fields.length; ) {
      before = this.fields.length;
      for (const form of forms)
        for (const at of [form, ...form.parts])
          for (const field of at.definition.fields) {
            if (this.ids.has(field.id) || !this.leadsOut(field)) continue;
            this.ids.add(field.id);
            this.fields.push({ id: field.id, key: field.key, within: at === form ? undefined : at.owner?.field });
            const target =
              fieldTypes[field.type].refers === 'record' ? all.get(String(field.config.formId)) : undefined;
            if (target && !target.owner) {
              const rows = at === form ? undefined : at.owner?.field.def;
              this.outside.push({ form, rows, field, target, after: null });
              continue;
            }
            const of = at === form ? form.name : `${form.name} · ${at.name}`;
            this.left.push({ kind: 'field', name: field.name, of });
          }
    }
  }

  private leadsOut({ type, config }: FieldDef): boolean {
    if (type === 'subform' || type === 'lastContact') return false;
    const points = fieldTypes[type].refers === 'record' || isDerived(type);
    return points && mentions(config, this.ids);
  }

  /** The relations to other apps' forms, each after the field before it that goes along. */
  placedOutside(): OutsideRelation[] {
    return this.outside.map((relation) => {
      const { form, rows, field } = relation;
      const part = rows && form.parts.find((item) => item.owner?.field.id === rows.id);
      const fields = part ? ownFields(part).map(({ def }) => def) : form.definition.fields;
      const before = fields.slice(
        0,
        fields.findIndex(({ id }) => id === field.id),
      );
      return { ...relation, after: before.findLast(({ id }) => !this.ids.has(id))?.key ?? null };
    });
  }

  /** Whether a definition names anything that stays behind, by id or, where fields are named, by key. */
  touches(definition: unknown): boolean {
    if (mentions(definition, this.ids)) return true;
    return this.fields.length > 0 && mentioned(definition, this.fields).length > 0;
  }

  /** Whether it works on a form of another app itself, or names what stays behind: a flow, a figure, a target. */
  worksAway(definition: unknown): boolean {
    return this.touches(definition) || mentions(definition, this.placeIds);
  }

  /** Whether other apps' form is a place in the package. */
  isPlace(formId: unknown): boolean {
    return typeof formId === 'string' && this.placeIds.has(formId);
  }

  has(id: string): boolean {
    return this.ids.has(id);
  }

  /** A further thing that stays behind, and whatever names it with it. */
  add(id: string): void {
    this.ids.add(id);
  }

  note(kind: LeftItem['kind'], name: string, of: string | null = null): void {
    const item = { kind, name: name.slice(0, 120), of: of?.slice(0, 120) ?? null };
    if (!this.left.some((other) => other.kind === kind && other.name === item.name && other.of === item.of))
      this.left.push(item);
  }
}
