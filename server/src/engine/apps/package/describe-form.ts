import { isDerived } from '@lianke/shared/fields/derived';
import { subformConfig } from '@lianke/shared/fields/subform/schema';
import { fieldsOf } from '@lianke/shared/filter/ast';
import type { FieldDef, FormSettings } from '@lianke/shared/forms/definition';
import { laidField } from '@lianke/shared/forms/layout';
import type { ViewDef } from '@lianke/shared/forms/views';
import type { PoolSettings } from '@lianke/shared/pools/api';
import type { FormMeta } from '../../forms/form-meta.js';
import type { TenantForms } from '../../forms/form-registry.js';
import { rowFields } from '../../forms/subform-meta.js';
import { relatedForm } from './outside-places.js';
import { mapTexts, mentions } from './package-names.js';
import type { Stays } from './stays.js';

/** What of a form goes into a package, still with its ids. */
export interface FormDesign {
  fields: unknown[];
  layout: FormMeta['definition']['layout'];
  settings: FormSettings;
  duplicates: FormMeta['duplicates'];
}

const ruleConditions = ['visibleWhen', 'requiredWhen', 'readonlyWhen', 'optionsBy', 'pickBy', 'pickWhen'];

export function designOf(form: FormMeta, stays: Stays, people: ReadonlySet<string>): FormDesign {
  const { layout, settings } = form.definition;
  const keeps = (condition: unknown) => !stays.touches(condition);
  const noted = (kept: boolean, name: string) => {
    if (!kept) stays.note('rule', name, form.name);
    return kept;
  };
  return {
    fields: form.definition.fields
      .filter((field) => !stays.has(field.id))
      .map((field) => packagedField(field, form.name, stays, people)),
    layout: {
      sections: layout.sections.map(({ visibleWhen, ...section }) => ({
        ...section,
        ...(visibleWhen && noted(keeps(visibleWhen), section.title || section.tab || form.name) && { visibleWhen }),
        items: section.items.filter((item) => {
          const field = laidField(item);
          return field === undefined ? keeps(item) : !stays.has(field);
        }),
      })),
    },
    settings: packagedSettings(settings, stays, noted),
    duplicates: form.duplicates.filter((rule) => keeps(rule)),
  };
}

/** A field without ids of its own, and without what names people or leads out of the app. */
export function packagedField(field: FieldDef, of: string, stays: Stays, people: ReadonlySet<string>): unknown {
  const { id: _, encrypted, rules, default: initial, config, ...rest } = field;
  const kept = Object.fromEntries(
    Object.entries(rules).filter(([key, rule]) => {
      const goes = !ruleConditions.includes(key) || !stays.touches(rule);
      if (!goes) stays.note('rule', field.name, of);
      return goes;
    }),
  );
  const named = initial?.kind === 'literal' && mentions(initial.value, people);
  if (named) stays.note('people', field.name, of);
  const away = initial !== undefined && stays.touches(initial);
  if (away) stays.note('rule', field.name, of);
  return {
    ...rest,
    config: packagedConfig(field, config, of, stays, people),
    rules: kept,
    ...(encrypted ? { encrypted } : {}),
    ...(initial !== undefined && !named && !away ? { default: initial } : {}),
  };
}

function packagedConfig(
  field: FieldDef,
  config: FieldDef['config'],
  of: string,
  stays: Stays,
  people: ReadonlySet<string>,
): unknown {
  if (field.type === 'lastContact') {
    const sources = (config.sources ?? []) as unknown[];
    return { ...config, sources: sources.filter((source) => !stays.touches(source)) };
  }
  if (isDerived(field.type)) {
    const { result: _, ...own } = config;
    return own;
  }
  if (field.type !== 'subform') return config;
  const { formId: _, parentField: __, positionField: ___, removed: ____, fields: _____, ...own } = config;
  const rows = rowFields(subformConfig.parse(config)).filter((row) => !stays.has(row.id));
  return { ...own, fields: rows.map((row) => packagedField(row, `${of} · ${field.name}`, stays, people)) };
}

function packagedSettings(
  settings: FormSettings,
  stays: Stays,
  noted: (kept: boolean, name: string) => boolean,
): FormSettings {
  const { titleField, summaryFields, quickFields, task, checks, uniqueSets, ...rest } = settings;
  return {
    ...rest,
    summaryFields: summaryFields.filter((ref) => !stays.touches({ field: ref })),
    ...(titleField !== undefined && !stays.touches({ field: titleField }) && { titleField }),
    ...(quickFields && { quickFields: quickFields.filter((ref) => !stays.touches({ field: ref })) }),
    ...(task && packagedTask(task, stays)),
    ...(checks && { checks: checks.filter((check) => noted(!stays.touches(check), check.message)) }),
    ...(uniqueSets && { uniqueSets: uniqueSets.filter((set) => !stays.touches(set)) }),
  };
}

function packagedTask(task: NonNullable<FormSettings['task']>, stays: Stays): Pick<FormSettings, 'task'> {
  const { subject, ...own } = task;
  if (stays.touches({ fields: Object.values(own).filter((value) => typeof value === 'string') })) return {};
  return { task: subject !== undefined && !stays.touches({ field: subject }) ? task : own };
}

/** A view without columns that are gone; undefined when its filter or what it is arranged by stays behind. */
export function packagedView(
  view: ViewDef,
  form: FormMeta,
  forms: TenantForms,
  stays: Stays,
): Omit<ViewDef, 'shared'> | undefined {
  const known = (ref: string) => reaches(ref, form, forms, stays);
  if (view.filter && !fieldsOf(view.filter).every(known)) return undefined;
  const { groups, widths, lane, sum, start, end, cover, place, progress, color, ...look } = view.look;
  if ([lane, start, place].some((ref) => ref !== undefined && !known(ref))) return undefined;
  const { shared: _, ...rest } = view;
  return {
    ...rest,
    columns: view.columns.filter(known),
    sort: view.sort.filter((item) => known(item.field)),
    look: {
      ...look,
      ...(groups && { groups: groups.filter((group) => known(group.field)) }),
      ...(widths && { widths: Object.fromEntries(Object.entries(widths).filter(([ref]) => known(ref))) }),
      ...(lane !== undefined && { lane }),
      ...(start !== undefined && { start }),
      ...(place !== undefined && { place }),
      ...(sum !== undefined && known(sum) && { sum }),
      ...(end !== undefined && known(end) && { end }),
      ...(cover !== undefined && known(cover) && { cover }),
      ...(progress !== undefined && known(progress) && { progress }),
      ...(color !== undefined && known(color) && { color }),
    },
  };
}

/** Paths into other apps' forms by ids: the chosen form's fields have keys of their own. */
export function pathsById<Value>(value: Value, form: FormMeta | undefined, forms: TenantForms, stays: Stays): Value {
  if (!form) return value;
  return mapTexts(value, (text) => {
    const [first = '', second, ...rest] = text.split('.');
    const relation = second === undefined || rest.length > 0 ? undefined : form.field(first);
    const target = relation && relatedForm(relation);
    const field = stays.isPlace(target) ? forms.get(target ?? '')?.field(second ?? '') : undefined;
    return relation && field ? `${relation.id}.${field.id}` : text;
  }) as Value;
}

/** Whether a field, or a path through relations, ends at a field that goes along. */
function reaches(ref: string, form: FormMeta, forms: TenantForms, stays: Stays): boolean {
  let at: FormMeta | undefined = form;
  for (const part of ref.split('.')) {
    const field: FormMeta['fields'][number] | undefined = at?.field(part);
    if (!field || stays.has(field.id)) return false;
    at = forms.get(String((field.config as { formId?: string }).formId));
  }
  return true;
}

/** A pool's rules without the people in them. */
export function packagedPool(pool: PoolSettings, form: FormMeta, stays: Stays): PoolSettings {
  if ((pool.claimers?.length ?? 0) + pool.managers.length > 0) stays.note('poolPeople', form.name);
  const contact = pool.contactField !== null && !stays.touches({ field: pool.contactField });
  return {
    ...pool,
    claimers: pool.claimers && [],
    managers: [],
    fields: pool.fields && Object.fromEntries(Object.entries(pool.fields).filter(([ref]) => !stays.has(ref))),
    dealt: pool.dealt && !stays.touches(pool.dealt) ? pool.dealt : null,
    contactField: contact ? pool.contactField : null,
    contactDays: contact ? pool.contactDays : null,
  };
}
