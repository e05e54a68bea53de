import type { RunDetail } from '@lianke/shared/flows/api';

type Step = RunDetail['steps'][number];

/** One visit of a node: in which rounds of the loops around it, and the how-manieth time there. */
export interface Visit {
  step: Step;
  /** Rounds from 1, the outermost loop first; empty outside of loops. */
  rounds: number[];
  /** From 1; null when the node was visited once in these rounds. */
  time: number | null;
}

/** Every visit of a node, in the order of rounds and of time. */
export function visitsOf(steps: readonly Step[], node: string): Visit[] {
  const own = steps
    .filter((step) => step.node === node)
    .map((step) => ({ step, rounds: roundsOf(step.scope) }))
    .sort((a, b) => compare(a.rounds, b.rounds) || a.step.iteration - b.step.iteration);
  return own.map((visit) => ({
    ...visit,
    time: own.some((other) => other.step.scope === visit.step.scope && other.step.iteration !== visit.step.iteration)
      ? visit.step.iteration + 1
      : null,
  }));
}

/** The visit one wants to see first: the one that failed, the one that waits, else the last. */
export function mainVisit(visits: readonly Visit[]): Visit | undefined {
  const at = (state: Step['state']) => visits.find((visit) => visit.step.state === state);
  return at('failed') ?? at('waiting') ?? visits.at(-1);
}

/** How each node of a run stands: as its visit that matters most. */
export function statesOf(steps: readonly Step[]): Map<string, Step['state']> {
  const nodes = [...new Set(steps.map((step) => step.node))];
  return new Map(
    nodes.flatMap((node) => {
      const visit = mainVisit(visitsOf(steps, node));
      return visit ? [[node, visit.step.state] as const] : [];
    }),
  );
}

/** Ways of a parallel node have letters: only rounds are numbers. */
function roundsOf(scope: string): number[] {
  return scope.split('/').flatMap((part) => {
    const key = part.split('#')[1];
    return key !== undefined && /^\d+$/.test(key) ? [Number(key) + 1] : [];
  });
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((round, index) => round !== b[index]);
  return at < 0 ? a.length - b.length : (a[at] ?? 0) - (b[at] ?? 0);
}
