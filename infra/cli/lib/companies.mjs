import { pathToFileURL } from 'node:url';
import { build } from './build.mjs';
import { at, homeFolder } from './paths.mjs';
import { PlainError, say } from './say.mjs';

/** `npm run companies`: companies that took an app of the directory away, and the deletion of their data. */
export async function main(args) {
  await build(['shared', 'server']);
  process.env.LIANKE_HOME = homeFolder();
  const { main: run } = await import(pathToFileURL(at('server/dist/companies.js')).href);
  try {
    await run(args, say);
  } catch (error) {
    throw error.lines ? new PlainError(error.lines.filter(Boolean).join('\n')) : error;
  }
}
