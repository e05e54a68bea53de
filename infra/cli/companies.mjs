import { withNode } from './lib/node-version.mjs';

withNode(() => import('./lib/companies.mjs').then((command) => command.main(process.argv.slice(2))));
