import { withNode } from './lib/node-version.mjs';

withNode(() => import('./lib/check.mjs').then((command) => command.main(process.argv.slice(2))));
