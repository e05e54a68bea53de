import { shownAs } from '@lianke/shared/fields/derived';
import { fieldTypes } from '@lianke/shared/fields/registry';
import { fieldsOf } from '@lianke/shared/filter/ast';
import type { FilterEnv } from '@lianke/shared/filter/condition-test';
import {
  type RuledForm,
  recordRules,
  ruleFormOf,
  type RecordRules as SharedRules,
  type Typing,
  type ValueReader,
} from '@lianke/shared/forms/record-rules';
import { checkFormulas } from '@lianke/shared/formulas/check-formulas';
import { type ReadForm, recordFormulas } from '@lianke/shared/formulas/record-formulas';
import { rowFormulas } from '@lianke/shared/formulas/row-formulas';
import type { Json } from '@lianke/shared/json';
import { useMemo } from 'react';
import { type FormView, type ReadField, useMe, useMembers } from '../api/queries.js';
import { timeZone } from '../shared/format.js';
import { fieldMessage, toWrite, type Values } from './values.js';

/** A form's rules as they bind this reader, for one record that is being filled in. */
export interface RecordRules extends Omit<SharedRules, 'errors'> {
  /** Sentences by field key. */
  faults(failed: ReadonlySet<string>): Record<string, string>;
}

const reader: ValueReader = {
  canonical,
  isKept: (field) => fieldTypes[field.type].kept || field.system === true,
};

/** Keys of the fields that conditions of a form's rules look at, and those that they hide or lock. */
export function ruleKeys(form: FormView): string[] {
  const refs = ruleFormOf(form, reader).fields.flatMap((field) => {
    const { visibleWhen, readonlyWhen } = field.rules;
    return [visibleWhen, readonlyWhen].flatMap((filter) => (filter ? [field.id, ...fieldsOf(filter)] : []));
  });
  return form.fields
    .filter((field) => refs.some((ref) => ref === field.id || ref === field.key))
    .map((field) => field.key);
}

/** Whether a record's own values let a field be written: neither hidden nor locked by the form's rules. */
export function mayWriteNow(form: FormView, record: { values: Values }, field: ReadField, env: FilterEnv): boolean {
  if (!ruleFormOf(form, reader).fields.some(({ rules }) => rules.visibleWhen || rules.readonlyWhen)) return true;
  const state = rulesFor(form, record.values, env).stateOf(field);
  return state?.visible !== false && state?.readonly !== true;
}

/**
 * The rules for these values; the server asks the same ones when the record is saved.
 * @param typing how it is being filled in; absent for a record that is only read
 */
export function rulesFor(form: RuledForm, values: Values, env: FilterEnv, typing?: Typing): RecordRules {
  const { errors, ...rules } = recordRules(form, values, env, reader, typing);
  return {
    ...rules,
    faults(failed) {
      const found: Record<string, string> = {};
      for (const error of errors(failed)) found[error.field] ??= fieldMessage(error.code, error.params);
      return found;
    },
  };
}

/** How a record of the form is filled in: its formulas and its checks by formula. */
export function typingOf(form: ReadForm & Pick<RuledForm, 'settings'>, env: FilterEnv): Omit<Typing, 'read'> {
  return { compute: recordFormulas(form, env), checks: checkFormulas(form, form.settings.checks ?? [], env) };
}

/** The rules of a subform's rows while they are filled in. */
export function rulesOfRows(subform: ReadField, env: FilterEnv): (fields: ReadField[], row: Values) => RecordRules {
  const compute = rowFormulas(subform, env);
  return (fields, row) => rulesFor({ fields, settings: { summaryFields: [] } }, row, env, { compute });
}

/** The value as stored: what was typed in its canonical form, if it has one. */
function canonical(field: ReadField, value: Json | undefined): Json {
  const shown = shownAs(field);
  const written = toWrite(shown, value);
  const config = fieldTypes[shown.type].config.safeParse(shown.config);
  if (written === null || !config.success) return written;
  const parsed = fieldTypes[shown.type].parse(written, config.data);
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
