import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { boundaryProblems } from './boundaries.mjs';
import { at } from './paths.mjs';
import { node, tool } from './run.mjs';
import { say, seconds } from './say.mjs';

const projects = ['server', 'console', 'miniapp', 'shared', 'infra/sandbox', 'infra/e2e', 'infra/bench'];

async function command(args, options = {}) {
  const { code, output } = await node(args, { quiet: true, env: { ...process.env, NO_COLOR: '1' }, ...options });
  return code === 0 ? [] : [output.trim()];
}

/** tsc keeps what it knew beside the packages, so that the next check looks at what changed only. */
const types = (project) => [
  `types ${project}`,
  () =>
    command([
      tool('typescript/bin/tsc'),
      '-p',
      at(project, 'tsconfig.json'),
      '--noEmit',
      '--incremental',
      '--tsBuildInfoFile',
      at('node_modules/.cache/types', `${project.replace('/', '-')}.tsbuildinfo`),
    ]),
];

/** The suite of a folder, or what is named of it. */
const unit = (folder, specs = []) => [
  `unit ${folder}`,
  () => command([tool('vitest/vitest.mjs'), 'run', '--reporter=dot', ...specs], { cwd: at(folder) }),
];

/** The server's tests beside their sources that need no database. */
function withoutDatabase() {
  return readdirSync(at('server/src'), { recursive: true })
    .filter((file) => file.endsWith('.spec.ts'))
    .map((file) => join('src', file))
    .filter((file) => !/test\/support|embedded/.test(readFileSync(at('server', file), 'utf8')));
}

const kinds = {
  lint: () => [['lint', () => command([tool('@biomejs/biome/bin/biome'), 'check', '--diagnostic-level=error', '.'])]],
  boundaries: () => [['boundaries', async () => boundaryProblems()]],
  types: () => projects.filter((project) => existsSync(at(project, 'tsconfig.json'))).map(types),
  unit: () => [unit('console'), unit('shared'), unit('miniapp', ['src']), unit('server', withoutDatabase())],
};

/** Runs the named kinds of checks, as many at once as there are processors; each counts as one passed or failed. */
export async function checks(names) {
  const waiting = names.flatMap((name) => kinds[name]?.() ?? []);
  const results = [];
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [label, check] = next;
      const start = performance.now();
      const problems = await check();
      say(`${problems.length === 0 ? '✓' : '×'} ${label}  ${seconds(start)}`);
      for (const problem of problems) say(problem);
      results.push({ passed: problems.length === 0 ? 1 : 0, failed: problems.length === 0 ? 0 : 1 });
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return results;
}
