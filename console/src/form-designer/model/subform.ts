import { type FieldTypeName, fieldTypeNames, fieldTypes } from '@lianke/shared/fields/registry';
import { notInRows } from '@lianke/shared/fields/subform/schema';
import { asJson, type Json } from '@lianke/shared/json';
import { type DesignField, newField } from './design.js';

/** What a row's field is kept as in the subform's settings; `uid` is dropped on publishing. */
type Inner = Omit<DesignField, 'uid'> & { uid?: string };

/** Types that may be put into a subform. */
export const rowTypes: readonly FieldTypeName[] = fieldTypeNames.filter(
  (type) => !notInRows.includes(type) && type !== 'lookup' && fieldTypes[type].group !== 'system',
);

/** The fields of a subform's rows as fields of the canvas. */
export function innerOf(field: Pick<DesignField, 'config'>): DesignField[] {
  const fields = (field.config.fields ?? []) as Inner[];
  return fields.map((inner) => ({
    ...inner,
    config: inner.config ?? {},
    rules: inner.rules ?? {},
    uid: inner.uid ?? inner.id ?? inner.name,
  }));
}

/**
 * Fields that were taken off the rows and can come back: their data is still there.
 * @param gone those that the published subform keeps
 */
export function removedInner(
  field: Pick<DesignField, 'config'>,
  gone: Json | undefined,
): (DesignField & { removedAt: string })[] {
  const there = new Set(innerOf(field).map((inner) => inner.uid));
  const removed = (gone ?? []) as (Inner & { removedAt: string })[];
  return removed.flatMap((inner) => {
    const uid = inner.id ?? inner.name;
    return there.has(uid) ? [] : [{ ...inner, config: inner.config ?? {}, rules: inner.rules ?? {}, uid }];
  });
}

/** The subform's settings with these fields. */
export function withInner(field: Pick<DesignField, 'config'>, fields: readonly DesignField[]): Record<string, Json> {
  return { ...field.config, fields: asJson(fields) };
}

/** A field of a type for the rows, with a name not yet taken in them. */
export function newInner(field: DesignField, type: FieldTypeName, label: string, uid: string): DesignField {
  const fields = Object.fromEntries(innerOf(field).map((inner) => [inner.uid, inner]));
  return newField({ name: '', fields, sections: [], settings: { summaryFields: [] } }, type, label, uid);
}
