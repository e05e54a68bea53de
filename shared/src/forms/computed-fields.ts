import { isDerived } from '../fields/derived.js';
import type { FieldTypeName } from '../fields/registry.js';
import type { Json } from '../json.js';

/** A field as far as it says what it is computed from. */
export interface ComputableField {
  readonly id: string;
  readonly key: string;
  readonly type: FieldTypeName;
  readonly config: Readonly<Record<string, unknown>>;
  /** The reader fills it in; of others the server knows what a new record holds. */
  readonly writable?: boolean | undefined;
}

/**
 * For every computed field the ids of the record's own fields that it follows from, through other computed ones too. A
 * stored formula names fields by id, the rows of a subform by the field that places them.
 */
export function computedReads(fields: readonly ComputableField[]): Map<string, readonly string[]> {
  const computed = fields.filter((field) => isDerived(field.type));
  const direct = new Map(computed.map((field) => [field.id, directReads(field, fields)]));
  const follow = (id: string, seen: Set<string>): Set<string> => {
    for (const read of direct.get(id) ?? []) {
      if (seen.has(read)) continue;
      seen.add(read);
      follow(read, seen);
    }
    return seen;
  };
  return new Map(computed.map(({ id }) => [id, [...follow(id, new Set())]]));
}

function directReads({ type, config }: ComputableField, fields: readonly ComputableField[]): string[] {
  if (type === 'lookup')
    return fields.filter(({ id, key }) => id === config.relation || key === config.relation).map(({ id }) => id);
  if (type !== 'formula' || typeof config.expression !== 'string') return [];
  const names = new Set(config.expression.split(/[^A-Za-z0-9_-]+/));
  return fields
    .filter(
      ({ id, config: { parentField } }) => names.has(id) || (typeof parentField === 'string' && names.has(parentField)),
    )
    .map(({ id }) => id);
}

/** What saving itself sets, whatever was read. */
const stamped = new Set(['updatedAt', 'updatedBy']);

type Values = Readonly<Record<string, Json | undefined>>;

/** A record that is being filled in, as far as a client sees it. */
export interface Filling {
  /** Values by field key as they stand now. */
  values: Values;
  /** The record as it was read; absent for a new one. */
  read?: Values | undefined;
  /** Computes the formulas that follow from the values alone, by field key. */
  compute(values: Record<string, Json>): Readonly<Record<string, Json>>;
}

/** Values by field key: all that are known, and those of them that were computed just now. */
export interface KnownComputed {
  known: Record<string, Json>;
  live: Record<string, Json>;
}

/**
 * The values of computed fields, as far as they can be known before the server has computed them: what follows from the
 * values alone, what still stands because nothing it follows from has changed, and of a new record that nothing points at
 * it yet. Those that are missing are not known.
 */
export function knownComputed(fields: readonly ComputableField[], filling: Filling): KnownComputed {
  const { values, read, compute } = filling;
  const computed = fields.filter((field) => isDerived(field.type));
  if (computed.length === 0) return { known: {}, live: {} };
  const reads = computedReads(fields);
  const inputsOf = ({ id }: ComputableField) => fields.filter((item) => reads.get(id)?.includes(item.id));
  const changed = new Set(
    fields.filter(({ key, type }) => !isDerived(type) && !same(values[key], read?.[key])).map(({ id }) => id),
  );
  const standing = new Map<string, Json | undefined>();
  for (const field of computed)
    standing.set(field.key, standingValue(field, inputsOf(field), changed, filling, fields));
  const filled: Record<string, Json> = {};
  for (const { key } of fields) filled[key] = (standing.has(key) ? standing.get(key) : values[key]) ?? null;
  const found = compute(filled);
  const unsure = ({ id, key, type, writable }: ComputableField) =>
    isDerived(type)
      ? !(key in found) && standing.get(key) === undefined
      : stamped.has(id) || (!read && writable === false);
  const known: Record<string, Json> = {};
  const live: Record<string, Json> = {};
  for (const field of computed) {
    const { key } = field;
    const sure = key in found && !inputsOf(field).some(unsure);
    const value = sure ? found[key] : standing.get(key);
    if (value === undefined) continue;
    known[key] = value;
    if (sure) live[key] = value;
  }
  return { known, live };
}

/** What a computed field holds without computing it. */
function standingValue(
  { key, type, config }: ComputableField,
  inputs: readonly ComputableField[],
  changed: ReadonlySet<string>,
  { values, read }: Filling,
  fields: readonly ComputableField[],
): Json | undefined {
  // Who may not see what it is computed from cannot tell what it follows from.
  const told =
    type === 'formula' ? config.expression !== undefined : type === 'lookup' ? config.relation !== undefined : true;
  const moved = told ? inputs.some(({ id }) => changed.has(id) || stamped.has(id)) : changed.size > 0;
  if (read && !moved) return read[key] ?? null;
  if (type === 'rollup' && !read && config.fn !== undefined)
    return config.fn === 'count' || config.fn === 'sum' ? '0' : null;
  const relation = type === 'lookup' ? fields.find(({ id }) => id === config.relation) : undefined;
  return relation && blank(values[relation.key]) ? null : undefined;
}

function blank(value: Json | undefined): boolean {
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}

function same(a: Json | undefined, b: Json | undefined): boolean {
  return (blank(a) && blank(b)) || a === b || JSON.stringify(a) === JSON.stringify(b);
}
