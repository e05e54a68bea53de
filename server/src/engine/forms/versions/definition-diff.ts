import type { FieldDef } from '@lianke/shared/forms/definition';
import type { VersionChanges } from '@lianke/shared/forms/versions';
import { sameJson } from '../../same-json.js';
import type { FormDefinition } from '../form-meta.js';
import { rowFields, subformOf } from '../subform-meta.js';

interface Side {
  name: string;
  definition: FormDefinition;
}

/**
 * What a publish changed, by the names fields have afterwards, those of a subform's rows with its own. A place alone makes
 * no changed field.
 */
export function definitionChanges(before: Side, after: Side): VersionChanges {
  const old = new Map(before.definition.fields.map((field) => [field.id as string, field]));
  const next = new Map(after.definition.fields.map((field) => [field.id as string, field]));
  const both = new Set([...next.keys()].filter((id) => old.has(id)));
  const own = between(old, next);
  const inner = [...next].flatMap(([id, field]) => {
    const was = old.get(id);
    return was ? [rowChanges(was, field)] : [];
  });
  return {
    added: [...own.added, ...inner.flatMap((rows) => rows.added)],
    changed: [...own.changed, ...inner.flatMap((rows) => rows.changed)],
    removed: [...own.removed, ...inner.flatMap((rows) => rows.removed)],
    layout: !sameJson(arranged(before.definition, both), arranged(after.definition, both)),
    settings: !sameJson(before.definition.settings, after.definition.settings),
    renamed: before.name === after.name ? null : { from: before.name, to: after.name },
  };
}

type Fields = ReadonlyMap<string, FieldDef>;

function between(old: Fields, next: Fields, place = ''): Pick<VersionChanges, 'added' | 'changed' | 'removed'> {
  const named = (field: FieldDef) => `${place}${field.name}`;
  return {
    added: [...next].flatMap(([id, field]) => (old.has(id) ? [] : [named(field)])),
    changed: [...next].flatMap(([id, field]) => {
      const was = old.get(id);
      return was !== undefined && !sameJson(withoutRows(was), withoutRows(field)) ? [named(field)] : [];
    }),
    removed: [...old].flatMap(([id, field]) => (next.has(id) ? [] : [named(field)])),
  };
}

function rowChanges(before: FieldDef, after: FieldDef): ReturnType<typeof between> {
  const rows = (field: FieldDef): Fields => new Map(rowsOf(field).map((item) => [item.id as string, item]));
  const [old, next] = [rows(before), rows(after)];
  const found = between(old, next, `${after.name}.`);
  const order = (fields: Fields, among: Fields) => [...fields.keys()].filter((id) => among.has(id));
  // Columns in another order are the subform's own change.
  const moved = !sameJson(order(old, next), order(next, old)) && sameJson(withoutRows(before), withoutRows(after));
  return moved ? { ...found, changed: [after.name, ...found.changed] } : found;
}

function rowsOf(field: FieldDef): FieldDef[] {
  const part = subformOf(field);
  return part ? rowFields(part) : [];
}

/** A subform without its rows' fields, which are compared one by one; any other field as it is. */
function withoutRows(field: FieldDef): unknown {
  if (field.type !== 'subform') return field;
  const { fields: _, removed: __, ...config } = field.config;
  return { ...field, config };
}

/** Fields that came or went do not count as a moved layout. */
function arranged(definition: FormDefinition, among: ReadonlySet<string>) {
  return definition.layout.sections.map((section) => ({
    ...section,
    items: section.items.filter((item) => !('field' in item) || among.has(String(item.field))),
  }));
}
