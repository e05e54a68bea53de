import { shownAs } from '@lianke/shared/fields/derived';
import type { FilterEnv } from '@lianke/shared/filter/condition-test';
import { withSectionRules } from '@lianke/shared/forms/layout';
import {
  type RuledForm,
  recordRules,
  type RecordRules as SharedRules,
  type Typing,
  type ValueReader,
} from '@lianke/shared/forms/record-rules';
import { renderers } from '../fields/registry.js';
import { fieldError } from '../fields/types.js';
import { myDepartments, session, zone } from '../session/session.js';
import type { FieldErrors } from './form-check.js';
import { isRef, type Json, type ReadField, type Values } from './record-types.js';

/** A form's rules for one record that is being filled in; the server asks the same ones. */
export interface RecordRules extends Omit<SharedRules, 'errors'> {
  /** Sentences by field key. */
  faults(failed: ReadonlySet<string>): FieldErrors;
  /** Whether a condition of its own or of its section decides if the field is there. */
  conditional(field: ReadField): boolean;
}

/** A form, or the rows of a subform, as far as rules go. */
export type RowFormView = RuledForm;

/** What conditions mean by me, my department and today. */
export function ruleEnv(): FilterEnv {
  const me = session.get().me?.member.id ?? null;
  return { timeZone: zone(), now: new Date(), me, myDepartments: myDepartments().map(({ id }) => id) };
}

/** The value as stored: references and files as their ids, texts without spaces around them. */
function canonical(field: ReadField, value: Json | undefined): Json {
  if (value === undefined || value === null || value === '') return null;
  const shown = shownAs(field);
  const wire = renderers[shown.type]?.toWire?.(value, shown) ?? value;
  if (typeof wire === 'string') return wire.trim() || null;
  return isRef(wire) ? wire.id : wire;
}

const reader: ValueReader = {
  canonical,
  isKept: (field) => renderers[field.type]?.Control === null || field.system === true,
};

/** The rules for these values. @param typing how it is being filled in; absent for a record that is only read */
export function rulesFor(form: RowFormView, values: Values, env: FilterEnv, typing?: Typing): RecordRules {
  const { errors, ...rules } = recordRules(form, values, env, reader, typing);
  return {
    ...rules,
    conditional: (field) =>
      withSectionRules(form.fields, form.layout).some(
        ({ id, rules: own }) => id === field.id && own.visibleWhen !== undefined,
      ),
    faults(failed) {
      const found: FieldErrors = {};
      for (const error of errors(failed)) found[error.field] ??= fieldError(error.code, error.params);
      return found;
    },
  };
}

/** Of these values those that may be sent: a field that is hidden or locked brings nothing of its own. */
export function openValues(form: RowFormView, values: Values, rules: RecordRules): Values {
  return Object.fromEntries(
    Object.entries(values).filter(([key]) => {
      const field = form.fields.find((item) => item.key === key);
      const state = field && rules.stateOf(field);
      return state === undefined || (state.visible && !state.readonly);
    }),
  );
}
