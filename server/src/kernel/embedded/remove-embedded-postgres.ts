import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runningAsRoot } from './account.js';
import { installedBinaries, prepareBinaries } from './binaries.js';
import { choosePlace, systemFolder } from './cluster-place.js';
import type { FolderLock } from './folder-lock.js';
import { lockOrRefuse, prepareHome, superuser } from './home-folder.js';
import { settleOrphan } from './orphan.js';

/**
 * Deletes the embedded database of a home, wherever it lives, and what a killed process left running of it.
 * @throws StartupError when a process is using it
 */
export async function removeEmbeddedPostgres(options: {
  home: string;
  log: { info(line: string): void; warn(line: string): void };
  systemFolder?: string;
}): Promise<void> {
  if (!existsSync(join(resolve(options.home), 'postgres'))) return;
  const homeFolder = prepareHome(options.home);
  const locks: FolderLock[] = [await lockOrRefuse(homeFolder)];
  try {
    const system = options.systemFolder ?? systemFolder;
    const place = choosePlace(homeFolder, options.log.warn.bind(options.log), system);
    if (place.folder !== homeFolder) locks.push(await lockOrRefuse(place.folder));
    const copies = runningAsRoot() ? join(system, 'bin') : join(homeFolder, 'bin');
    const binaries = prepareBinaries(installedBinaries(), place.account, copies);
    const passwordFile = join(homeFolder, 'password');
    const password = existsSync(passwordFile) ? readFileSync(passwordFile, 'utf8').trim() : '';
    await settleOrphan(place, binaries, { user: superuser, password }, options.log.info.bind(options.log));
    rmSync(place.folder, { recursive: true, force: true });
    rmSync(homeFolder, { recursive: true, force: true });
  } finally {
    for (const lock of locks) lock.release();
  }
}
