import { checks } from './checks.mjs';
import { conclude } from './vitest.mjs';

/** `npm run check`: types, lint, boundaries and the tests that need neither a database nor a browser. */
export async function main(args) {
  conclude(await checks(args.length > 0 ? args : ['types', 'lint', 'boundaries', 'unit']));
}
