import type { OutsideField } from '@lianke/shared/apps/package';
import type { FieldMeta } from '../../forms/form-meta.js';
import { isObject } from './package-names.js';

/** Options of other apps' fields, by `outside:o1/grade`: which option of the chosen form's field each stands for, if any. */
export type OptionsHere = ReadonlyMap<string, ReadonlyMap<string, { label: string; here: string | undefined }>>;

interface Option {
  id: string;
  label: string;
}

/** The options of a field; none of one without. */
export function optionsOf(config: Readonly<Record<string, unknown>>): Option[] {
  return (Array.isArray(config.options) ? config.options : []).flatMap((item) =>
    isObject(item) && typeof item.id === 'string' && typeof item.label === 'string'
      ? [{ id: item.id, label: item.label }]
      : [],
  );
}

/** Each of the described options with the one that stands for it: of the same id, else called the same. */
export function optionsHere({ options = [] }: OutsideField, field: FieldMeta) {
  const own = optionsOf(field.config);
  return new Map(
    options.map(({ id, label }) => {
      const same = own.find((option) => option.id === id) ?? own.find((option) => option.label === label);
      return [id, { label, here: same?.id }] as const;
    }),
  );
}

const placed = /outside:o\d+\/[A-Za-z0-9]+$/;

/** Conditions over other apps' fields, with the texts that they compare with. */
export function comparisons(value: unknown): { token: string; values: string[] }[] {
  if (Array.isArray(value)) return value.flatMap(comparisons);
  if (!isObject(value)) return [];
  const token = comparedField(value);
  const compared = Array.isArray(value.value) ? value.value : [value.value];
  const own = token ? [{ token, values: compared.filter((item): item is string => typeof item === 'string') }] : [];
  return [...own, ...Object.values(value).flatMap(comparisons)];
}

/** What conditions compare with and the chosen forms do not offer. */
export function lackingOptions(value: unknown, options: OptionsHere): { token: string; label: string }[] {
  if (options.size === 0) return [];
  return comparisons(value).flatMap(({ token, values }) =>
    values.flatMap((item) => {
      const option = options.get(token)?.get(item);
      return option && option.here === undefined ? [{ token, label: option.label }] : [];
    }),
  );
}

/** The value with its conditions comparing with the chosen forms' options. */
export function withOptionsHere(value: unknown, options: OptionsHere): unknown {
  if (options.size === 0) return value;
  if (Array.isArray(value)) return value.map((item) => withOptionsHere(item, options));
  if (!isObject(value)) return value;
  const known = options.get(comparedField(value) ?? '');
  const here = (item: unknown) => (typeof item === 'string' ? (known?.get(item)?.here ?? item) : item);
  return Object.fromEntries(
    Object.entries(value).map(([prop, item]) => [
      prop,
      known && prop === 'value' ? (Array.isArray(item) ? item.map(here) : here(item)) : withOptionsHere(item, options),
    ]),
  );
}

function comparedField({ field, op }: Record<string, unknown>): string | undefined {
  return typeof field === 'string' && typeof op === 'string' ? placed.exec(field)?.[0] : undefined;
}
