import { describe, expect, it } from 'vitest';
import { isSummed } from './rows.js';

describe('totals under the rows of a subform', () => {
  const field = (name: string, type: 'number' | 'money' | 'percent' | 'text' = 'money') => ({ name, type, config: {} });
  it('add up amounts and quantities, not 单价', () => {
    expect(['数量', '金额', '小计', '税额'].map((name) => isSummed(field(name)))).toEqual([true, true, true, true]);
    expect(['单价', '含税单价', '折扣', 'Unit price'].map((name) => isSummed(field(name)))).toEqual([
      false,
      false,
      false,
      false,
    ]);
    expect(isSummed(field('占比', 'percent'))).toBe(false);
  });
});
