import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root folder. */
export const root = fileURLToPath(new URL('../../../', import.meta.url));

/** A path below the root. */
export function at(...parts) {
  return join(root, ...parts);
}

/** LIANKE_HOME as the server sees it when started from the root. */
export function homeFolder(env = process.env) {
  return resolve(root, env.LIANKE_HOME || '.lianke');
}
