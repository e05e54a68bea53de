import { withNode } from './lib/node-version.mjs';

withNode(() => import('./lib/e2e.mjs').then((command) => command.main(process.argv.slice(2))));
