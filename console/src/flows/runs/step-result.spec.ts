import { describe, expect, it } from 'vitest';
import { speak, tutorial } from '../model/fixtures.js';
import { resultLines } from './step-result.js';
import { took } from './took.js';

const speaker = speak({
  ...tutorial,
  nodes: [
    ...tutorial.nodes,
    {
      id: 'b',
      name: '',
      type: 'branch',
      cases: [{ id: 'big', name: '大额', filter: { and: [] } }],
    },
  ],
});
const lines = (id: string, output: Parameters<typeof resultLines>[3]) => {
  const node = speaker.def.nodes.find((item) => item.id === id);
  return node ? resultLines(speaker.t, speaker, node, output, 'app').map((line) => [line.label, line.value]) : [];
};

describe('resultLines', () => {
  it('says ways, people and notes in words', () => {
    expect(lines('b', { port: 'case:big' })).toEqual([['走的路', '大额']]);
    expect(lines('b', { port: 'else' })).toEqual([['走的路', '否则']]);
    expect(lines('n1', { approvers: ['m1', 'gone'] })).toEqual([['审批人', '王芳、（已删除）']]);
    expect(lines('n1', { sent: 0, note: '没有找到收件人' })).toEqual([
      ['发给', '0 人'],
      ['说明', '没有找到收件人'],
    ]);
  });

  it('shows what it does not know as it is, and nothing for nothing', () => {
    expect(lines('n1', { later: { a: 1 } })).toEqual([['later', '{"a":1}']]);
    expect(lines('n1', null)).toEqual([]);
  });
});

describe('took', () => {
  const from = '2025-03-07T00:00:00.000Z';
  it.each([
    ['2025-03-07T00:00:00.058Z', '58 毫秒'],
    ['2025-03-07T00:00:02.340Z', '2.3 秒'],
    ['2025-03-07T01:30:00.000Z', '1.5 小时'],
    ['2025-03-10T00:00:00.000Z', '3 天'],
  ])('to %s', (to, text) => {
    expect(took(speaker.t, from, to)).toBe(text);
  });

  it('runs to now while it goes on', () => {
    expect(took(speaker.t, from, null, new Date('2025-03-07T00:05:00Z'))).toBe('5 分钟');
  });
});
