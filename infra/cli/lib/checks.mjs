import { existsSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { boundaryProblems } from './boundaries.mjs';
import { at } from './paths.mjs';
import { node, tool } from './run.mjs';
import { say, seconds } from './say.mjs';

const projects = ['shared', 'server', 'console', 'miniapp', 'infra/sandbox', 'infra/e2e', 'infra/bench'];

async function command(args) {
  const { code, output } = await node(args, { quiet: true, env: { ...process.env, NO_COLOR: '1' } });
  return code === 0 ? [] : [output.trim()];
}

const kinds = {
  lint: async () => [
    ['lint', () => command([tool('@biomejs/biome/bin/biome'), 'check', '--diagnostic-level=error', '.'])],
  ],
  boundaries: async () => [['boundaries', async () => boundaryProblems()]],
  types: async () =>
    projects
      .filter((project) => existsSync(at(project, 'tsconfig.json')))
      .map((project) => [
        `types ${project}`,
        () => command([tool('typescript/bin/tsc'), '-p', at(project, 'tsconfig.json'), '--noEmit']),
      ]),
};

/** Runs the named kinds of checks; each counts as one passed or failed. */
export async function checks(names) {
  const results = [];
  for (const name of names) {
    for (const [label, check] of (await kinds[name]?.()) ?? []) {
      const start = performance.now();
      const problems = await check();
      say(`${problems.length === 0 ? '✓' : '×'} ${label}  ${seconds(start)}`);
      for (const problem of problems) say(problem);
      results.push({ passed: problems.length === 0 ? 1 : 0, failed: problems.length === 0 ? 0 : 1 });
    }
  }
  return results;
}
