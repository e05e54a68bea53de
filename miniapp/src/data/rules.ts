import type { Filter } from '@lianke/shared/filter/ast';
import type { FilterEnv } from '@lianke/shared/filter/condition-test';
import { withSectionRules } from '@lianke/shared/forms/layout';
import {
  checkRules,
  type FieldState,
  fieldStates,
  hasRules,
  layoutHolds,
  type RuleForm,
} from '@lianke/shared/forms/rules';
import { renderers } from '../fields/registry.js';
import { fieldError } from '../fields/types.js';
import { myDepartments, session, zone } from '../session/session.js';
import type { FieldErrors } from './form-check.js';
import { configOf, type FormView, isRef, type Json, type ReadField, type Values } from './record-types.js';

/** A form's rules for one record that is being filled in; the server asks the same ones. */
export interface RecordRules {
  stateOf(field: ReadField): FieldState | undefined;
  faults(failed: ReadonlySet<string>): FieldErrors;
  /** The field with only the options that may be chosen now. */
  narrowed(field: ReadField): ReadField;
  /** Whether a condition of the layout holds; one that cannot be asked does. */
  holds(filter: Filter | undefined): boolean;
}

/** A form, or the rows of a subform, as far as rules go. */
export type RowFormView = Pick<FormView, 'fields' | 'settings'> & { layout?: FormView['layout'] | undefined };

/** What conditions mean by me, my department and today. */
export function ruleEnv(): FilterEnv {
  const me = session.get().me?.member.id ?? null;
  return { timeZone: zone(), now: new Date(), me, myDepartments: myDepartments().map(({ id }) => id) };
}

/** The value as stored: references and files as their ids. */
function canonical(field: ReadField, value: Json | undefined): Json {
  if (value === undefined || value === null || value === '') return null;
  const wire = renderers[field.type]?.toWire?.(value, field) ?? value;
  return isRef(wire) ? wire.id : wire;
}

/** The rules for these values. */
export function rulesFor(form: RowFormView, values: Values, env: FilterEnv): RecordRules {
  const rules: RuleForm = {
    fields: withSectionRules(
      form.fields.map((field) => ({
        id: field.id as string,
        key: field.key,
        type: field.type,
        rules: field.rules,
        kept: renderers[field.type]?.Control === null || field.system,
      })),
      form.layout,
    ),
    settings: form.settings,
  };
  let known: Record<string, Json> | undefined;
  const byId = () => {
    known ??= Object.fromEntries(form.fields.map((field) => [field.id, canonical(field, values[field.key])]));
    return known;
  };
  const holds = (filter: Filter | undefined) => !filter || layoutHolds(rules, byId(), filter, env);
  if (!hasRules(rules)) return { stateOf: () => undefined, faults: () => ({}), narrowed: (field) => field, holds };
  const states = fieldStates(rules, byId(), env);
  return {
    holds,
    stateOf: (field) => states.get(field.id),
    faults(failed) {
      const found: FieldErrors = {};
      for (const error of checkRules(rules, byId(), env, failed).errors)
        found[error.field] ??= fieldError(error.code, error.params);
      return found;
    },
    narrowed(field) {
      const pick = states.get(field.id)?.pick;
      if (pick) return { ...field, config: { ...field.config, pick: pick as unknown as Json } };
      const allowed = states.get(field.id)?.options;
      const { options } = configOf<{ options?: { id: string }[] }>(field);
      if (!allowed || !options) return field;
      const shown = options.filter((option) => allowed.includes(option.id));
      return { ...field, config: { ...field.config, options: shown as unknown as Json } };
    },
  };
}
