import { good, ruledRows, ruledView } from '@lianke/shared/forms/testing/rule-rows';
import { describe, expect, it } from 'vitest';
import { pageFaults } from '../../records/page-faults.js';
import { rulesFor, typingOf } from '../../records/rules.js';
import type { Values } from '../../records/values.js';
import { designOf } from '../model/design.js';
import { previewForm } from './use-preview.js';

const env = { timeZone: 'Asia/Shanghai', now: new Date('2026-03-04T02:00:00Z'), me: null, myDepartments: [] };
const view = ruledView();
// A design that was never published: nobody has told what its formulas give.
const drafted = view.fields.map((field) => {
  const { result: _, ...config } = field.config;
  return { ...field, config };
});
const form = previewForm(designOf({ ...view, fields: drafted }));

function tried(values: Values) {
  const rules = rulesFor(form, values, env, typingOf(form, env));
  const asked = form.fields.filter((field) => field.writable);
  return { computed: rules.computed, faults: pageFaults(asked, values, rules, env) };
}

describe('a design in the preview', () => {
  it('computes its formulas before it was ever published', () => {
    expect(tried({ ...good, sale: 12, cost: 5 }).computed).toEqual({ margin: '7' });
  });

  it.each(ruledRows().map((row) => [JSON.stringify(row.values), row] as const))(
    'finds what saving would find: %s',
    (_, { values, codes }) => {
      expect(Object.keys(tried(values).faults).sort()).toEqual(codes.map((code) => code.split(':')[0]).sort());
    },
  );

  it('finds nothing in a good row', () => {
    expect(tried(good).faults).toEqual({});
  });
});
