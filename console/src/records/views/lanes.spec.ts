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
    expect(lanesOf(stage, groups, '无', 50).lanes).toEqual([
      { id: null, label: '无', count: 1, sum: null },
      { id: 'a', label: '初步', count: 0, sum: null },
      { id: 'b', label: '谈判', color: 'blue', count: 2, sum: '30.5' },
    ]);
  });

  it('are the members who have something, the busiest first', () => {
    const person = (id: string, label: string, n: number) => ({ groups: [{ id, label }], metrics: { n } });
    const { lanes, left } = lanesOf(field('member'), [person('1', '王芳', 1), person('2', '李伟', 5)], '无', 50);
    expect([lanes.map(({ label }) => label), left]).toEqual([['无', '李伟', '王芳'], 0]);
  });

  it('of more people than fit are the busiest, and tell how many have none (a board of sixty people looked whole)', () => {
    const groups = Array.from({ length: 60 }, (_, at) => ({
      groups: [{ id: `m${at}`, label: `员工${at}` }],
      metrics: { n: 60 - at },
    }));
    const { lanes, left } = lanesOf(field('member'), groups, '无', 50);
    expect([lanes.length, lanes[1]?.label, left]).toEqual([51, '员工0', 10]);
  });

  it('of a choice are all there whatever their number, with what records hold of options that are gone', () => {
    const options = Array.from({ length: 80 }, (_, at) => ({ id: `o${at}`, label: `选项${at}` }));
    const groups = [
      { groups: ['o79'], metrics: { n: 1 } },
      { groups: ['gone'], metrics: { n: 3 } },
    ];
    const { lanes, left } = lanesOf(field('select', { options }), groups, '无', 50);
    expect([lanes.length, left, lanes.at(-2), lanes.at(-1)]).toEqual([
      82,
      0,
      { id: 'o79', label: '选项79', count: 1, sum: null },
      { id: 'gone', label: 'gone', count: 3, sum: null },
    ]);
  });

  it('begin with the one without a value, empty or not: cards are dropped there', () => {
    expect(lanesOf(stage, [], '无', 50).lanes[0]).toEqual({ id: null, label: '无', count: 0, sum: null });
  });

  it('select their records', () => {
    expect(laneFilter(stage, 'a')).toEqual({ field: stage.id, op: 'eq', value: 'a' });
    expect(laneFilter(stage, null)).toEqual({ field: stage.id, op: 'empty' });
  });
});
