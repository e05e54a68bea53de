import { good, ruledRows, ruledStates, ruledView } from '@lianke/shared/forms/testing/rule-rows';
import { describe, expect, it } from 'vitest';
import type { FormView } from '../api/queries.js';
import { pageFaults } from './page-faults.js';
import { rulesFor, typingOf } from './rules.js';
import type { Values } from './values.js';

const env = { timeZone: 'Asia/Shanghai', now: new Date('2026-03-04T02:00:00Z'), me: null, myDepartments: [] };
const form = ruledView() as FormView;
const rulesOf = (values: Values) => rulesFor(form, values, env, typingOf(form, env));

/** Fields at which the page finds something wrong before anything is sent. */
function faultsOf(values: Values): string[] {
  const writable = form.fields.filter((field) => field.writable);
  return Object.keys(pageFaults(writable, values, rulesOf(values), env)).sort();
}

describe('the rules on the page', () => {
  it.each(ruledRows().map((row) => [JSON.stringify(row.values), row] as const))(
    'refuse what the server refuses, at the same fields: %s',
    (_, { values, codes }) => {
      expect(faultsOf(values)).toEqual(codes.map((code) => code.split(':')[0]).sort());
    },
  );

  it('find nothing wrong with a good row', () => {
    expect(faultsOf(good)).toEqual([]);
  });

  it.each(ruledStates)('ask for $required and hide $hidden, as the server does', (state) => {
    const rules = rulesOf(state.values);
    const keys = (is: (of: NonNullable<ReturnType<typeof rules.stateOf>>) => boolean) =>
      form.fields
        .filter((field) => {
          const own = rules.stateOf(field);
          return own !== undefined && is(own);
        })
        .map((field) => field.key)
        .sort();
    expect(keys((own) => !own.visible)).toEqual(state.hidden);
    expect(keys((own) => own.required)).toEqual(state.required);
    expect(keys((own) => own.readonly)).toEqual(state.locked);
    expect(faultsOf(state.values)).toEqual([]);
  });
});
