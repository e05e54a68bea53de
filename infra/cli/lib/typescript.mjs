// `node --import <this file> script.ts` runs TypeScript sources without a build: decorators included, workspace
// packages from their sources. Tests use it to start real processes; the product itself runs from dist/.
import { register } from 'node:module';

register('./typescript-hooks.mjs', import.meta.url);
