import type { FieldTypeName } from '@lianke/shared/fields/registry';

interface Field {
  key: string;
  name: string;
  type: FieldTypeName;
  config: Readonly<Record<string, unknown>>;
}

/** Fields that a column may feed, those of a subform's rows as `<subform>.<field>` under both names. */
export function withLineFields<Kind extends Field>(fields: readonly Kind[]): Field[] {
  return fields.flatMap((field): Field[] => {
    if (field.type !== 'subform') return [field];
    return ((field.config.fields ?? []) as Field[])
      .filter((line) => line.type !== 'formula' && line.type !== 'lookup')
      .map(({ key, name, type, config }) => ({
        key: `${field.key}.${key}`,
        name: `${field.name}.${name}`,
        type,
        config,
      }));
  });
}
