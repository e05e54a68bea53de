import type { Json } from '@lianke/shared/json';
import { type Design, type DesignField, fieldsInOrder } from './design.js';

export type FieldAspect = 'name' | 'options' | 'config' | 'rules' | 'hint' | 'default';

export interface ChangedField {
  before: DesignField;
  after: DesignField;
  aspects: FieldAspect[];
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

function withoutOptions(config: Record<string, Json>): Record<string, Json> {
  const { options: _, ...rest } = config;
  return rest;
}

/** In what two states of one field differ. */
export function aspectsOf(before: DesignField, after: DesignField): FieldAspect[] {
  const aspects: FieldAspect[] = [];
  if (before.name !== after.name) aspects.push('name');
  if (!sameJson(before.config.options, after.config.options)) aspects.push('options');
  if (!sameJson(withoutOptions(before.config), withoutOptions(after.config))) aspects.push('config');
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
  const changed = after.flatMap((field) => {
    const old = base.fields[field.uid];
    const aspects = old ? aspectsOf(old, field) : [];
    return old && aspects.length > 0 ? [{ before: old, after: field, aspects }] : [];
  });
  return {
    added: after.filter((field) => base.fields[field.uid] === undefined),
    removed: before.filter((field) => draft.fields[field.uid] === undefined),
    changed,
    renamed: base.name === draft.name ? null : { from: base.name, to: draft.name },
    layout: !sameJson(arrangement(base, both), arrangement(draft, both)),
    settings: !sameJson(base.settings, draft.settings),
  };
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
