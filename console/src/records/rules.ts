import type { FieldError } from '@lianke/shared/errors/codes';
import { fieldTypes } from '@lianke/shared/fields/registry';
import { type Filter, fieldsOf } from '@lianke/shared/filter/ast';
import type { FilterEnv } from '@lianke/shared/filter/condition-test';
import { withSectionRules } from '@lianke/shared/forms/layout';
import type { FormLayout } from '@lianke/shared/forms/layout-schema';
import {
  checkRules,
  type FieldState,
  fieldStates,
  hasRules,
  layoutHolds,
  type RuleForm,
} from '@lianke/shared/forms/rules';
import type { Json } from '@lianke/shared/json';
import { useMemo } from 'react';
import { type FormView, type ReadField, useMe, useMembers } from '../api/queries.js';
import { timeZone } from '../shared/format.js';
import { fieldMessage, toWrite, type Values } from './values.js';

/** A form's rules as they bind this reader, for one record that is being filled in. */
export interface RecordRules {
  stateOf(field: ReadField): FieldState | undefined;
  /** Sentences by field key. */
  faults(failed: ReadonlySet<string>): Record<string, string>;
  /** The field with only the options that may be chosen now. */
  narrowed(field: ReadField): ReadField;
  /** Whether a condition of the layout holds; one that cannot be asked does. */
  holds(filter: Filter | undefined): boolean;
}

/** A form, or the rows of a subform, as far as rules go. */
export type RuledForm = Pick<FormView, 'fields' | 'settings'> & { layout?: FormLayout | undefined };

function ruleForm(form: RuledForm): RuleForm {
  return {
    fields: withSectionRules(
      form.fields.map((field) => ({
        id: field.id as string,
        key: field.key,
        type: field.type,
        rules: field.rules,
        kept: fieldTypes[field.type].kept || field.system,
      })),
      form.layout,
    ),
    settings: form.settings,
  };
}

/** Keys of the fields that conditions of a form's rules look at, and those that they hide or lock. */
export function ruleKeys(form: FormView): string[] {
  const refs = ruleForm(form).fields.flatMap((field) => {
    const { visibleWhen, readonlyWhen } = field.rules;
    return [visibleWhen, readonlyWhen].flatMap((filter) => (filter ? [field.id, ...fieldsOf(filter)] : []));
  });
  return form.fields
    .filter((field) => refs.some((ref) => ref === field.id || ref === field.key))
    .map((field) => field.key);
}

/** Whether a record's own values let a field be written: neither hidden nor locked by the form's rules. */
export function mayWriteNow(form: FormView, record: { values: Values }, field: ReadField, env: FilterEnv): boolean {
  if (!ruleForm(form).fields.some(({ rules }) => rules.visibleWhen || rules.readonlyWhen)) return true;
  const state = rulesFor(form, record.values, env).stateOf(field);
  return state?.visible !== false && state?.readonly !== true;
}

/** The rules for these values; the server asks the same ones when the record is saved. */
export function rulesFor(form: RuledForm, values: Values, env: FilterEnv): RecordRules {
  const rules = ruleForm(form);
  const holds = (filter: Filter | undefined) => !filter || layoutHolds(rules, byId(), filter, env);
  let known: Record<string, Json> | undefined;
  const byId = () => {
    known ??= Object.fromEntries(form.fields.map((field) => [field.id, canonical(field, values[field.key])]));
    return known;
  };
  if (!hasRules(rules)) return { stateOf: () => undefined, faults: () => ({}), narrowed: (field) => field, holds };
  const states = fieldStates(rules, byId(), env);
  return {
    holds,
    stateOf: (field) => states.get(field.id),
    faults: (failed) => {
      const found: Record<string, string> = {};
      for (const error of checkRules(rules, byId(), env, failed).errors as FieldError[])
        found[error.field] ??= fieldMessage(error.code, error.params);
      return found;
    },
    narrowed(field) {
      const pick = states.get(field.id)?.pick;
      if (pick) return { ...field, config: { ...field.config, pick: pick as unknown as Json } };
      const options = states.get(field.id)?.options;
      const all = field.config.options;
      if (!options || !Array.isArray(all)) return field;
      const chosen = (all as { id: string }[]).filter((option) => options.includes(option.id));
      return { ...field, config: { ...field.config, options: chosen as unknown as Json } };
    },
  };
}

/** The value as stored: what was typed in its canonical form, if it has one. */
function canonical(field: ReadField, value: Json | undefined): Json {
  const written = toWrite(field, value);
  const config = fieldTypes[field.type].config.safeParse(field.config);
  if (written === null || !config.success) return written;
  const parsed = fieldTypes[field.type].parse(written, config.data);
  return parsed.ok ? parsed.value : written;
}

/** What conditions mean by me, my department and today. */
export function useRuleEnv(): FilterEnv {
  const me = useMe();
  const members = useMembers();
  const id = me.data?.member.id ?? null;
  const mine = members.data?.find((item) => item.id === id)?.departments;
  return useMemo(
    () => ({ timeZone: timeZone(), now: new Date(), me: id, myDepartments: (mine ?? []).map((item) => item.id) }),
    [id, mine],
  );
}
