import { expect, it } from 'vitest';
import type { FormView } from '../api/queries.js';
import { textOf } from '../testing/render.js';
import { DerivedProgress } from './derived-progress.js';

const form = { id: 'form', version: 3, fields: [{ key: 'sum', type: 'formula' }] } as unknown as FormView;
const text = (items: object[]) => textOf(<DerivedProgress form={form} />, [[['derived', 'form', 3], items]]);

it('tells how far a formula is that was published anew, and nothing once it is computed (no progress was shown)', () => {
  const { zh, en } = text([
    { field: 'f', name: '合计', state: 'waiting', done: 1200, total: 3979 },
    { field: 'g', name: '明细.金额', state: 'waiting', done: 0, total: null },
  ]);
  expect(zh).toContain('合计');
  expect(zh).toContain('1,200 / 3,979 条');
  expect(zh).toContain('正在统计数据量');
  expect(en).toContain('1,200 of 3,979');
  expect(text([{ field: 'f', name: '合计', state: 'failed', done: 0, total: 9 }]).zh).toContain('“合计”没有算完');
  expect(text([]).zh.trim()).toBe('');
});
