import type { Words } from '@lianke/shared/errors/issue-text';
import { fieldsOf } from '@lianke/shared/filter/ast';
import { computedReads } from '@lianke/shared/forms/computed-fields';
import type { FormSettings } from '@lianke/shared/forms/definition';
import type { FormCheck } from '@lianke/shared/forms/rule-schema';
import { compile } from '@lianke/shared/formulas/compile';
import { faultText } from '@lianke/shared/formulas/faults';
import type { FormulaWorld, Resolved } from '@lianke/shared/formulas/world';
import { AppError } from '../../kernel/errors/app-error.js';
import { type Derivation, reachesOut } from '../derived/derivation.js';
import { derivationsOf } from '../derived/derivations.js';
import { normalLayout } from './form-layout.js';
import type { FormMeta } from './form-meta.js';
import type { TenantForms } from './form-registry.js';
import { resolveFormRules, resolveRules } from './form-rules.js';
import { rowFields } from './subform-meta.js';

/** A rule that cannot be asked, in words for whoever designs the form. */
export class RuleFault extends Error {
  constructor(readonly words: Words) {
    super(words.zh);
  }
}

/** The checks of a form with their formulas settled: stored by ids, each with the field its message stands at. Throws `RuleFault`. */
export function settledChecks(form: FormMeta, world: FormulaWorld): FormSettings['checks'] {
  return form.settings.checks?.map((check) =>
    check.formula === undefined ? check : { ...check, ...settledFormula(form, check.formula, check, world) },
  );
}

function settledFormula(
  form: FormMeta,
  formula: string,
  { message, field }: FormCheck,
  world: FormulaWorld,
): Pick<FormCheck, 'formula' | 'field'> {
  const fault = (zh: string, en: string): never => {
    throw new RuleFault({ zh: `校验“${message}”的公式：${zh}`, en: `the formula of the check "${message}": ${en}` });
  };
  const done = compile(formula, world, form.id);
  if (!done.ok) {
    const [first] = done.faults;
    if (!first) return fault('写得不对', 'it is not valid');
    return fault(
      `${faultText(first, 'zh')}（第 ${first.at.start + 1} 个字符）`,
      `${faultText(first, 'en')} (character ${first.at.start + 1})`,
    );
  }
  const { refs, stored, type } = done.formula;
  const parts = new Set<string>(form.parts.map((part) => part.id));
  for (const { hops, names, record } of refs.values()) {
    const own = hops.length === 0 || (!record && hops.length === 1 && parts.has(hops[0]?.to.id ?? ''));
    if (!own)
      fault(
        `“${names.join('.')}”在另一张表单里，校验只能用本表单的字段和子表单的列；请先加一个引用或汇总字段`,
        `"${names.join('.')}" stands in another form; a check reads this form's own fields and the rows of its subforms. Add a lookup or rollup field first`,
      );
  }
  if (type.list || type.kind !== 'boolean')
    fault(
      '结果要是“是”或“否”，请写成比较，例如 {结束}>={开始}',
      'its result must be yes or no; write a comparison such as {end} >= {start}',
    );
  const named = [...refs.values()].flatMap((ref) => form.field(nearId(form, ref)) ?? []);
  // Where somebody can mend it: at what a computed field follows from, not at what it gives.
  const reads = computedReads(form.fields.map((item) => item.def));
  const behind = named.flatMap((item) => reads.get(item.id) ?? []).flatMap((id) => form.field(id) ?? []);
  const at = field ?? ([...named, ...behind].find((item) => item.writable) ?? named[0])?.id;
  if (at === undefined) return fault('没有用到任何字段', 'it names no field');
  return { formula: stored, field: at };
}

/** The form's own field that a reference begins at: of the rows of a subform the subform. */
function nearId(form: FormMeta, { hops, field }: Resolved): string {
  const [rows] = hops;
  return (rows ? form.fields.find((item) => item.part?.id === rows.to.id)?.id : field?.id) ?? '';
}

/** What is wrong with the rules of a form now that the results of its computed fields are known; undefined when nothing is. */
export function ruleFault(form: FormMeta, world: TenantForms): Words | undefined {
  const { fields, layout, settings } = form.definition;
  try {
    resolveRules(fields);
    resolveFormRules(settings, fields);
    normalLayout(layout, fields);
    for (const field of form.fields) if (field.part) resolveRules(rowFields(field.config));
  } catch (error) {
    if (error instanceof AppError && error.more.words) return error.more.words;
    throw error;
  }
  return clearingFault(form, world);
}

/**
 * What only the server knows may not decide which fields are hidden and emptied: who fills in the form would see fields
 * whose values are then lost without a word.
 */
function clearingFault(form: FormMeta, world: TenantForms): Words | undefined {
  if (form.settings.hiddenValues !== 'clear') return undefined;
  const conditions = [
    ...form.fields.flatMap(({ name, def }) =>
      def.rules.visibleWhen
        ? [{ filter: def.rules.visibleWhen, zh: `字段“${name}”的显示条件`, en: `the condition of field "${name}"` }]
        : [],
    ),
    ...form.definition.layout.sections.flatMap(({ title, visibleWhen }) =>
      visibleWhen
        ? [{ filter: visibleWhen, zh: `分组“${title}”的显示条件`, en: `the condition of section "${title}"` }]
        : [],
    ),
  ];
  for (const { filter, zh, en } of conditions) {
    const read = fieldsOf(filter).flatMap((ref) => form.field(ref) ?? []);
    const late = read.find((field) => derivationsOf(world).needed(form.id, [field.id]).some(onlyServerKnows));
    if (late)
      return {
        zh: `${zh}用到“${late.name}”，它要到保存时才算得出来；这张表单的隐藏字段保存时清空，填好的内容会因此丢失。请换一个字段作条件，或把隐藏字段的值改为保留`,
        en: `${en} uses "${late.name}", which is only computed on saving; this form empties hidden fields on saving, so what was filled in would be lost. Use another field in the condition, or keep the values of hidden fields`,
      };
  }
  return undefined;
}

/** A rollup counts what points at the record, which filling it in does not change. */
function onlyServerKnows(derivation: Derivation): boolean {
  if (derivation.rule.kind === 'rollup') return false;
  const kept = derivation.inputs.some(
    ({ steps, field }) => steps.length === 0 && field && !field.writable && !field.derived,
  );
  return kept || reachesOut(derivation);
}
