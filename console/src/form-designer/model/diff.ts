import type { Json } from '@lianke/shared/json';
import { type Design, type DesignField, fieldsInOrder } from './design.js';
import { innerOf } from './subform.js';

/** `rows`: the fields of a subform's rows. */
export type FieldAspect = 'name' | 'options' | 'config' | 'rows' | 'rules' | 'hint' | 'default';

export interface ChangedField {
  before: DesignField;
  after: DesignField;
  aspects: FieldAspect[];
  /** Of a subform: what changes in the fields of its rows. */
  rows?: RowsDiff;
}

/** Fields of a subform's rows that come, go and change; those that only move are none of them. */
export interface RowsDiff {
  added: DesignField[];
  removed: DesignField[];
  changed: ChangedField[];
}

/** What publishing would change. */
export interface DesignDiff {
  added: DesignField[];
  removed: DesignField[];
  changed: ChangedField[];
  renamed: { from: string; to: string } | null;
  layout: boolean;
  settings: boolean;
}

/** Equality of JSON values; the order of an object's keys does not count. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((item, index) => sameJson(item, b[index]));
  }
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...names].every((name) => sameJson(left[name], right[name]));
}

/** Settings that are compared as a whole: options and the fields of rows are looked at apart, what was taken off rows is no setting. */
function ownConfig({ type, config }: DesignField): Record<string, Json> {
  const { options: _, ...rest } = config;
  if (type !== 'subform') return rest;
  const { fields: __, removed: ___, ...own } = rest;
  return own;
}

/** What changes in the rows of a subform; undefined when their fields are the same in the same order. */
function rowsDiff(before: DesignField, after: DesignField): RowsDiff | undefined {
  if (after.type !== 'subform') return undefined;
  const [old, next] = [innerOf(before), innerOf(after)];
  const was = new Map(old.map((field) => [field.uid, field]));
  const is = new Set(next.map((field) => field.uid));
  const diff: RowsDiff = {
    added: next.filter((field) => !was.has(field.uid)),
    removed: old.filter((field) => !is.has(field.uid)),
    changed: next.flatMap((field) => changeOf(was.get(field.uid), field)),
  };
  const same = diff.added.length + diff.removed.length + diff.changed.length === 0;
  const order = (fields: readonly DesignField[]) => fields.map((field) => field.uid);
  return same && sameJson(order(old), order(next)) ? undefined : diff;
}

function changeOf(before: DesignField | undefined, after: DesignField): ChangedField[] {
  if (!before) return [];
  const rows = rowsDiff(before, after);
  const aspects = aspectsOf(before, after);
  return aspects.length > 0 ? [{ before, after, aspects, ...(rows && { rows }) }] : [];
}

/** In what two states of one field differ. */
export function aspectsOf(before: DesignField, after: DesignField): FieldAspect[] {
  const aspects: FieldAspect[] = [];
  if (before.name !== after.name) aspects.push('name');
  if (!sameJson(before.config.options, after.config.options)) aspects.push('options');
  if (!sameJson(ownConfig(before), ownConfig(after))) aspects.push('config');
  if (rowsDiff(before, after)) aspects.push('rows');
  if (!sameRules(before, after)) aspects.push('rules');
  if ((before.hint ?? '') !== (after.hint ?? '')) aspects.push('hint');
  if (!sameJson(before.default, after.default)) aspects.push('default');
  return aspects;
}

/** A rule that is off is the same as none. */
function sameRules(before: DesignField, after: DesignField): boolean {
  const set = ({ rules }: DesignField) =>
    Object.fromEntries(Object.entries(rules).filter(([, rule]) => rule !== false && rule !== undefined));
  return sameJson(set(before), set(after));
}

function arrangement(design: Design, among: ReadonlySet<string>) {
  return design.sections.map(({ uid: _, items, ...section }) => ({
    ...section,
    items: items.flatMap((item) => {
      const element = design.elements?.[item.field];
      return element ? [{ ...item, element }] : among.has(item.field) ? [item] : [];
    }),
  }));
}

/** The difference between the published form and the draft. Fields that came or went do not count as a moved layout. */
export function diffOf(base: Design, draft: Design): DesignDiff {
  const before = fieldsInOrder(base);
  const after = fieldsInOrder(draft);
  const both = new Set(after.filter((field) => base.fields[field.uid]).map((field) => field.uid));
  const changed = after.flatMap((field) => changeOf(base.fields[field.uid], field));
  return {
    added: after.filter((field) => base.fields[field.uid] === undefined),
    removed: before.filter((field) => draft.fields[field.uid] === undefined),
    changed,
    renamed: base.name === draft.name ? null : { from: base.name, to: draft.name },
    layout: !sameJson(arrangement(base, both), arrangement(draft, both)),
    settings: !sameJson(base.settings, draft.settings),
  };
}

/** A field that goes, and the form of the subform's rows that it is one of. */
export interface LostField {
  field: DesignField;
  rows?: { subform: DesignField; formId: string };
}

/** Every field that publishing takes away: of the form, and of the rows of subforms that stay. */
export function lostFields(diff: Pick<DesignDiff, 'removed' | 'changed'>): LostField[] {
  return [
    ...diff.removed.map((field) => ({ field })),
    ...diff.changed.flatMap(({ before, rows }) => {
      const { formId } = before.config;
      if (!rows || typeof formId !== 'string') return [];
      return rows.removed.map((field) => ({ field, rows: { subform: before, formId } }));
    }),
  ];
}

/** Published fields that publishing changes or takes away, by id, with what they are called: those of rows with their subform. */
export function touchedFields(diff: Pick<DesignDiff, 'removed' | 'changed'>): Map<string, string> {
  const found = new Map<string, string>();
  const note = (field: DesignField, name: string) => {
    if (field.id) found.set(field.id, name);
  };
  for (const field of diff.removed) {
    note(field, field.name);
    // Whoever uses a column of rows that go with their subform names it, not always the subform.
    if (field.type === 'subform') for (const inner of innerOf(field)) note(inner, `${field.name}.${inner.name}`);
  }
  for (const { after, aspects, rows } of diff.changed) {
    if (aspects.some((aspect) => aspect !== 'rows')) note(after, after.name);
    for (const { after: inner } of rows?.changed ?? []) note(inner, `${after.name}.${inner.name}`);
    for (const inner of rows?.removed ?? []) note(inner, `${after.name}.${inner.name}`);
  }
  return found;
}

/** True when publishing would change nothing. */
export function isEmptyDiff(diff: DesignDiff): boolean {
  return (
    diff.added.length + diff.removed.length + diff.changed.length === 0 &&
    !diff.renamed &&
    !diff.layout &&
    !diff.settings
  );
}
