import type { RunDetail } from '@lianke/shared/flows/api';
import { expect, it } from 'vitest';
import { mainVisit, statesOf, visitsOf } from './visits.js';

type Step = RunDetail['steps'][number];
const step = (node: string, scope: string, iteration: number, state: Step['state'] = 'done'): Step => ({
  ...{ node, scope, iteration, state, type: 'updateRecord', name: '', attempts: 0, actors: [] },
  ...{ startedAt: '2026-01-01T00:00:00Z', finishedAt: null, input: null, output: null, error: null },
});

it('every round of a loop can be looked at, the tenth after the ninth (only the first step showed)', () => {
  const steps = [10, 2, 0, 1].map((round) => step('n', `loop#${round}/`, 0));
  expect(visitsOf(steps, 'n').map((visit) => visit.rounds)).toEqual([[1], [2], [3], [11]]);
  expect(visitsOf(steps, 'n').every((visit) => visit.time === null)).toBe(true);
});

it('tells repeated visits within a round and loops within loops apart, ways of a parallel node aside', () => {
  const steps = [
    step('n', 'loop#1/par#a/in#0/', 1),
    step('n', 'loop#1/par#a/in#0/', 0),
    step('n', 'loop#0/par#a/in#3/', 0),
  ];
  expect(visitsOf(steps, 'n').map(({ rounds, time }) => [rounds, time])).toEqual([
    [[1, 4], null],
    [[2, 1], 1],
    [[2, 1], 2],
  ]);
});

it('a failed round is what the node shows, whatever came after it', () => {
  const steps = [
    step('n', 'loop#0/', 0, 'failed'),
    step('n', 'loop#1/', 0),
    step('m', '', 0),
    step('m', '', 1, 'waiting'),
  ];
  expect(mainVisit(visitsOf(steps, 'n'))?.step.scope).toBe('loop#0/');
  expect([...statesOf(steps)]).toEqual([
    ['n', 'failed'],
    ['m', 'waiting'],
  ]);
});
