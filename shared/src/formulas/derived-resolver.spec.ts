import { expect, it } from 'vitest';
import { DerivedResolver } from './derived-resolver.js';

const form = {
  id: 'f',
  name: '客户',
  fields: [
    { id: 'price', key: 'price', name: '单价', type: 'number' as const, config: {} },
    { id: 'twice', key: 'twice', name: '两倍', type: 'formula' as const, config: { expression: 'price * 2' } },
    // As they are just after they were dragged in.
    { id: 'lookup', key: 'lookup', name: '引用', type: 'lookup' as const, config: {} },
    { id: 'rollup', key: 'rollup', name: '汇总', type: 'rollup' as const, config: {} },
    { id: 'formula', key: 'formula', name: '公式', type: 'formula' as const, config: {} },
    { id: 'on', key: 'on', name: '再算', type: 'formula' as const, config: { expression: 'lookup & "!"' } },
  ],
};

it('computed fields that are not filled in yet have no result, the others have theirs (a new 引用 broke the designer)', () => {
  const results = new DerivedResolver([form]).results('f');
  expect(results.get('twice')?.type).toBe('number');
  for (const id of ['lookup', 'rollup', 'formula']) expect(results.has(id)).toBe(false);
});

it('what is not filled in is named when all have to be settled', () => {
  expect(() => new DerivedResolver([form]).settle('f')).toThrow('“引用”还没有设置完整');
});
