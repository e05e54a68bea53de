import type { FieldErrorCode } from '@lianke/shared/errors/codes';
import { fieldTypes } from '@lianke/shared/fields/registry';
import { sheetFormats } from '@lianke/shared/fields/sheet-registry';
import { cellText } from '@lianke/shared/fields/sheet-text';
import type { SheetFormat } from '@lianke/shared/fields/sheet-types';
import type { FieldDef } from '@lianke/shared/forms/definition';
import type { Json } from '@lianke/shared/json';

export interface Refusal {
  code: FieldErrorCode;
  params?: Record<string, string | number> | undefined;
}

export interface Converted {
  value: Json;
  /** Why the value cannot be kept; it is then empty. */
  refusal?: Refusal;
}

export type Converter = (value: Json) => Converted;

/** How a canonical value reads in words. */
export function inWords(def: FieldDef, timeZone: string): (value: Json) => string {
  const config = fieldTypes[def.type].config.parse(def.config) as never;
  const sheet = sheetFormats[def.type] as SheetFormat<never>;
  return (value) => (value === null ? '' : cellText(sheet.write(value, config, { timeZone, nameOf: (id) => id })));
}

/**
 * Turns canonical values of one field into those of another type: by number where both are numbers, else by what they
 * say in a cell, read as an import would read it.
 */
export function converterOf(source: FieldDef, target: FieldDef, timeZone: string): Converter {
  const from = fieldTypes[source.type];
  const to = fieldTypes[target.type];
  const config = to.config.parse(target.config);
  const parse = (raw: unknown): Converted => {
    const parsed = to.parse(raw, config);
    return parsed.ok ? { value: parsed.value } : { value: null, refusal: { code: parsed.code, params: parsed.params } };
  };
  // Only how the values are stored changes, or files are kept among others.
  if (source.type === target.type || from.refers === 'file') return parse;
  if (from.refers && from.refers === to.refers) return oneOrMany(to.storage === 'uuid[]', parse);
  if (from.storage === 'numeric' && to.storage === 'numeric') return (value) => parse(value);
  const sheet = sheetFormats[source.type] as SheetFormat<never>;
  const read = (sheetFormats[target.type] as SheetFormat<never>).reader(config as never, { timeZone });
  const own = from.config.parse(source.config) as never;
  const words = inWords(source, timeZone);
  return (value) => {
    if (value === null) return { value: null };
    // A sheet's dates and numbers say more than their text to a field that counts.
    const cell = sheet.write(value, own, { timeZone, nameOf: (id) => id });
    const found = read(to.storage === 'text' || to.storage === 'text[]' ? words(value) : cell);
    return found.problem
      ? { value: null, refusal: { code: found.problem.code, params: found.problem.params } }
      : { value: found.value };
  };
}

function oneOrMany(many: boolean, parse: (raw: unknown) => Converted): Converter {
  return (value) => {
    if (value === null) return { value: null };
    const ids = Array.isArray(value) ? value : [value];
    if (many) return parse(ids);
    return ids.length > 1 ? { value: null, refusal: { code: 'several_values' } } : parse(ids[0]);
  };
}

/** Equality of canonical values of one storage: 1.50 and 1.5 are the same number. */
export function sameStored(a: Json, b: Json): boolean {
  if (a === null || b === null) return a === b;
  if (typeof a === 'string' && typeof b === 'string' && /^-?\d+(\.\d+)?$/.test(a) && /^-?\d+(\.\d+)?$/.test(b))
    return trimmed(a) === trimmed(b);
  return JSON.stringify(a) === JSON.stringify(b);
}

const trimmed = (text: string) => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);
