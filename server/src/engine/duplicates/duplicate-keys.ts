import { hash } from 'node:crypto';
import type { DuplicateHint, DuplicateRule, SameAs } from '@lianke/shared/duplicates/api';
import type { FieldTypeName } from '@lianke/shared/fields/registry';
import { bare } from '@lianke/shared/fields/sheet-text';
import type { Json } from '@lianke/shared/json';
import type { FormAccess } from '../access/form-access.js';
import type { FieldMeta, FormMeta } from '../forms/form-meta.js';
import type { StoredValues } from '../records/contracts.js';
import { companyKey } from './company-key.js';

/** A rule whose fields are all there. */
export interface CompiledRule {
  id: string;
  action: DuplicateRule['action'];
  parts: { field: FieldMeta; as: SameAs }[];
}

/** Values of these types say nothing about sameness, or are too long to compare. */
const unfit: readonly FieldTypeName[] = [
  'longText',
  'richText',
  'image',
  'attachment',
  'signature',
  'location',
  'subform',
];
const texts: readonly FieldTypeName[] = ['text', 'barcode', 'idNumber', 'creditCode', 'url', 'autonumber'];

/** The ways in which values of a field can be held to be the same; none for fields that cannot be compared. */
export function waysOf(field: Pick<FieldMeta, 'typeName' | 'derived' | 'system' | 'cipher'>): readonly SameAs[] {
  // Keys are kept in the clear.
  if (field.cipher) return [];
  if (field.derived || unfit.includes(field.typeName) || (field.system && field.typeName !== 'member')) return [];
  if (field.typeName === 'phone') return ['phone'];
  if (field.typeName === 'email') return ['email', 'exact'];
  if (texts.includes(field.typeName)) return ['loose', 'exact', 'company', 'phone', 'email'];
  return ['exact'];
}

/** The form's rules that can be applied: those that lost a field wait until it is back. */
export function compiledRules(form: FormMeta, rules = form.duplicates): CompiledRule[] {
  return rules.flatMap((rule) => {
    const parts = rule.fields.flatMap(({ field: ref, as }) => {
      const field = form.field(ref);
      return field && waysOf(field).includes(as) ? [{ field, as }] : [];
    });
    return parts.length === rule.fields.length ? [{ id: rule.id, action: rule.action, parts }] : [];
  });
}

/**
 * Rules a reader may know of: whoever may not see one of its fields is neither told nor refused by a rule. Of rows in
 * which he sees a field of the rule with stars it tells him nothing either: see `maskedSql`.
 */
export function rulesFor(form: FormMeta, access: FormAccess): CompiledRule[] {
  return compiledRules(form).filter((rule) => rule.parts.every(({ field }) => access.compares(field)));
}

export function hintsFor(form: FormMeta, access: FormAccess): DuplicateHint[] {
  return rulesFor(form, access).map(({ id, action, parts }) => ({
    id,
    action,
    fields: parts.map(({ field }) => field.id),
  }));
}

const mostKeys = 20;
const longest = 200;

/** The keys of a record under a rule: one, or one for each of several phones; none when a field is empty. */
export function keysOf(rule: CompiledRule, values: StoredValues): string[] {
  let keys: string[][] = [[]];
  for (const { field, as } of rule.parts) {
    const forms = formsOf(values[field.id] ?? null, as);
    if (forms.length === 0) return [];
    keys = keys.flatMap((key) => forms.map((form) => [...key, form]));
  }
  const texts = new Set(keys.slice(0, mostKeys).map((key) => key.join('\u001f')));
  return [...texts].map((text) => (text.length > longest ? hash('sha256', text, 'base64url') : text));
}

function formsOf(value: Json, as: SameAs): string[] {
  if (value === null || value === '' || (Array.isArray(value) && value.length === 0)) return [];
  if (as === 'exact')
    return [typeof value === 'string' ? value.trim() : exactText(value)].filter((text) => text !== '');
  return [...new Set((Array.isArray(value) ? value : [value]).map((item) => normal(String(item), as)))].filter(
    (text) => text !== '',
  );
}

/** Lists are the same whatever their order, objects whatever the order of their keys. */
function exactText(value: Json): string {
  if (Array.isArray(value)) return JSON.stringify(value.map((item) => exactText(item)).sort());
  if (value !== null && typeof value === 'object')
    return JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  return String(value);
}

function normal(text: string, as: SameAs): string {
  switch (as) {
    case 'phone':
      // Stored phones are canonical; extensions and dashes are not what tells two lines apart.
      return bare(text)
        .replace(/^(?:\+86|0086)/, '')
        .replace(/[^\d+]/g, '');
    case 'email':
      return bare(text);
    case 'company':
      return companyKey(text);
    default:
      return bare(text);
  }
}
