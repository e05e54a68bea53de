import { existsSync } from 'node:fs';
import { checks } from './checks.mjs';
import { at } from './paths.mjs';
import { say } from './say.mjs';
import { conclude, vitest } from './vitest.mjs';

const suites = ['shared', 'server', 'infra/sandbox', 'console', 'miniapp', 'infra/cli'];

/**
 * `npm test`: every suite, lint and the boundaries between parts. `npm test -- server access` runs one suite's files
 * whose path contains "access".
 */
export async function main(args) {
  const [only, ...rest] = args;
  const chosen = only && suites.includes(only) ? [only] : suites;
  const filters = chosen.length === 1 ? rest : args;
  const results = [];
  for (const folder of chosen.filter((each) => existsSync(at(each, 'vitest.config.ts')))) {
    say(`\n== ${folder}`);
    results.push(await vitest(folder, filters));
  }
  if (args.length === 0) results.push(...(await checks(['lint', 'boundaries'])));
  say('');
  conclude(results);
}
