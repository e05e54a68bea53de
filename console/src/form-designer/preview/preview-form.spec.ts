import { decidersOf } from '@lianke/shared/forms/deciders';
import { good, ruledRows, ruledView } from '@lianke/shared/forms/testing/rule-rows';
import { describe, expect, it } from 'vitest';
import { innerFields } from '../../fields/subform/rows.js';
import { pageFaults } from '../../records/page-faults.js';
import { rulesFor, typingOf } from '../../records/rules.js';
import type { Values } from '../../records/values.js';
import { type Design, designOf } from '../model/design.js';
import { triedFields } from './trial-linking.js';
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

describe('what follows from a value in a design that was never published', () => {
  const field = (uid: string, name: string, more: object = {}) => ({
    uid,
    name,
    type: 'number' as const,
    config: {},
    rules: {},
    ...more,
  });
  const inner = [
    field('new-a', '单价'),
    field('new-b', '小计', { default: { kind: 'formula', expression: '={单价}*2' } }),
  ];
  const design: Design = {
    name: '订单',
    fields: Object.fromEntries(
      [
        field('new-1', '数量'),
        field('f_0123456789', '折扣', { id: 'f_0123456789', key: 'off' }),
        field('new-2', '合计', { default: { kind: 'formula', expression: '={数量}*{折扣}' } }),
        field('new-3', '没写完', { default: { kind: 'formula', expression: '={数量}*' } }),
        field('new-4', '明细', { type: 'subform', config: { fields: inner } }),
      ].map((item) => [item.uid, item]),
    ),
    sections: [],
    settings: { summaryFields: [] },
  } as Design;
  const form = previewForm(design);

  it('is asked for when a field changes that a formula names, by whatever name', () => {
    const { linking, linked } = decidersOf(form.fields);
    expect([...linking].sort()).toEqual(['f_0123456789', 'new-1']);
    expect([...linked].sort()).toEqual(['new-2', 'new-3']);
    const rows = form.fields.find((item) => item.key === 'new-4');
    expect([...decidersOf(innerFields(rows ?? { config: {} })).linking]).toEqual(['new-a']);
  });

  it('is asked for with the fields as they stand, each under the name that its value has on the page', () => {
    const sent = triedFields(design, form);
    expect(sent.map(({ ref, id, key }) => [ref, id, key])).toEqual([
      ['new-1', undefined, undefined],
      ['f_0123456789', 'f_0123456789', 'off'],
      ['new-2', undefined, undefined],
      ['new-3', undefined, undefined],
      ['new-4', undefined, undefined],
    ]);
    expect(sent[2]?.default).toEqual({ kind: 'formula', expression: '={数量}*{折扣}' });
    expect(sent[4]).toMatchObject({ config: {}, rows: [{ ref: 'new-a' }, { ref: 'new-b', name: '小计' }] });
  });
});
