import { fieldTypes } from '@lianke/shared/fields/registry';
import { bare } from '@lianke/shared/fields/sheet-text';
import { separators } from '@lianke/shared/fields/tags/sheet';
import type { FieldDef } from '@lianke/shared/forms/definition';
import type { Json } from '@lianke/shared/json';
import type { Tx } from '../../../kernel/database/tx.js';
import type { Org } from '../../org/org-directory.js';
import { findRecords } from '../../records/record-lookup.js';
import type { FormMeta } from '../form-meta.js';
import type { TenantForms } from '../form-registry.js';
import { type Converted, type Converter, converterOf, inWords, type Refusal } from './convert-value.js';

/** What conversions look names up in. */
export interface ConversionWorld {
  timeZone: string;
  org: Org;
  forms: TenantForms;
}

/** Makes a converter for some values: what their names stand for is read once for all of them. */
export type ConverterFor = (tx: Tx, values: readonly Json[]) => Promise<Converter>;

const joined = '、';

/**
 * Converts values whose meaning lies elsewhere: records, people and departments to what they are called and back; all
 * others by themselves.
 * @param matchBy the field of the related form that words name a record by; its title when absent
 */
export function converterFor(
  world: ConversionWorld,
  source: FieldDef,
  target: FieldDef,
  matchBy?: string | null,
): ConverterFor {
  const [from, to] = [fieldTypes[source.type], fieldTypes[target.type]];
  const parse = parserOf(target);
  if (from.refers && from.refers !== 'file' && !to.refers)
    return async (tx, values) => {
      const called = await calledOf(tx, world, source, values);
      return (value) => {
        if (value === null) return { value: null };
        const names = (Array.isArray(value) ? value : [value]).map((id) => called.get(String(id)) ?? '');
        return parse(names.filter((name) => name !== '').join(joined));
      };
    };
  if (!from.refers && to.refers && to.refers !== 'file') {
    const words = inWords(source, world.timeZone);
    const many = to.storage === 'uuid[]';
    const wordsOf = (value: Json) =>
      (many ? words(value).split(separators) : [words(value)]).map((word) => word.trim()).filter((word) => word !== '');
    return async (tx, values) => {
      const named = await namedBy(tx, world, target, values.flatMap(wordsOf), matchBy);
      return (value) => {
        const ids: string[] = [];
        for (const word of wordsOf(value)) {
          const found = named(word);
          if (typeof found !== 'string') return { value: null, refusal: found };
          ids.push(found);
        }
        if (ids.length === 0) return { value: null };
        return parse(many ? [...new Set(ids)] : ids[0]);
      };
    };
  }
  const converter = converterOf(source, target, world.timeZone);
  return async () => converter;
}

function parserOf(target: FieldDef): (raw: unknown) => Converted {
  const type = fieldTypes[target.type];
  const config = type.config.parse(target.config);
  return (raw) => {
    const parsed = type.parse(raw, config);
    return parsed.ok ? { value: parsed.value } : { value: null, refusal: { code: parsed.code, params: parsed.params } };
  };
}

/** What the ids in a reference field are called. */
async function calledOf(
  tx: Tx,
  { org, forms }: ConversionWorld,
  source: FieldDef,
  values: readonly Json[],
): Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(values.flat().filter((id): id is string => typeof id === 'string'))];
  const { refers } = fieldTypes[source.type];
  if (refers === 'member') return new Map(ids.map((id) => [id, org.nameOf(id)]));
  if (refers === 'department') return new Map(ids.map((id) => [id, org.departments.get(id as never)?.name ?? '']));
  const form = forms.get(String(source.config.formId));
  if (!form?.title || ids.length === 0) return new Map();
  const rows = await tx.sql<{ id: string; label: string | null }>(
    `SELECT id, ${form.title.column}::text AS label FROM ${form.table} WHERE id = ANY($1::uuid[])`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row.label ?? '']));
}

/** Who or what a word names in a reference field, or why nothing can be said. */
async function namedBy(
  tx: Tx,
  { org, forms }: ConversionWorld,
  target: FieldDef,
  words: readonly string[],
  matchBy: string | null | undefined,
): Promise<(word: string) => string | Refusal> {
  const { refers } = fieldTypes[target.type];
  if (refers === 'member')
    return among(
      [...org.members.values()].filter((item) => item.state !== 'left'),
      'no_such_member',
    );
  if (refers === 'department') return among([...org.departments.values()], 'no_such_department');
  const form = forms.get(String(target.config.formId));
  const field = form && matchField(form, matchBy);
  if (!form || !field) return () => ({ code: 'no_such_record' });
  const keyOf = (word: string) => (field.typeName === 'text' ? bare(word) : word);
  const first = [...new Set(words.map(keyOf))];
  const found = new Map<string, string[]>();
  for (const { id, keys } of await findRecords(tx, form, { fields: [field.id], first })) {
    const key = keys[0] ?? '';
    found.set(key, [...(found.get(key) ?? []), id]);
  }
  return (word) => single(found.get(keyOf(word)), word, 'no_such_record');
}

function among(
  items: readonly { id: string; name: string }[],
  missing: Refusal['code'],
): (word: string) => string | Refusal {
  const byName = new Map<string, string[]>();
  for (const { id, name } of items) byName.set(bare(name), [...(byName.get(bare(name)) ?? []), id]);
  return (word) => single(byName.get(bare(word)), word, missing);
}

function single(ids: readonly string[] | undefined, word: string, missing: Refusal['code']): string | Refusal {
  const [id] = ids ?? [];
  if (id === undefined) return { code: missing };
  return ids?.length === 1 ? id : { code: 'ambiguous_record', params: { value: word.slice(0, 60) } };
}

/** The field of a form that words may name its records by: one of its single texts. */
export function matchField(form: FormMeta, ref: string | null | undefined) {
  const field = ref ? form.field(ref) : form.title;
  return field && field.storage === 'text' && !field.type.compares && !field.type.refers ? field : undefined;
}
