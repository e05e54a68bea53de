import { describe, expect, it } from 'vitest';
import { recordFormulas } from '../formulas/record-formulas.js';
import type { Json } from '../json.js';
import type { FormView } from './definition.js';
import { type RuledForm, recordRules } from './record-rules.js';

const env = { timeZone: 'Asia/Shanghai', now: new Date('2026-03-04T02:00:00Z'), me: null, myDepartments: [] };
const reader = {
  canonical: (_: unknown, value: Json | undefined): Json => value ?? null,
  isKept: (field: { type: string }) => ['formula', 'lookup', 'rollup'].includes(field.type),
};
const number = { type: 'number', config: { decimals: 2 } };

type Field = FormView['fields'][number];
const field = (id: string, more: object): Field => ({
  ...({ id, key: id, name: id, type: 'text', config: {}, rules: {}, writable: true } as object as Field),
  ...more,
});
const formula = (id: string, expression: string, result: object = number, more: object = {}) =>
  field(id, { type: 'formula', config: { expression, result }, writable: false, ...more });

function rulesOf(form: RuledForm, values: Record<string, Json>, read?: Record<string, Json>) {
  const compute = recordFormulas({ ...form, id: 'form', name: 'form' }, env);
  const rules = recordRules(form, values, env, reader, { compute, read });
  return {
    computed: rules.computed,
    wrong: rules.errors(new Set()).map((error) => `${error.field}: ${error.code}`),
    hidden: form.fields.filter((item) => rules.stateOf(item)?.visible === false).map((item) => item.id),
  };
}

describe('the rules of a record that is being filled in', () => {
  const priced: RuledForm = {
    fields: [
      field('price', { type: 'number' }),
      field('cost', { type: 'number' }),
      formula('margin', '{price} - {cost}'),
      field('why', { rules: { requiredWhen: { field: 'margin', op: 'lt', value: 0 } } }),
    ],
    settings: { summaryFields: [], checks: [{ must: { field: 'margin', op: 'gte', value: -5 }, message: '!' }] },
  };

  it('compare what a formula gives as the kind of value it is', () => {
    expect(rulesOf(priced, { price: 10, cost: 1 })).toMatchObject({ computed: { margin: '9' }, wrong: [] });
    expect(rulesOf(priced, { price: 10, cost: 12 }).wrong).toEqual(['why: required']);
    expect(rulesOf(priced, { price: 1, cost: 12, why: '促销' }).wrong).toEqual(['price: rule_failed']);
  });

  it('say nothing while a formula follows from a value that is faulty', () => {
    const compute = recordFormulas({ ...priced, id: 'form', name: 'form' }, env);
    const rules = recordRules(priced, { price: '-', cost: 90, why: '促销' }, env, reader, { compute });
    expect(rules.errors(new Set(['price']))).toEqual([]);
  });

  it('compute without what they hide and empty', () => {
    const form: RuledForm = {
      fields: [
        field('kind', {}),
        field('discount', { type: 'number', rules: { visibleWhen: { field: 'kind', op: 'eq', value: '老客户' } } }),
        formula('paid', '100 - {discount}'),
        field('reason', { rules: { visibleWhen: { field: 'paid', op: 'lt', value: 100 } } }),
      ],
      settings: { summaryFields: [], hiddenValues: 'clear' },
    };
    const values = { discount: 10, reason: '旧' };
    expect(rulesOf(form, { ...values, kind: '老客户' })).toMatchObject({ hidden: [], computed: { paid: '90' } });
    expect(rulesOf(form, values)).toMatchObject({ hidden: ['discount', 'reason'], computed: { paid: '100' } });
  });

  const linked: RuledForm = {
    fields: [
      field('customer', { type: 'relation', config: { formId: 'c' } }),
      field('grade', {
        type: 'lookup',
        config: { relation: 'customer', field: 'grade', result: { type: 'text', config: {} } },
        writable: false,
      }),
      formula('loud', '{grade} & "!"', { type: 'text', config: {} }),
      field('count', {
        type: 'rollup',
        config: { fn: 'count', result: { type: 'number', config: { decimals: 0 } } },
        writable: false,
      }),
      field('paper', { rules: { requiredWhen: { field: 'loud', op: 'eq', value: 'A!' } } }),
      field('first', { rules: { visibleWhen: { field: 'count', op: 'eq', value: 0 } } }),
    ],
    settings: { summaryFields: [] },
  };
  const read = { customer: 'a', grade: 'A', loud: 'A!', count: '2' };

  it('know what stands behind a relation as long as it leads to the same record', () => {
    expect(rulesOf(linked, read, read).wrong).toEqual(['paper: required']);
    expect(rulesOf(linked, { ...read, customer: 'b' }, read)).toMatchObject({ wrong: [], computed: {} });
    expect(rulesOf(linked, { ...read, customer: null }, read)).toMatchObject({ wrong: [], computed: { loud: '!' } });
  });

  it('know that nothing points at a new record yet', () => {
    expect(rulesOf(linked, {}).hidden).toEqual([]);
    expect(rulesOf(linked, read, read).hidden).toEqual(['first']);
  });

  it('know nothing of what stands behind stars', () => {
    const form: RuledForm = {
      fields: [
        field('floor', { type: 'number', masked: true, writable: false }),
        field('note', { rules: { visibleWhen: { field: 'floor', op: 'gt', value: 3 } } }),
      ],
      settings: { summaryFields: [] },
    };
    expect(rulesOf(form, { floor: '**' }, { floor: '**' }).hidden).toEqual([]);
  });
});
