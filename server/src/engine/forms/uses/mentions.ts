/** A field as definitions name it. */
export interface FieldName {
  id: string;
  key: string;
}

/** Properties of definitions whose texts name fields; everywhere else a text like a field's key is only a text. */
const refProps = new Set([
  'field',
  'fields',
  'columns',
  'path',
  'groupBy',
  'lane',
  'sum',
  'start',
  'end',
  'cover',
  'titleField',
  'summaryFields',
  'matchOn',
  'target',
  'targets',
  'mapping',
]);
/** Objects whose keys name fields. */
const refMaps = new Set(['fields', 'widths', 'values', 'mapping']);

/**
 * Which of the fields a definition (view, flow, dashboard …) names, by id: found by reading its JSON, whatever its shape.
 * Ids count everywhere, keys only where fields are named; paths through relations (`customer.grade`) by each step.
 */
export function mentioned(definition: unknown, fields: readonly FieldName[]): string[] {
  const byName = new Map(fields.flatMap(({ id, key }) => [[id, id] as const, [key, id] as const]));
  const ids = new Set(fields.map((field) => field.id));
  const found = new Set<string>();
  const look = (text: string, ref: boolean) => {
    for (const part of [text, ...text.split(/[^A-Za-z0-9_]+/)]) {
      const id = byName.get(part);
      if (id && (ref || ids.has(part))) found.add(id);
    }
  };
  const walk = (value: unknown, prop: string): void => {
    if (typeof value === 'string') look(value, refProps.has(prop));
    else if (Array.isArray(value)) for (const item of value) walk(item, prop);
    else if (typeof value === 'object' && value !== null)
      for (const [key, item] of Object.entries(value)) {
        look(key, refMaps.has(prop));
        walk(item, key);
      }
  };
  walk(definition, '');
  return [...found];
}

/** Whether a definition names an id at all. */
export function names(definition: unknown, id: string): boolean {
  return JSON.stringify(definition ?? null).includes(id);
}
