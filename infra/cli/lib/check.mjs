import { checks } from './checks.mjs';
import { conclude } from './vitest.mjs';

/** `npm run check`: lint, boundaries and types, without running a test. */
export async function main(args) {
  conclude(await checks(args.length > 0 ? args : ['lint', 'boundaries', 'types']));
}
