import type { Words } from '@lianke/shared/errors/issue-text';
import { isDerived, shownAs } from '@lianke/shared/fields/derived';
import { behaviourOf } from '@lianke/shared/fields/encrypted';
import { fieldTypes } from '@lianke/shared/fields/registry';
import { subformConfig } from '@lianke/shared/fields/subform/schema';
import { type Filter, fieldsOf } from '@lianke/shared/filter/ast';
import { parentPrefix } from '@lianke/shared/forms/deciders';
import { type FieldDef, type FieldRules, systemFields } from '@lianke/shared/forms/definition';
import { refusal } from '../../kernel/errors/app-error.js';
import type { DefinitionWorld } from './form-definition.js';
import { resolveFilter } from './form-rules.js';
import { fieldOf } from './form-settings.js';

const plain = new Set(['text', 'numeric', 'date', 'timestamptz', 'boolean', 'uuid']);

/**
 * Defaults taken from other forms and pickers narrowed by other fields, their references turned into ids. What cannot
 * be compared, or taken into the field's type, is refused with `invalid_definition` naming the field.
 * @param parent of a subform's rows: the fields of the record they belong to, which rows may name too; `later` while those
 *   have no ids yet
 */
export function resolveLinks(
  fields: readonly FieldDef[],
  world: DefinitionWorld,
  parent?: readonly FieldDef[] | 'later',
): FieldDef[] {
  return fields.map((field) => {
    if (field.type === 'subform' && parent === undefined) return withResolvedRows(field, fields, world);
    const link = field.default?.kind === 'linked' ? field.default : undefined;
    const { pickBy, pickWhen } = field.rules;
    if (!link && !pickBy && !pickWhen) return field;
    const resolved: FieldDef = { ...field };
    if (link) {
      const place = { zh: `字段“${field.name}”的数据联动`, en: `the data linkage of field "${field.name}"` };
      const there = (ref: string) =>
        found(world.fieldOf(link.formId, ref), {
          zh: `${place.zh}里的字段“${ref}”不存在`,
          en: `${place.en}: there is no field "${ref}"`,
        });
      if (!world.formExists(link.formId))
        fault({ zh: `${place.zh}指的表单不存在`, en: `${place.en}: the form it names does not exist` });
      const take = there(link.take);
      if (!fits(field, take))
        fault({
          zh: `${place.zh}：“${take.name}”的类型不同，不能填到这里`,
          en: `${place.en}: "${take.name}" is of another type and cannot be filled in here`,
        });
      resolved.default = {
        ...link,
        take: take.id,
        match: link.match.map((pair) => {
          const above = pair.own.startsWith(parentPrefix);
          if (above && parent === 'later') return pair;
          const own = above ? parentOf(parent, pair.own, place) : ownOf(fields, pair.own, place);
          const named = above ? `${parentPrefix}${own.id}` : own.id;
          if (own.id === field.id)
            fault({ zh: `${place.zh}不能由它自己决定`, en: `${place.en} cannot depend on the field itself` });
          if (pair.field === 'id') {
            if (own.config.formId !== link.formId)
              fault({
                zh: `${place.zh}：“${own.name}”没有关联那张表单`,
                en: `${place.en}: "${own.name}" does not relate to that form`,
              });
            return { field: 'id', own: named };
          }
          const other = there(pair.field);
          if (!comparable(own, other))
            fault({
              zh: `${place.zh}：“${own.name}”与“${other.name}”不能比较`,
              en: `${place.en}: "${own.name}" and "${other.name}" cannot be compared`,
            });
          return { field: other.id, own: named };
        }),
      };
    }
    if (pickBy) resolved.rules = { ...resolved.rules, pickBy: resolvePicks(field, pickBy, fields, world) };
    if (pickWhen) resolved.rules = { ...resolved.rules, pickWhen: resolvePickWhen(field, pickWhen, world) };
    return resolved;
  });
}

function withResolvedRows(field: FieldDef, parent: readonly FieldDef[], world: DefinitionWorld): FieldDef {
  const rows = subformConfig.parse(field.config).fields as FieldDef[];
  const looksAway = (row: FieldDef) => row.default?.kind === 'linked' || row.rules.pickBy || row.rules.pickWhen;
  if (!rows.some(looksAway)) return field;
  return { ...field, config: { ...field.config, fields: resolveLinks(rows, world, parent) as never } };
}

/** A field of the record above: one that people fill in, since computed ones follow from the rows. */
function parentOf(fields: readonly FieldDef[] | 'later' | undefined, ref: string, place: Words): Like {
  const name = ref.slice(parentPrefix.length);
  if (!fields || fields === 'later')
    return fault({
      zh: `${place.zh}：“${ref}”只有子表单的字段才能用`,
      en: `${place.en}: only fields of a subform can use "${ref}"`,
    });
  const own = found(fieldOf(fields, name), {
    zh: `${place.zh}里的字段“${name}”不存在`,
    en: `${place.en}: there is no field "${name}"`,
  });
  if (isDerived(own.type))
    fault({
      zh: `${place.zh}：“${own.name}”是计算出来的，不能用来带出子表单的值`,
      en: `${place.en}: "${own.name}" is computed and cannot bring values into the subform`,
    });
  return own;
}

function resolvePicks(
  field: FieldDef,
  pickBy: NonNullable<FieldRules['pickBy']>,
  fields: readonly FieldDef[],
  world: DefinitionWorld,
): NonNullable<FieldRules['pickBy']> {
  const place = { zh: `字段“${field.name}”的可选范围`, en: `the range of choices of field "${field.name}"` };
  if (fieldTypes[field.type].refers !== 'record')
    fault({ zh: `${place.zh}：只有关联数据可以这样限定`, en: `${place.en}: only relations can be narrowed like this` });
  return pickBy.map((rule) => {
    const own = ownOf(fields, rule.by, place);
    if (own.id === field.id)
      fault({ zh: `${place.zh}不能由它自己决定`, en: `${place.en} cannot depend on the field itself` });
    const formId = String(field.config.formId);
    const other = found(world.fieldOf(formId, rule.field), {
      zh: `${place.zh}里的字段“${rule.field}”不存在`,
      en: `${place.en}: there is no field "${rule.field}"`,
    });
    // Pickers ask for equality, which lists do not know.
    const equal = behaviourOf(other).operators.includes('eq');
    if (!equal || !comparable(own, other))
      fault({
        zh: `${place.zh}：“${own.name}”与“${other.name}”不能比较`,
        en: `${place.en}: "${own.name}" and "${other.name}" cannot be compared`,
      });
    return { field: other.id, by: own.id };
  });
}

/** The fixed condition of a picker, over own fields of the form it picks from and the same for everybody. */
function resolvePickWhen(field: FieldDef, filter: Filter, world: DefinitionWorld): Filter {
  const place = { zh: `字段“${field.name}”的可选条件`, en: `the condition on choices of field "${field.name}"` };
  if (fieldTypes[field.type].refers !== 'record')
    fault({ zh: `${place.zh}：只有关联数据可以这样限定`, en: `${place.en}: only relations can be narrowed like this` });
  const formId = String(field.config.formId);
  const there = fieldsOf(filter).flatMap((ref): FieldDef[] => {
    if (systemFields.some((item) => item.key === ref)) return [];
    return [
      found(world.fieldOf(formId, ref), {
        zh: `${place.zh}里的字段“${ref}”不存在`,
        en: `${place.en}: there is no field "${ref}"`,
      }),
    ];
  });
  if (/"(me|myDepartment)":/.test(JSON.stringify(filter)))
    fault({
      zh: `${place.zh}对所有人是同一个，不能用“我”`,
      en: `${place.en} is the same for everybody and cannot use "me"`,
    });
  return resolveFilter(filter, there, place);
}

type Like = Pick<FieldDef, 'id' | 'name' | 'type' | 'config' | 'encrypted'>;

function ownOf(fields: readonly FieldDef[], ref: string, place: Words): Like {
  const system = systemFields.find((item) => item.key === ref);
  if (system) return { id: system.key as never, name: system.zh, type: system.type, config: {} };
  return found(fieldOf(fields, ref), {
    zh: `${place.zh}里的字段“${ref}”不存在`,
    en: `${place.en}: there is no field "${ref}"`,
  });
}

/** One value on this side, the same kind of value (or a list of them) on the other. */
function comparable(own: Like, other: Like): boolean {
  const [a, b] = [shownAs(own), shownAs(other)];
  const here = fieldTypes[a.type].storage;
  const there = fieldTypes[b.type].storage.replace('[]', '');
  if (own.encrypted || other.encrypted || !plain.has(here) || here !== there) return false;
  if (fieldTypes[a.type].refers !== fieldTypes[b.type].refers) return false;
  return fieldTypes[a.type].refers !== 'record' || a.config.formId === b.config.formId;
}

function fits(field: FieldDef, take: Like): boolean {
  const from = shownAs(take);
  const [to, of] = [fieldTypes[field.type], fieldTypes[from.type]];
  if (to.refers !== of.refers || to.refers === 'file' || to.kept) return false;
  if (to.refers === 'record' && field.config.formId !== from.config.formId) return false;
  return to.storage === of.storage || (['text', 'longText'].includes(field.type) && of.storage === 'text');
}

function found<T>(value: T | undefined, detail: Words): T {
  return value ?? fault(detail);
}

function fault(detail: Words): never {
  throw refusal('invalid_definition', detail);
}
