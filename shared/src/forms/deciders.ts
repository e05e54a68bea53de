import type { FieldRules } from './rule-schema.js';

/** A field as linkage sees it, of a form or of a subform's rows. */
interface LinkableField {
  id: string;
  key: string;
  writable: boolean;
  rules: FieldRules;
  default?: unknown;
}

/** Before a field of the record that a subform's row belongs to, where rows name one. */
export const parentPrefix = 'parent.';

/** Which fields others follow from. */
export interface Deciders {
  /** Keys of fields whose change brings other fields' values (数据联动, default by formula). */
  linking: ReadonlySet<string>;
  /** Keys of fields that take their value from those. */
  linked: ReadonlySet<string>;
  /** Keys of fields whose formula names none (`=TODAY()+7`): a new record has their value from the beginning. */
  alone: ReadonlySet<string>;
  /** By a field's key, the keys of pickers that offer what fits its value. */
  picks: ReadonlyMap<string, readonly string[]>;
}

/** Read by console and phone alike; what follows is worked out by the server, while one types and at save. */
export function decidersOf(fields: readonly LinkableField[]): Deciders {
  const keyOf = (ref: string) => fields.find((field) => field.id === ref || field.key === ref)?.key ?? ref;
  const linking = new Set<string>();
  const linked = new Set<string>();
  const alone = new Set<string>();
  const picks = new Map<string, string[]>();
  for (const field of fields) {
    if (!field.writable) continue;
    const preset = field.default as
      | { kind: 'linked'; match: { own: string }[] }
      | { kind: 'formula'; expression: string }
      | { kind: 'literal' }
      | undefined;
    if (preset?.kind === 'linked') for (const { own } of preset.match) linking.add(keyOf(own));
    // A stored formula names fields by their ids.
    if (preset?.kind === 'formula') {
      const named = fields.filter((other) => preset.expression.includes(other.id));
      for (const other of named) linking.add(other.key);
      if (named.length === 0) alone.add(field.key);
    }
    if (preset?.kind === 'linked' || preset?.kind === 'formula') linked.add(field.key);
    for (const { by } of field.rules.pickBy ?? []) picks.set(keyOf(by), [...(picks.get(keyOf(by)) ?? []), field.key]);
  }
  return { linking, linked, alone, picks };
}
