import { withNode } from './lib/node-version.mjs';

withNode(() => import('./lib/dev.mjs').then((command) => command.main(process.argv.slice(2))));
