import { isDerived } from '@lianke/shared/fields/derived';
import type { FieldDef } from '@lianke/shared/forms/definition';
import { layoutConditions } from '@lianke/shared/forms/layout';
import type { FormCheck } from '@lianke/shared/forms/rule-schema';
import type { FieldUse } from '@lianke/shared/forms/versions';
import { derivationsOf } from '../../derived/derivations.js';
import type { FieldMeta, FormMeta } from '../form-meta.js';
import { parentOf, rowFields, subformOf } from '../subform-meta.js';
import type { UseQuestion } from './field-uses.service.js';
import { type FieldName, mentioned } from './mentions.js';

/** Uses of fields by forms: formulas, lookups and rollups of any form; rules, checks and settings of the form's own. */
export function usesInForms(question: UseQuestion): FieldUse[] {
  return [...derivedUses(question), ...otherForms(question), ...ownRules(question), ...ownSettings(question)];
}

function derivedUses({ form, fields, forms }: UseQuestion): FieldUse[] {
  const wanted = new Set(fields.map((field) => field.id));
  return derivationsOf(forms).all.flatMap((derivation) => {
    const used = new Set<string>();
    for (const input of derivation.inputs) {
      const passed = [...(input.field ? [input.field] : []), ...input.steps.map((step) => step.relation)];
      for (const field of passed)
        if (wanted.has(field.id) && [form, ...form.parts].some((item) => item.field(field.id) === field))
          used.add(field.id);
    }
    if (used.size === 0) return [];
    return [
      use('derived', derivation.form, `${derivation.form.name}.${derivation.field.name}`, derivation.field.id, [
        ...used,
      ]),
    ];
  });
}

/** Pickers and links of other forms that look into this one. */
function otherForms({ form, fields, forms }: UseQuestion): FieldUse[] {
  return forms.list.flatMap((other) =>
    other.id === form.id
      ? []
      : other.fields.flatMap((field) => {
          if (field.system || field.derived) return [];
          const parts = [field.def.config, field.def.default, field.def.rules];
          if (!parts.some((part) => JSON.stringify(part ?? null).includes(form.id))) return [];
          const used = mentioned(parts, fields);
          return used.length > 0 ? [use('link', other, `${other.name}.${field.name}`, field.id, used)] : [];
        }),
  );
}

function ownRules({ form, fields }: UseQuestion): FieldUse[] {
  const named = (name: string, def: Pick<FieldDef, 'id' | 'rules' | 'config' | 'default'>) => {
    const others = fields.filter((item) => item.id !== def.id);
    const used = mentioned([def.rules, def.config, def.default], others);
    return used.length > 0 ? [use('rule', form, name, def.id, used)] : [];
  };
  return form.fields.flatMap((field: FieldMeta) => {
    if (field.system || field.derived) return [];
    const rows = subformOf(field.def);
    if (!rows) return named(field.name, field.def);
    // Fields of rows stand by themselves: what only holds a field does not use it.
    const { fields: _, removed: __, ...config } = field.def.config;
    const rowsGiven = mentioned({ field: field.id, value: field.def.default }, fields).filter((id) => id !== field.id);
    return [
      ...named(field.name, { ...field.def, config }),
      ...(rowsGiven.length > 0 ? [use('rule', form, field.name, field.id, rowsGiven)] : []),
      ...rowFields(rows)
        .filter((row) => !isDerived(row.type))
        .flatMap((row) => named(`${field.name}.${row.name}`, row)),
    ];
  });
}

function ownSettings({ form, fields }: UseQuestion): FieldUse[] {
  const { checks, uniqueSets, ...settings } = form.settings;
  const found: FieldUse[] = [];
  for (const section of form.definition.layout.sections) {
    const used = idsIn(layoutConditions({ sections: [section] }), fields);
    if (used.length > 0) found.push(use('rule', form, section.title || section.tab || form.name, form.id, used));
  }
  for (const check of checks ?? []) {
    const used = mentioned([check, rowsNamed(form, check)], fields);
    if (used.length > 0) found.push(use('check', form, check.message, form.id, used));
  }
  for (const set of uniqueSets ?? []) {
    const used = mentioned(set, fields);
    const label = set.fields.map((id) => form.field(id)?.name ?? id).join(' + ');
    if (used.length > 0) found.push(use('check', form, label, form.id, used));
  }
  for (const rule of form.duplicates) {
    const used = mentioned(rule, fields);
    const label = rule.fields.map(({ field }) => form.field(field)?.name ?? field).join(' + ');
    if (used.length > 0) found.push(use('duplicateRule', form, label, rule.id, used));
  }
  const used = idsIn(settings, fields);
  if (used.length > 0) found.push(use('setting', form, form.name, form.id, used));
  return found;
}

/** Ids of the subforms whose rows a check by formula reads: it names them by the field that places them. */
function rowsNamed(form: FormMeta, { formula }: FormCheck): string[] {
  if (formula === undefined) return [];
  return form.fields.filter(({ part }) => part && formula.includes(parentOf(part).id)).map(({ id }) => id);
}

/** Settings name fields by id only, once they are published. */
function idsIn(settings: unknown, fields: readonly FieldName[]): string[] {
  return mentioned(
    settings,
    fields.map(({ id, within }) => ({ id, key: id, within })),
  );
}

function use(kind: FieldUse['kind'], form: FormMeta, name: string, id: string, fields: string[]): FieldUse {
  return { kind, name, id, appId: form.appId, formId: form.id, fields };
}
