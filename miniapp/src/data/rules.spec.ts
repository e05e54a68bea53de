import { good, ruledRows, ruledStates, ruledView } from '@lianke/shared/forms/testing/rule-rows';
import { checkFormulas } from '@lianke/shared/formulas/check-formulas';
import { recordFormulas } from '@lianke/shared/formulas/record-formulas';
import { describe, expect, test } from 'vitest';
import { checkValues } from './form-check.js';
import type { Values } from './record-types.js';
import { rulesFor } from './rules.js';

const env = { timeZone: 'Asia/Shanghai', now: new Date('2026-03-04T02:00:00Z'), me: null, myDepartments: [] };
const form = ruledView();
const typing = {
  compute: recordFormulas(form, env),
  checks: checkFormulas(form, form.settings.checks ?? [], env),
};
const rulesOf = (values: Values) => rulesFor(form, values, env, typing);

/** What the phone says before anything is sent, by field key. */
function faultsOf(values: Values): string[] {
  const rules = rulesOf(values);
  const asked = form.fields.filter((field) => field.writable && rules.stateOf(field)?.visible !== false);
  const own = checkValues(asked, values);
  return Object.keys({ ...own, ...rules.faults(new Set(Object.keys(own))) }).sort();
}

describe('the rules on the phone', () => {
  test.each(ruledRows().map((row) => [JSON.stringify(row.values), row] as const))(
    'refuse what the server refuses, at the same fields: %s',
    (_, { values, codes }) => {
      expect(faultsOf(values)).toEqual(codes.map((code) => code.split(':')[0]).sort());
    },
  );

  test('find nothing wrong with a good row', () => {
    expect(faultsOf(good)).toEqual([]);
  });

  test.each(ruledStates)('ask for $required and hide $hidden, as the server does', (state) => {
    const rules = rulesOf(state.values);
    const states = form.fields.map((field) => [field.key, rules.stateOf(field)] as const);
    const keys = (is: (own: NonNullable<(typeof states)[number][1]>) => boolean) =>
      states.flatMap(([key, own]) => (own && is(own) ? [key] : [])).sort();
    expect(keys((own) => !own.visible)).toEqual(state.hidden);
    expect(keys((own) => own.required)).toEqual(state.required);
    expect(keys((own) => own.readonly)).toEqual(state.locked);
    expect(faultsOf(state.values)).toEqual([]);
  });
});
