import { describe, expect, it } from 'vitest';
import type { ReadField } from '../../api/queries.js';
import { laneFilter, lanesOf } from './lanes.js';

const field = (type: string, config = {}) =>
  ({ id: 'f_0123456789', key: 'stage', name: '阶段', type, config }) as ReadField;
const stage = field('select', {
  options: [
    { id: 'a', label: '初步' },
    { id: 'b', label: '谈判', color: 'blue' },
  ],
});

describe('lanes of a board', () => {
  it('are all options in their order, empty ones too, and records without a value first', () => {
    const groups = [
      { groups: ['b'], metrics: { n: 2, sum: '30.5' } },
      { groups: [null], metrics: { n: 1, sum: null } },
    ];
    expect(lanesOf(stage, groups, '无')).toEqual([
      { id: null, label: '无', count: 1, sum: null },
      { id: 'a', label: '初步', count: 0, sum: null },
      { id: 'b', label: '谈判', color: 'blue', count: 2, sum: '30.5' },
    ]);
  });

  it('are the members who have something, the busiest first', () => {
    const person = (id: string, label: string, n: number) => ({ groups: [{ id, label }], metrics: { n } });
    expect(
      lanesOf(field('member'), [person('1', '王芳', 1), person('2', '李伟', 5)], '无').map(({ label }) => label),
    ).toEqual(['李伟', '王芳']);
  });

  it('select their records', () => {
    expect(laneFilter(stage, 'a')).toEqual({ field: stage.id, op: 'eq', value: 'a' });
    expect(laneFilter(stage, null)).toEqual({ field: stage.id, op: 'empty' });
  });
});
