import { type FieldTypeName, fieldTypes } from '@lianke/shared/fields/registry';
import type { Filter } from '@lianke/shared/filter/ast';
import type { DefaultValue, FieldRules, FormSettings, TaskMapping } from '@lianke/shared/forms/definition';
import type { FormCheck, UniqueSet } from '@lianke/shared/forms/rule-schema';
import type { FieldId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import type { FormView, ReadField } from '../../api/queries.js';

/** A field on the canvas. `uid` is its id once it is published and a name of our own before. */
export interface DesignField {
  uid: string;
  id?: FieldId;
  key?: string;
  name: string;
  type: FieldTypeName;
  config: Record<string, Json>;
  rules: FieldRules;
  hint?: string;
  default?: DefaultValue;
  /** Stored encrypted; for a published field changed by a conversion. */
  encrypted?: boolean;
  /** Kept by every form: may be moved, neither changed nor removed. */
  system?: boolean;
}

/** Words or a line between fields; `uid` is its id in the layout. */
export interface DesignElement {
  uid: string;
  kind: 'text' | 'divider';
  content: string;
  visibleWhen?: Filter;
}

/** What stands on the canvas; `field` is the `uid` of a field or of an element. */
export interface DesignItem {
  field: string;
  span: number;
}

export interface DesignSection {
  uid: string;
  title: string;
  columns: number;
  /** Name of the tab it stands in. */
  tab?: string;
  visibleWhen?: Filter;
  items: DesignItem[];
}

/** The form's settings; every field is named by its `uid`. */
export interface DesignSettings {
  titleField?: string;
  summaryFields: string[];
  task?: TaskMapping;
  notice?: string;
  /** Fields of the short form on the phone. */
  quickFields?: string[];
  icon?: string;
  group?: string;
  /** Conditions of checks name fields by `uid`, as everywhere in a design. */
  checks?: FormCheck[];
  uniqueSets?: UniqueSet[];
  hiddenValues?: 'keep' | 'clear';
}

/** A form while it is designed: plain data, so that every change is a pure function and undo is a list of states. */
export interface Design {
  name: string;
  fields: Record<string, DesignField>;
  /** Absent in drafts from before there were any. */
  elements?: Record<string, DesignElement>;
  sections: DesignSection[];
  settings: DesignSettings;
}

/** A place on the canvas: before the item at `index` of a section; the item count means at its end. */
export interface Place {
  section: string;
  index: number;
}

const newPrefix = 'new-';

/** A name for something not published yet; `random` answers a number in [0, 1). */
export function newUid(random: () => number = Math.random): string {
  return `${newPrefix}${Math.floor(random() * 36 ** 8).toString(36)}`;
}

/** A name for words or a line. */
export function newElementUid(random: () => number = Math.random): string {
  return `e_${Math.floor(random() * 36 ** 8)
    .toString(36)
    .padStart(8, '0')}`;
}

/** True for a field that the server does not know yet. */
export function isNew(field: DesignField): boolean {
  return field.id === undefined;
}

/** A field of the server as a field of the canvas. */
export function toDesignField(field: Omit<ReadField, 'writable'>): DesignField {
  return {
    uid: field.id,
    id: field.id,
    key: field.key,
    name: field.name,
    type: field.type,
    config: field.config,
    rules: field.rules,
    ...(field.hint ? { hint: field.hint } : {}),
    ...(field.default ? { default: field.default } : {}),
    ...(field.encrypted ? { encrypted: true } : {}),
    ...(field.system ? { system: true } : {}),
  };
}

/** The published form as a design. Fields that its layout does not name follow at the end, as on every page. */
export function designOf(form: Pick<FormView, 'name' | 'fields' | 'layout' | 'settings'>): Design {
  const fields: Record<string, DesignField> = {};
  const uidOf = new Map<string, string>();
  for (const field of form.fields) {
    const item = toDesignField(field);
    fields[item.uid] = item;
    uidOf.set(field.id, item.uid);
    uidOf.set(field.key, item.uid);
  }
  const placed = new Set<string>();
  const elements: Record<string, DesignElement> = {};
  const sections: DesignSection[] = form.layout.sections.map((section, index) => ({
    uid: `section-${index}`,
    title: section.title,
    columns: section.columns,
    ...(section.tab ? { tab: section.tab } : {}),
    ...(section.visibleWhen ? { visibleWhen: section.visibleWhen } : {}),
    items: section.items.flatMap((item) => {
      if ('element' in item) {
        const { id, ...rest } = item.element;
        elements[id] = { uid: id, ...rest } as DesignElement;
        return [{ field: id, span: Math.min(item.span, section.columns) }];
      }
      const uid = uidOf.get(item.field);
      if (uid === undefined || placed.has(uid)) return [];
      placed.add(uid);
      return [{ field: uid, span: Math.min(item.span, section.columns) }];
    }),
  }));
  if (sections.length === 0) sections.push({ uid: 'section-0', title: '', columns: 2, items: [] });
  for (const field of Object.values(fields)) {
    // Of the system's fields only the owner is filled in by people.
    if (placed.has(field.uid) || (field.system && field.uid !== 'owner')) continue;
    sections.at(-1)?.items.push({ field: field.uid, span: 1 });
  }
  return { name: form.name, fields, elements, sections, settings: settingsOf(form.settings, uidOf) };
}

function settingsOf(settings: FormSettings, uidOf: Map<string, string>): DesignSettings {
  const named = (reference: string | undefined) => (reference === undefined ? undefined : uidOf.get(reference));
  const titleField = named(settings.titleField);
  const result: DesignSettings = {
    summaryFields: settings.summaryFields.flatMap((reference) => named(reference) ?? []),
    ...(titleField ? { titleField } : {}),
    ...(settings.notice ? { notice: settings.notice } : {}),
    ...(settings.quickFields?.length
      ? { quickFields: settings.quickFields.flatMap((reference) => named(reference) ?? []) }
      : {}),
    ...(settings.icon ? { icon: settings.icon } : {}),
    ...(settings.group ? { group: settings.group } : {}),
    ...(settings.checks?.length ? { checks: settings.checks } : {}),
    ...(settings.uniqueSets?.length ? { uniqueSets: settings.uniqueSets } : {}),
    ...(settings.hiddenValues ? { hiddenValues: settings.hiddenValues } : {}),
  };
  if (settings.task) {
    const { due, subject, doneOption } = settings.task;
    const dueField = named(due);
    const subjectField = named(subject);
    result.task = {
      title: named(settings.task.title) ?? '',
      owner: named(settings.task.owner) ?? 'owner',
      done: named(settings.task.done) ?? '',
      ...(doneOption ? { doneOption } : {}),
      ...(dueField ? { due: dueField } : {}),
      ...(subjectField ? { subject: subjectField } : {}),
    };
  }
  return result;
}

/** Fields of the canvas in reading order, system fields left out. */
export function fieldsInOrder(design: Design): DesignField[] {
  return design.sections.flatMap((section) =>
    section.items.flatMap((item) => {
      const field = design.fields[item.field];
      return field && !field.system ? [field] : [];
    }),
  );
}

/** Where a field stands; undefined when it is not on the canvas. */
export function placeOf(design: Design, uid: string): Place | undefined {
  for (const section of design.sections) {
    const index = section.items.findIndex((item) => item.field === uid);
    if (index >= 0) return { section: section.uid, index };
  }
  return undefined;
}

/** The end of the canvas; a system field that stands last keeps its place. */
export function lastPlace(design: Design): Place {
  const section = design.sections.at(-1);
  const count = section?.items.length ?? 0;
  const last = section?.items.at(-1);
  const system = last !== undefined && design.fields[last.field]?.system === true;
  return { section: section?.uid ?? '', index: system ? count - 1 : count };
}

/** Types whose control needs the whole width of a row. */
const wideTypes: readonly FieldTypeName[] = ['subform', 'longText', 'richText', 'attachment', 'image', 'address'];

/** A new field of a type, with a name not yet taken: 「单行文本」, 「单行文本 2」 … */
export function newField(design: Design, type: FieldTypeName, label: string, uid: string): DesignField {
  const taken = new Set(Object.values(design.fields).map((field) => field.name));
  let name = label;
  for (let n = 2; taken.has(name); n++) name = `${label} ${n}`;
  const parsed = fieldTypes[type].config.safeParse({});
  return { uid, name, type, config: parsed.success ? (parsed.data as Record<string, Json>) : {}, rules: {} };
}

/** How many columns a new field of this type takes in a section of so many. */
export function spanOf(type: FieldTypeName, columns: number): number {
  return wideTypes.includes(type) ? columns : 1;
}
