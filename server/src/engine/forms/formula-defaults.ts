import type { Words } from '@lianke/shared/errors/issue-text';
import { type FieldTypeName, fieldTypes } from '@lianke/shared/fields/registry';
import type { FieldDef } from '@lianke/shared/forms/definition';
import { systemFields } from '@lianke/shared/forms/definition';
import { type Compiled, compile } from '@lianke/shared/formulas/compile';
import { faultText } from '@lianke/shared/formulas/faults';
import { suits, type Wanted } from '@lianke/shared/formulas/types';
import type { FormulaWorld } from '@lianke/shared/formulas/world';
import { refusal } from '../../kernel/errors/app-error.js';

/** Types that a formula can fill in, by what it has to give. */
const wanted: Partial<Record<FieldTypeName, Exclude<Wanted, 'any' | 'moment'>>> = {
  text: 'text',
  longText: 'text',
  select: 'text',
  number: 'number',
  money: 'number',
  percent: 'number',
  rating: 'number',
  slider: 'number',
  date: 'date',
  datetime: 'datetime',
  switch: 'boolean',
};

const alone = 'own';

/** A form's own fields as a formula sees them: what lies behind relations is for formula fields and linkage. */
function worldOf(fields: readonly Pick<FieldDef, 'id' | 'key' | 'name' | 'type' | 'config'>[]): FormulaWorld {
  const system = systemFields.map(({ key, zh, type }) => ({ id: key, key, name: zh, type, config: {} }));
  return { forms: [{ id: alone, name: '', titleField: undefined, fields: [...fields, ...system] }] };
}

/** The formula of a default, over its own record; undefined for one that cannot be computed any more. */
export function defaultFormula(fields: readonly FieldDef[], expression: string): Compiled | undefined {
  const done = compile(expression, worldOf(fields), alone);
  return done.ok ? done.formula : undefined;
}

/** Defaults by formula with their references turned into ids; what cannot fill in the field is refused. */
export function resolveFormulas(fields: readonly FieldDef[]): FieldDef[] {
  const world = worldOf(fields);
  return fields.map((field) => {
    if (field.default?.kind !== 'formula') return field;
    const place = { zh: `字段“${field.name}”的默认值公式`, en: `the default formula of field "${field.name}"` };
    const kind = wanted[field.type];
    if (!kind)
      fault({
        zh: `${place.zh}：${fieldTypes[field.type].label.zh}不能由公式填写`,
        en: `${place.en}: a formula cannot fill in fields of type ${fieldTypes[field.type].label.en}`,
      });
    const done = compile(field.default.expression, world, alone);
    if (!done.ok) {
      const [first] = done.faults;
      return fault({
        zh: `${place.zh}：${first ? faultText(first, 'zh') : '写得不对'}`,
        en: `${place.en}: ${first ? faultText(first, 'en') : 'it is not valid'}`,
      });
    }
    const { type, stored, refs } = done.formula;
    if (type.list || !kind || !suits(type.kind, kind))
      fault({
        zh: `${place.zh}：算出来的不能填到${fieldTypes[field.type].label.zh}里`,
        en: `${place.en}: what it computes cannot be filled into a field of type ${fieldTypes[field.type].label.en}`,
      });
    if ([...refs.values()].some((ref) => ref.field?.id === field.id))
      fault({ zh: `${place.zh}不能用到它自己`, en: `${place.en} cannot use the field itself` });
    return { ...field, default: { kind: 'formula', expression: stored } };
  });
}

function fault(detail: Words): never {
  throw refusal('invalid_definition', detail);
}
