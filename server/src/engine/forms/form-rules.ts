import type { Words } from '@lianke/shared/errors/issue-text';
import { isDerived, shownAs } from '@lianke/shared/fields/derived';
import { fieldTypes } from '@lianke/shared/fields/registry';
import { countConditions, type Filter } from '@lianke/shared/filter/ast';
import { resolveCondition } from '@lianke/shared/filter/condition-test';
import { type FieldDef, type FieldRules, type FormSettings, systemFields } from '@lianke/shared/forms/definition';
import type { FormCheck } from '@lianke/shared/forms/rule-schema';
import { pathsIn } from '@lianke/shared/formulas/compile';
import { refusal } from '../../kernel/errors/app-error.js';
import { fieldOf } from './form-settings.js';

const maxConditions = 50;
/** Any instant will do: what relative dates mean is no question here. */
const anyEnv = { timeZone: 'UTC', now: new Date(0), me: null, myDepartments: [] };
const choices = ['select', 'multiSelect', 'cascader'];

/**
 * Rules of all fields with every reference turned into a field's id. A condition on no field of this form, with an
 * operator or value its type does not know, is refused with `invalid_definition` naming the field whose rule it is.
 */
export function resolveRules(fields: readonly FieldDef[]): FieldDef[] {
  return fields.map((field) => {
    const { rules } = field;
    const place = { zh: `字段“${field.name}”的规则`, en: `the rules of field "${field.name}"` };
    const condition = (filter: Filter | undefined) => filter && resolveFilter(filter, fields, place);
    const resolved: FieldRules = { ...rules };
    for (const key of ['visibleWhen', 'requiredWhen', 'readonlyWhen'] as const) {
      const filter = condition(rules[key]);
      if (filter) resolved[key] = filter;
    }
    if (rules.pattern && fieldTypes[field.type].storage !== 'text')
      fault({ zh: `${place.zh}：这种字段没有文本格式`, en: `${place.en}: fields of this type have no text pattern` });
    if (rules.optionsBy) resolved.optionsBy = resolveOptions(field, rules.optionsBy, fields);
    return { ...field, rules: resolved };
  });
}

/** Whether fields of this type can be part of a set that may not repeat: their values fit an index. */
export function mayBeInSet(type: FieldDef['type']): boolean {
  const { storage } = fieldTypes[type];
  return !storage.endsWith('[]') && storage !== 'jsonb' && type !== 'longText' && type !== 'richText';
}

/** Checks over several fields and sets of fields that may not repeat, their references turned into ids. */
export function resolveFormRules(settings: FormSettings, fields: readonly FieldDef[]): FormSettings {
  const idOf = (ref: string, place: Words) =>
    fieldOf(fields, ref)?.id ??
    fault({ zh: `${place.zh}指的字段“${ref}”不存在`, en: `${place.en}: there is no field "${ref}"` });
  const { checks, uniqueSets } = settings;
  return {
    ...settings,
    ...(checks && {
      checks: checks.map((check) => {
        const place = { zh: `校验“${check.message}”`, en: `the check "${check.message}"` };
        return {
          ...check,
          // A formula is settled once the results of computed fields are known (`settled-rules.ts`).
          ...(check.must && { must: resolveFilter(check.must, fields, place) }),
          ...(check.field !== undefined && { field: idOf(check.field, place) }),
        };
      }),
    }),
    ...(uniqueSets && {
      uniqueSets: uniqueSets.map((set) => {
        const ids = set.fields.map((ref) => idOf(ref, { zh: '不重复的组合', en: 'the set that may not repeat' }));
        for (const id of ids) {
          const field = fields.find((item) => item.id === id);
          if (!field || !mayBeInSet(field.type))
            fault({
              zh: `字段“${field?.name ?? ''}”不能放进不重复的组合`,
              en: `field "${field?.name ?? ''}" cannot be part of a set that may not repeat`,
            });
        }
        if (new Set(ids).size < ids.length)
          fault({ zh: '不重复的组合里有重复的字段', en: 'a set that may not repeat names a field twice' });
        return { fields: ids };
      }),
    }),
  };
}

/** What a form's rules still ask once `lost` fields are gone: nobody can meet a rule about a field that is not there. */
export function fieldsInRules(fields: readonly FieldDef[], settings: FormSettings): Map<string, Words> {
  const used = new Map<string, Words>();
  const note = (filter: Filter | undefined, where: Words) => {
    for (const ref of filter ? refsOf(filter) : []) used.set(ref, where);
  };
  for (const { name, rules } of fields) {
    const where = { zh: `字段“${name}”的规则`, en: `the rules of field "${name}"` };
    for (const filter of [rules.visibleWhen, rules.requiredWhen, rules.readonlyWhen]) note(filter, where);
    if (rules.optionsBy) used.set(rules.optionsBy.field, where);
    for (const { by } of rules.pickBy ?? []) used.set(by, where);
  }
  for (const check of settings.checks ?? []) {
    const where = { zh: `校验“${check.message}”`, en: `the check "${check.message}"` };
    note(check.must, where);
    for (const ref of formulaRefs(check)) used.set(ref, where);
  }
  return used;
}

/**
 * A field's rules for a reader of only these fields: conditions on others would tell of them, the server still asks them.
 * @param tellsPicks he sees the other form's fields that `pickWhen` is about
 */
export function readableRules(rules: FieldRules, ids: ReadonlySet<string>, tellsPicks: boolean): FieldRules {
  const { visibleWhen, requiredWhen, readonlyWhen, optionsBy, pickBy, pickWhen, ...rest } = rules;
  const told = (filter: Filter | undefined) => filter !== undefined && readsOnly(filter, ids);
  return {
    ...rest,
    ...(told(visibleWhen) && { visibleWhen }),
    ...(told(requiredWhen) && { requiredWhen }),
    ...(told(readonlyWhen) && { readonlyWhen }),
    ...(optionsBy && ids.has(optionsBy.field) && { optionsBy }),
    ...(pickBy?.every((rule) => ids.has(rule.by)) && { pickBy }),
    ...(pickWhen && tellsPicks && { pickWhen }),
  };
}

/**
 * The same for checks and sets of the whole form.
 * @param rowIds the fields of subforms' rows that he sees, and those that place the rows
 */
export function readableFormRules(
  settings: FormSettings,
  ids: ReadonlySet<string>,
  rowIds: ReadonlySet<string>,
): FormSettings {
  const { checks, uniqueSets, ...rest } = settings;
  return {
    ...rest,
    ...(checks && {
      checks: checks.filter(
        (check) =>
          (!check.must || readsOnly(check.must, ids)) &&
          formulaRefs(check).every((ref) => ids.has(ref) || rowIds.has(ref)),
      ),
    }),
    ...(uniqueSets && { uniqueSets: uniqueSets.filter((set) => set.fields.every((id) => ids.has(id))) }),
  };
}

function resolveOptions(
  field: FieldDef,
  rule: NonNullable<FieldRules['optionsBy']>,
  fields: readonly FieldDef[],
): NonNullable<FieldRules['optionsBy']> {
  const other = fieldOf(fields, rule.field);
  if (!choices.includes(field.type) || other?.type !== 'select' || other.id === field.id)
    fault({
      zh: `字段“${field.name}”的规则：选项只能由另一个下拉框决定`,
      en: `the rules of field "${field.name}": only another select field can decide its options`,
    });
  return { ...rule, field: other?.id ?? rule.field };
}

/** Whether a condition looks at these fields only. */
export function readsOnly(filter: Filter, ids: ReadonlySet<string>): boolean {
  return refsOf(filter).every((ref) => ids.has(ref));
}

/** Ids of the fields, and of what places the rows of a subform, that a settled check by formula names. */
function formulaRefs({ formula }: FormCheck): string[] {
  return formula === undefined
    ? []
    : pathsIn(formula).flatMap((path) => path.map((segment) => segment.replace(/^</, '')));
}

function refsOf(filter: Filter): string[] {
  if ('and' in filter) return filter.and.flatMap(refsOf);
  if ('or' in filter) return filter.or.flatMap(refsOf);
  return 'not' in filter ? refsOf(filter.not) : [filter.field];
}

/** A condition with its references turned into ids, refused where it cannot be asked; `place` says whose it is. */
export function resolveFilter(filter: Filter, fields: readonly FieldDef[], place: Words): Filter {
  if (countConditions(filter) > maxConditions)
    fault({ zh: `${place.zh}：条件最多 ${maxConditions} 个`, en: `${place.en}: at most ${maxConditions} conditions` });
  const walk = (node: Filter): Filter => {
    if ('and' in node) return { and: node.and.map(walk) };
    if ('or' in node) return { or: node.or.map(walk) };
    if ('not' in node) return { not: walk(node.not) };
    const own = fieldOf(fields, node.field);
    const system = systemFields.find((item) => item.key === node.field);
    if (!own && !system)
      fault({ zh: `${place.zh}：没有字段“${node.field}”`, en: `${place.en}: there is no field "${node.field}"` });
    // What a computed field gives is known once the form is settled; it is asked then (`settled-rules.ts`).
    if (own && isDerived(own.type) && !own.config.result) return { ...node, field: own.id };
    const type = fieldTypes[(own && shownAs(own).type) ?? system?.type ?? 'text'];
    const known = {
      storage: type.storage,
      operators: type.operators,
      ...(type.compares && { compares: type.compares }),
    };
    if (typeof resolveCondition(known, node.op, node.value, anyEnv) === 'string')
      fault({
        zh: `${place.zh}：字段“${own?.name ?? system?.zh}”的条件有误`,
        en: `${place.en}: the condition on field "${own?.name ?? system?.en}" is not valid`,
      });
    return { ...node, field: own?.id ?? node.field };
  };
  return walk(filter);
}

function fault(detail: Words): never {
  throw refusal('invalid_definition', detail);
}
