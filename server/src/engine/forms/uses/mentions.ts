/** A field as definitions name it. */
export interface FieldName {
  id: string;
  key: string;
  /** Of a column: the subform whose rows have it. Its key counts only after that one's, `items.price`. */
  within?: Omit<FieldName, 'within'> | undefined;
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
 * Ids count everywhere, keys only where fields are named; paths through relations (`customer.grade`) by each step, columns of
 * subforms by both of theirs and as the values of rows that a subform is given.
 */
export function mentioned(definition: unknown, fields: readonly FieldName[]): string[] {
  const own = fields.filter((field) => !field.within);
  const columns = fields.filter((field) => field.within);
  const byName = new Map([
    ...fields.map(({ id }) => [id, id] as const),
    ...own.map(({ id, key }) => [key, id] as const),
  ]);
  const ids = new Set(fields.map((field) => field.id));
  const found = new Set<string>();
  const isSubform = (text: unknown, { within }: FieldName) => text === within?.id || text === within?.key;
  const look = (text: string, ref: boolean) => {
    const parts = text.split(/[^A-Za-z0-9_]+/);
    for (const part of [text, ...parts]) {
      const id = byName.get(part);
      if (id && (ref || ids.has(part))) found.add(id);
    }
    if (!ref) return;
    for (const column of columns)
      if (parts.some((part, index) => index > 0 && part === column.key && isSubform(parts[index - 1], column)))
        found.add(column.id);
  };
  /** @param rows the columns of the subform whose rows the value holds */
  const walk = (value: unknown, prop: string, rows: readonly FieldName[]): void => {
    if (typeof value === 'string') look(value, refProps.has(prop));
    else if (Array.isArray(value)) for (const item of value) walk(item, prop, rows);
    else if (typeof value === 'object' && value !== null) {
      const given = 'field' in value ? columns.filter((column) => isSubform(value.field, column)) : [];
      for (const [key, item] of Object.entries(value)) {
        look(key, refMaps.has(prop));
        if (prop === 'values') for (const column of rows) if (column.key === key) found.add(column.id);
        const inner = refMaps.has(prop) ? columns.filter((column) => isSubform(key, column)) : [];
        walk(item, key, [...rows, ...given, ...inner]);
      }
    }
  };
  walk(definition, '', []);
  return [...found];
}

/** Whether a definition names an id at all. */
export function names(definition: unknown, id: string): boolean {
  return JSON.stringify(definition ?? null).includes(id);
}
