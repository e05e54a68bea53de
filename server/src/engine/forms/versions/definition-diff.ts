import type { FieldDef } from '@lianke/shared/forms/definition';
import type { VersionChanges } from '@lianke/shared/forms/versions';
import { sameJson } from '../../same-json.js';
import type { FormDefinition } from '../form-meta.js';

interface Side {
  name: string;
  definition: FormDefinition;
}

/** What a publish changed, by the names fields have afterwards. A place alone makes no changed field. */
export function definitionChanges(before: Side, after: Side): VersionChanges {
  const old = new Map(before.definition.fields.map((field) => [field.id, field]));
  const next = new Map(after.definition.fields.map((field) => [field.id, field]));
  const both = new Set([...next.keys()].filter((id) => old.has(id)).map(String));
  return {
    added: [...next.values()].filter((field) => !old.has(field.id)).map(nameOf),
    changed: [...next.values()]
      .filter((field) => {
        const was = old.get(field.id);
        return was !== undefined && !sameJson(was, field);
      })
      .map(nameOf),
    removed: [...old.values()].filter((field) => !next.has(field.id)).map(nameOf),
    layout: !sameJson(arranged(before.definition, both), arranged(after.definition, both)),
    settings: !sameJson(before.definition.settings, after.definition.settings),
    renamed: before.name === after.name ? null : { from: before.name, to: after.name },
  };
}

/** Fields that came or went do not count as a moved layout. */
function arranged(definition: FormDefinition, among: ReadonlySet<string>) {
  return definition.layout.sections.map((section) => ({
    ...section,
    items: section.items.filter((item) => !('field' in item) || among.has(String(item.field))),
  }));
}

const nameOf = (field: FieldDef) => field.name;
