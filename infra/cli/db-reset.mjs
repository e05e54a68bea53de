import { withNode } from './lib/node-version.mjs';

withNode(() => import('./lib/db-reset.mjs').then((command) => command.main(process.argv.slice(2))));
