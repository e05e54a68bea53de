import { fieldsOf } from '@lianke/shared/filter/ast';
import { computedReads } from '@lianke/shared/forms/computed-fields';
import { withSectionRules } from '@lianke/shared/forms/layout';
import { hasRules, type RuleForm } from '@lianke/shared/forms/rules';
import { type CheckFormulas, checkFormulas } from '@lianke/shared/formulas/check-formulas';
import { pathsIn } from '@lianke/shared/formulas/compile';
import { formulaField } from '../../derived/world.js';
import type { FormMeta } from '../../forms/form-meta.js';

/** A form's rules, ready to be asked. */
export interface Rules {
  form: RuleForm;
  any: boolean;
  /** Its checks by formula, if it has any. */
  formulas: CheckFormulas | undefined;
  /** Ids of the computed fields that they read. */
  computed: ReadonlySet<string>;
}

const known = new WeakMap<FormMeta, Rules>();

/** The rules of a form, the conditions of its sections among them. */
export function rulesOf(form: FormMeta): Rules {
  let rules = known.get(form);
  if (!rules) {
    const reads = computedReads(form.fields.map((field) => field.def));
    const fields = form.fields.map((field) => ({
      id: field.id as string,
      key: field.key,
      type: field.typeName,
      rules: field.def.rules,
      kept: field.type.kept || field.system,
      reads: reads.get(field.id),
    }));
    const shape: RuleForm = {
      fields: withSectionRules(fields, form.definition.layout),
      settings: form.settings,
    };
    rules = { form: shape, any: hasRules(shape), formulas: formulasOf(form), computed: computedIn(shape, form) };
    known.set(form, rules);
  }
  return rules;
}

/** When and where they are computed is said with every record. */
const anyEnv = { now: new Date(0), timeZone: 'UTC' };

function formulasOf(form: FormMeta): CheckFormulas | undefined {
  const checks = (form.settings.checks ?? []).filter((check) => check.formula !== undefined);
  if (checks.length === 0) return undefined;
  const { id, name, settings } = form;
  return checkFormulas({ id, name, settings, fields: form.fields.map(formulaField) }, checks, anyEnv);
}

function computedIn({ fields, settings }: RuleForm, form: FormMeta): ReadonlySet<string> {
  const refs = [
    ...fields.flatMap(({ rules }) => [
      ...[rules.visibleWhen, rules.requiredWhen, rules.readonlyWhen].flatMap((filter) =>
        filter ? fieldsOf(filter) : [],
      ),
      ...(rules.pickBy ?? []).map(({ by }) => by),
    ]),
    ...(settings.checks ?? []).flatMap(({ must, formula }) => [
      ...(must ? fieldsOf(must) : []),
      ...(formula === undefined ? [] : pathsIn(formula).flatMap(([first]) => first ?? [])),
    ]),
  ];
  const read = refs.flatMap((ref) => form.field(ref) ?? []);
  return new Set(read.filter((field) => field.derived).map((field) => field.id));
}
