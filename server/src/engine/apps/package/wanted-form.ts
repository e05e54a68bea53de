import { type PackagedForm, packageParts } from '@lianke/shared/apps/package';
import type { Words } from '@lianke/shared/errors/issue-text';
import type { FieldDef, FieldInput } from '@lianke/shared/forms/definition';
import type { AppId, FormId } from '@lianke/shared/ids';
import type { z } from 'zod';
import { shapeError } from '../../../kernel/errors/shape-error.js';
import type { FormMeta } from '../../forms/form-meta.js';
import type { WantedForm } from '../../forms/form-set.js';
import type { PackageNames } from './package-names.js';

/** A part with its names replaced, checked by the API's own schema; the refusal says which part it is. */
export function decoded<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  names: PackageNames,
  place: Words,
): z.output<Schema> {
  const input = names.decode(value);
  const parsed = schema.safeParse(input);
  if (!parsed.success) throw shapeError('invalid_definition', parsed.error, input, { place });
  return parsed.data;
}

/** Fields that the package decides, whose fields people changed are left as they stand. */
type Decides = (token: string) => boolean;

/** A form as it is to be: the package's parts where it decides, what stands everywhere else. Nothing is taken off. */
export function wantedForm(
  { key, name, ...form }: PackagedForm,
  names: PackageNames,
  target: { appId: AppId; key: string; name: string; before: FormMeta | undefined },
  decides: Decides,
): WantedForm {
  const { before } = target;
  const place = (part: Words): Words => ({ zh: `表单“${name}”的${part.zh}：`, en: `form "${name}", ${part.en}: ` });
  const inputs = new Map(
    form.fields.flatMap((raw) => {
      const field = raw as { key: string; name: string };
      if (!decides(`field:${key}/${field.key}`)) return [];
      const input = decoded(
        packageParts.field,
        raw,
        names,
        place({ zh: `字段“${field.name}”`, en: `field "${field.name}"` }),
      );
      const { id: _, ...made } = input;
      return [[field.key, made as FieldInput] as const];
    }),
  );
  const standing = before?.definition.fields ?? [];
  const fields: FieldInput[] = standing.map((field) => {
    const input = inputs.get(field.key);
    inputs.delete(field.key);
    return input ? merged(input, field) : field;
  });
  const removed = new Map(before?.definition.removed.map((field) => [field.key, field]));
  const order = form.fields.map((field) => (field as { key: string }).key);
  for (const [fieldKey, input] of inputs) {
    const old = removed.get(fieldKey);
    const made = old && old.type === input.type ? merged(input, old) : input;
    // After the field that stands before it in the package.
    const previous = order.slice(0, order.indexOf(fieldKey)).reverse();
    const at = fields.findIndex((field) => field.key === previous.find((item) => fields.some((f) => f.key === item)));
    fields.splice(at < 0 ? (before ? fields.length : 0) : at + 1, 0, made);
  }
  const layout = decides(`layout:${key}`)
    ? decoded(packageParts.layout, form.layout ?? {}, names, place({ zh: '布局', en: 'layout' }))
    : before?.definition.layout;
  const settings = decides(`settings:${key}`)
    ? decoded(packageParts.settings, form.settings ?? {}, names, place({ zh: '设置', en: 'settings' }))
    : before?.definition.settings;
  return {
    id: names.id(`form:${key}`) as FormId,
    appId: target.appId,
    key: target.key,
    name: target.name,
    before,
    input: { fields: withoutTwins(fields, standing), ...(layout && { layout }), ...(settings && { settings }) },
    given: {
      field: (path) => names.id(`field:${key}/${path}`),
      rows: (subform) => ({
        formId: names.id(`form:${key}/${subform}`) as never,
        parentField: names.id(`field:${key}/${subform}/parent`) as never,
        positionField: names.id(`field:${key}/${subform}/position`) as never,
      }),
    },
  };
}

/** The package's field in place of the one that stands: options and columns that it does not know stay. */
function merged(input: FieldInput, standing: FieldDef): FieldInput {
  const config = { ...input.config };
  if (Array.isArray(config.options) && Array.isArray(standing.config.options))
    config.options = joined(config.options, standing.config.options, 'id') as never;
  if (input.type === 'subform' && Array.isArray(config.fields) && Array.isArray(standing.config.fields))
    config.fields = joined(withIds(config.fields, standing.config.fields), standing.config.fields, 'key') as never;
  const { encrypted: _, ...rest } = input;
  // Encryption is switched by a conversion only.
  return {
    ...rest,
    id: standing.id,
    config,
    ...(standing.encrypted !== undefined && { encrypted: standing.encrypted }),
  };
}

type Item = Record<string, unknown>;

function joined(next: readonly unknown[], standing: readonly unknown[], by: 'id' | 'key'): unknown[] {
  const known = new Set(next.map((item) => (item as Item)[by]));
  const labels = new Set(next.map((item) => (item as Item).label ?? (item as Item).name));
  const own = standing.filter((item) => !known.has((item as Item)[by]));
  return [
    ...next,
    ...own.map((item) => {
      const { label } = item as Item;
      return typeof label === 'string' && labels.has(label) ? { ...(item as Item), label: `${label} 2` } : item;
    }),
  ];
}

function withIds(next: readonly unknown[], standing: readonly unknown[]): unknown[] {
  const ids = new Map(standing.map((item) => [(item as Item).key, (item as Item).id]));
  return next.map((item) => {
    const id = ids.get((item as Item).key);
    return id === undefined ? item : { ...(item as Item), id };
  });
}

/** Names are told apart: a field that comes in gives way to one that stands. */
function withoutTwins(fields: readonly FieldInput[], standing: readonly FieldDef[]): FieldInput[] {
  const old = new Map(standing.map((field) => [field.id as string, field.name]));
  const taken = new Set(fields.filter((field) => old.get(field.id ?? '') === field.name).map((field) => field.name));
  return fields.map((field) => {
    if (old.get(field.id ?? '') === field.name) return field;
    const name = freeName(field.name, taken);
    taken.add(name);
    return name === field.name ? field : { ...field, name };
  });
}

/** The name, with a number after it where it is taken. */
export function freeName(name: string, taken: ReadonlySet<string>, longest = 40): string {
  for (let n = 1; ; n++) {
    const tail = n === 1 ? '' : ` ${n}`;
    const tried = `${name.slice(0, longest - tail.length)}${tail}`;
    if (!taken.has(tried)) return tried;
  }
}
