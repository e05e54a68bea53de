import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { at } from './paths.mjs';
import { run } from './run.mjs';

const compilers = ['cc', 'gcc', 'clang'];

/**
 * Compiles the library that, preloaded, lets every flush to disk take 2 ms longer.
 * @returns {Promise<{library: string, remove: () => void} | undefined>} undefined without Linux and a C compiler
 */
export async function slowDisk() {
  if (process.platform !== 'linux') return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'lianke-disk-'));
  const library = join(folder, 'slow-fsync.so');
  const remove = () => rmSync(folder, { recursive: true, force: true });
  for (const compiler of compilers) {
    const args = ['-shared', '-fPIC', '-O1', '-o', library, at('infra/bench/src/slow-fsync.c'), '-ldl'];
    const { code } = await run(compiler, args, { quiet: true }).catch(() => ({ code: null }));
    if (code === 0) return { library, remove };
  }
  remove();
  return undefined;
}
