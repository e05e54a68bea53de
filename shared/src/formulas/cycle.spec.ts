import { expect, it } from 'vitest';
import { cyclePath } from './cycle.js';
import type { FormulaForm } from './world.js';

const formula = (id: string, name: string, expression: string) => ({
  id,
  key: id,
  name,
  type: 'formula' as const,
  config: { expression },
});
const form: FormulaForm = {
  id: 'f',
  name: '订单',
  fields: [
    { id: 'x', key: 'x', name: '单价', type: 'money', config: {} },
    formula('a', '小计', '{单价}*2'),
    formula('b', '合计', '{小计}+1'),
    formula('c', '余额', '{合计}-{c}'),
  ],
};

it('names the way on which a formula would read itself', () => {
  const path = (id: string, expression: string) => cyclePath({ forms: [form] }, 'f', id, expression);
  expect(path('a', '{单价}*2')).toBeUndefined();
  expect(path('a', '{合计}*2')).toEqual(['订单.小计', '订单.合计', '订单.小计']);
  expect(path('a', '{小计}')).toEqual(['订单.小计', '订单.小计']);
  // A cycle that the formula only leads into is another field's fault.
  expect(path('b', '{余额}')).toEqual(['订单.合计', '订单.余额', '订单.合计']);
  expect(path('a', '{余额}+(')).toBeUndefined();
});
