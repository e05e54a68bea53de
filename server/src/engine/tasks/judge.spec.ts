import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ApprovalPolicy, judge } from './judge.js';
import type { TaskState } from './task-row.js';

const letters: Record<string, TaskState> = {
  y: 'approved',
  n: 'rejected',
  '?': 'pending',
  q: 'queued',
  t: 'transferred',
  c: 'closed',
};
const said = (text: string) => [...text].map((letter) => ({ state: letters[letter] as TaskState }));

describe('judge', () => {
  it.each<[string, ApprovalPolicy, string, 'approved' | 'rejected' | undefined]>([
    ['或签: nobody answered', { mode: 'any' }, '??', undefined],
    ['或签: the first consent decides', { mode: 'any' }, '?y?', 'approved'],
    ['或签: the first refusal decides', { mode: 'any' }, '?n', 'rejected'],
    ['会签: one is missing', { mode: 'all' }, 'yy?', undefined],
    ['会签: everybody', { mode: 'all' }, 'yyy', 'approved'],
    ['会签: one refusal at once', { mode: 'all' }, 'n??', 'rejected'],
    ['会签, 全部表态后: a refusal waits for the others', { mode: 'all', refuse: 'afterAll' }, 'ny?', undefined],
    ['会签, 全部表态后: all have spoken', { mode: 'all', refuse: 'afterAll' }, 'nyy', 'rejected'],
    ['会签, 全部表态后: all agree', { mode: 'all', refuse: 'afterAll' }, 'yyy', 'approved'],
    ['会签: a task handed over has no voice, its successor has', { mode: 'all' }, 'yt?', undefined],
    ['会签: the successor agrees', { mode: 'all' }, 'yty', 'approved'],
    ['依次: the next is still to be asked', { mode: 'sequential' }, 'yqq', undefined],
    ['依次: a refusal ends the row', { mode: 'sequential' }, 'ynq', 'rejected'],
    ['依次: the last agreed', { mode: 'sequential' }, 'yyy', 'approved'],
    ['比例 60% of 5 is 3', { mode: 'ratio', atLeast: { unit: 'percent', value: 60 } }, 'yy???', undefined],
    [
      '比例: reached before all answered',
      { mode: 'ratio', atLeast: { unit: 'percent', value: 60 } },
      'yyy??',
      'approved',
    ],
    ['比例: out of reach', { mode: 'ratio', atLeast: { unit: 'percent', value: 60 } }, 'nnn??', 'rejected'],
    ['比例: a share is rounded up', { mode: 'ratio', atLeast: { unit: 'percent', value: 51 } }, 'yyn?', undefined],
    ['比例: two people', { mode: 'ratio', atLeast: { unit: 'count', value: 2 } }, 'ny?', undefined],
    ['比例: two people, reached', { mode: 'ratio', atLeast: { unit: 'count', value: 2 } }, 'nyy', 'approved'],
    ['比例: more wanted than there are', { mode: 'ratio', atLeast: { unit: 'count', value: 9 } }, 'yy', 'approved'],
    ['nobody with a voice', { mode: 'all' }, 'tc', undefined],
  ])('%s', (_name, policy, tasks, result) => {
    expect(judge(policy, said(tasks))).toBe(result);
  });

  it('is decided exactly when every way the open ones could still answer ends the same', () => {
    const policies = fc.oneof(
      fc.constant<ApprovalPolicy>({ mode: 'sequential' }),
      fc.constant<ApprovalPolicy>({ mode: 'all' }),
      fc
        .record({ unit: fc.constant('percent' as const), value: fc.integer({ min: 1, max: 100 }) })
        .map((atLeast): ApprovalPolicy => ({ mode: 'ratio', atLeast })),
      fc
        .record({ unit: fc.constant('count' as const), value: fc.integer({ min: 1, max: 8 }) })
        .map((atLeast): ApprovalPolicy => ({ mode: 'ratio', atLeast })),
    );
    const states = fc.array(fc.constantFrom(...'yn??tc'), { minLength: 1, maxLength: 7 }).map((all) => all.join(''));
    fc.assert(
      fc.property(policies, states, (policy, text) => {
        const ends = new Set(endings(text).map((ending) => verdict(policy, ending)));
        const naive = ends.size === 1 ? [...ends][0] : undefined;
        expect(judge(policy, said(text))).toBe(naive);
      }),
      { numRuns: 2000 },
    );
  });
});

/** Every row of answers that the open ones could still make of this. */
function endings(text: string): string[] {
  const at = text.indexOf('?');
  if (at < 0) return [text];
  return ['y', 'n'].flatMap((letter) => endings(text.slice(0, at) + letter + text.slice(at + 1)));
}

/** The plain meaning of a policy once everybody has answered. */
function verdict(policy: ApprovalPolicy, text: string): 'approved' | 'rejected' | undefined {
  const yes = [...text].filter((letter) => letter === 'y').length;
  const no = [...text].filter((letter) => letter === 'n').length;
  if (yes + no === 0) return undefined;
  if (policy.mode !== 'ratio') return no === 0 ? 'approved' : 'rejected';
  const { unit, value } = policy.atLeast ?? { unit: 'percent', value: 100 };
  const enough = unit === 'percent' ? (yes / (yes + no)) * 100 >= value - 1e-9 : yes >= Math.min(value, yes + no);
  return enough ? 'approved' : 'rejected';
}
