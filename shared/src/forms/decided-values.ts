import type { FieldTypeName } from '../fields/registry.js';
import type { Condition, Filter } from '../filter/ast.js';
import type { Json } from '../json.js';

interface Field {
  id: string;
  key: string;
  type: FieldTypeName;
  config: Readonly<Record<string, Json | undefined>>;
  writable: boolean;
  masked?: boolean | undefined;
}

/** A record, member or department that a field must hold, of which only the id is known yet. */
export interface DecidedReference {
  key: string;
  kind: 'record' | 'member' | 'department';
  /** Of a record. */
  formId?: string;
  /** `me`: whoever asks. */
  id: string | { me: true };
}

export interface Decided {
  /** By field key. */
  values: Record<string, Json>;
  references: DecidedReference[];
  /** The condition asks for nothing beyond these. */
  whole: boolean;
}

const kinds: Partial<Record<FieldTypeName, DecidedReference['kind']>> = {
  relation: 'record',
  member: 'member',
  department: 'department',
};
const several: readonly FieldTypeName[] = ['multiSelect', 'tags'];
/** Kept by the system, computed, or of parts: an equal value says nothing that could be filled in. */
const notPlain: readonly FieldTypeName[] = ['autonumber', 'formula', 'lookup', 'rollup', 'subform', 'cascader'];

/**
 * What a new record must hold to be one of those that a condition finds: made from a picker that offers only orders of
 * this customer, an order begins with the customer.
 * @param filter references fields by id or key
 * @param fields of the form that the record is made in, as its maker may write them
 */
export function decidedValues(filter: Filter | undefined, fields: readonly Field[]): Decided {
  const decided: Decided = { values: {}, references: [], whole: true };
  for (const condition of filter ? required(filter) : []) {
    const field = condition && fields.find(({ id, key }) => id === condition.field || key === condition.field);
    if (!condition || !field?.writable || field.masked || !decide(decided, field, condition)) decided.whole = false;
  }
  return decided;
}

/** The conditions that all must hold; undefined stands for one that leaves a choice. */
function required(filter: Filter): (Condition | undefined)[] {
  if ('and' in filter) return filter.and.flatMap(required);
  if ('or' in filter) return filter.or.length === 1 && filter.or[0] ? required(filter.or[0]) : [undefined];
  if ('not' in filter) return [undefined];
  return [filter];
}

function decide(decided: Decided, field: Field, { op, value }: Condition): boolean {
  const { key, type } = field;
  const one = op === 'eq' ? value : op === 'in' && Array.isArray(value) && value.length === 1 ? value[0] : undefined;
  const kind = kinds[type];
  if (kind) {
    const id = typeof one === 'string' ? one : typeof one === 'object' && one && 'me' in one ? one : undefined;
    if (id === undefined) return false;
    const { formId } = field.config;
    decided.references.push({ key, kind, id, ...(typeof formId === 'string' ? { formId } : {}) });
    return true;
  }
  if (several.includes(type)) {
    const all = op === 'hasAll' || (op === 'hasAny' && Array.isArray(value) && value.length === 1) ? value : undefined;
    if (!Array.isArray(all) || !all.every((item) => typeof item === 'string')) return false;
    decided.values[key] = all as Json;
    return true;
  }
  if (notPlain.includes(type) || one === undefined || one === null || typeof one === 'object') return false;
  decided.values[key] = one;
  return true;
}

export interface Named {
  id: string;
  label: string;
}

/** Whom to ask for the names behind ids; what is not found, or not to be seen, is undefined. */
export interface Names {
  me(): Named | undefined;
  record(formId: string, id: string): Promise<Named | undefined>;
  member(id: string): Promise<Named | undefined>;
  department(id: string): Promise<Named | undefined>;
}

/** The values that a new record begins with, references with their names; one whose name is not to be had is left out. */
export async function presetOf({ values, references }: Decided, names: Names): Promise<Record<string, Json>> {
  const preset = { ...values };
  for (const { key, kind, formId, id } of references) {
    const named =
      typeof id !== 'string'
        ? names.me()
        : await (kind === 'record' ? names.record(formId ?? '', id) : names[kind](id));
    if (named) preset[key] = { id: named.id, label: named.label };
  }
  return preset;
}
