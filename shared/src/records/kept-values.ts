import type { Json } from '../json.js';

interface Field {
  key: string;
  type: string;
  config?: Readonly<Record<string, unknown>> | undefined;
  encrypted?: boolean | undefined;
}
type Values = Readonly<Record<string, Json>>;
interface Row {
  id?: string;
  values?: Record<string, Json>;
}

/**
 * The values that may be written down on somebody's device (drafts, what is kept for reading offline): without those of
 * fields that are stored encrypted, in rows of subforms too.
 */
export function keptValues(fields: readonly Field[], values: Values): Record<string, Json> {
  const byKey = new Map(fields.map((field) => [field.key, field]));
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]): [string, Json][] => {
      const field = byKey.get(key);
      if (field?.encrypted) return [];
      const inner = field && innerFields(field);
      if (!inner?.some((item) => item.encrypted) || !Array.isArray(value)) return [[key, value]];
      const rows = value.map((row) =>
        isRow(row) && row.values ? { ...(row as Row), values: keptValues(inner, row.values) } : row,
      );
      return [[key, rows as Json]];
    }),
  );
}

/** Rows of subforms that were kept without their secrets get them back from the rows that stand, by the rows' ids. */
export function completedRows(fields: readonly Field[], kept: Values, standing: Values): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(kept).map(([key, value]): [string, Json] => {
      const field = fields.find((item) => item.key === key);
      const secret = (field ? (innerFields(field) ?? []) : []).filter((item) => item.encrypted).map((item) => item.key);
      if (secret.length === 0 || !Array.isArray(value)) return [key, value];
      const now = new Map(rowsIn(standing[key]).map((row) => [row.id, row.values ?? {}]));
      const rows = value.map((row) => {
        const known = isRow(row) && row.id !== undefined ? now.get(row.id) : undefined;
        if (!known || !isRow(row)) return row;
        const held = Object.fromEntries(secret.flatMap((name) => (name in known ? [[name, known[name] ?? null]] : [])));
        return { ...(row as Row), values: { ...held, ...row.values } };
      });
      return [key, rows as Json];
    }),
  );
}

/** Whether any of the values is one of a field that is stored encrypted. */
export function holdsSecrets(fields: readonly Field[], values: Values): boolean {
  return JSON.stringify(keptValues(fields, values)) !== JSON.stringify(values);
}

function innerFields({ type, config }: Field): Field[] | undefined {
  return type === 'subform' ? ((config?.fields ?? []) as Field[]) : undefined;
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function rowsIn(value: Json | undefined): Row[] {
  return Array.isArray(value) ? (value as unknown[]).filter(isRow) : [];
}
