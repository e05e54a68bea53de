import { createHash } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomically } from '../storage/write-atomically.js';
import { type Account, belongsTo, canReach, chooseAccount, ownerOf, runningAsRoot } from './account.js';
import { makeTrustedFolder } from './binaries.js';

/** Where a cluster lives and who runs it. */
export interface ClusterPlace {
  /** Folder holding `data/` and `postgres.log`. */
  folder: string;
  dataFolder: string;
  /** Set when this process is root, which PostgreSQL refuses to run as. */
  account: Account | undefined;
}

/** What `<home>/postgres/cluster.json` remembers: where the cluster is and which port it last used. */
export interface ClusterPointer {
  folder: string;
  port: number | null;
}

/** Folder for what an unprivileged account cannot reach below LIANKE_HOME; replaceable for tests. */
export const systemFolder = '/var/lib/lianke';

/** The pointer file's content, or undefined before the first start. */
export function readPointer(homeFolder: string): ClusterPointer | undefined {
  const file = join(homeFolder, 'cluster.json');
  if (!existsSync(file)) return undefined;
  const pointer = JSON.parse(readFileSync(file, 'utf8')) as ClusterPointer;
  return { folder: pointer.folder, port: pointer.port };
}

export function writePointer(homeFolder: string, pointer: ClusterPointer): void {
  writeFileAtomically(join(homeFolder, 'cluster.json'), `${JSON.stringify(pointer, null, 2)}\n`);
}

/**
 * Decides where the cluster of this home lives.
 *
 * An ordinary user keeps it in `<home>/postgres`. Root does too if the unprivileged account can get there; below a
 * 0700 folder (such as a clone in root's own home) it cannot, and the cluster goes to `<system>/<hash of home>`, with
 * the pointer file telling so. An existing cluster stays where it is and keeps its owner.
 * @param homeFolder `<home>/postgres`, existing, as a real path
 */
export function choosePlace(homeFolder: string, warn: (line: string) => void, system = systemFolder): ClusterPlace {
  const pointer = readPointer(homeFolder);
  // A home that was moved still points at itself by its old path.
  const known = pointer && existsSync(join(pointer.folder, 'data')) ? pointer.folder : undefined;
  const here = existsSync(join(homeFolder, 'data')) ? homeFolder : known;
  if (!runningAsRoot()) return place(here ?? homeFolder, undefined);
  if (here) {
    const owner = ownerOf(join(here, 'data'));
    if (owner.uid !== 0 && canReach(here, owner)) return place(here, owner);
  }
  const account = chooseAccount();
  if (canReach(homeFolder, account) && canGiveAway(homeFolder, account)) return place(homeFolder, account);
  const folder = join(system, createHash('sha256').update(homeFolder).digest('hex').slice(0, 16));
  makeTrustedFolder(system);
  if (existsSync(join(folder, 'data'))) {
    const aside = `${folder}.${Date.now()}`;
    renameSync(folder, aside);
    warn(
      `这里从前的数据库没有对应的数据文件夹了，已移到 ${aside} / set aside a database whose home was deleted: ${aside}`,
    );
  }
  makeTrustedFolder(folder);
  return place(folder, account);
}

/** Of a socket's path on macOS, the shortest of all systems', with the zero at its end. */
const longestSocketPath = 104;

/**
 * Folder of the cluster's Unix socket, through which a statement costs both sides a third less than over loopback; only
 * its account and root get there. Undefined where there are none or the path would be too long for one.
 */
export function socketFolder({ dataFolder }: ClusterPlace): string | undefined {
  if (process.platform === 'win32') return undefined;
  return Buffer.byteLength(join(dataFolder, '.s.PGSQL.65535')) < longestSocketPath ? dataFolder : undefined;
}

function place(folder: string, account: Account | undefined): ClusterPlace {
  return { folder, dataFolder: join(folder, 'data'), account };
}

// Some mounts (shared folders of virtual machines, NFS with root_squash) do not let root give files away.
function canGiveAway(folder: string, account: Account): boolean {
  const probe = join(folder, 'owner-check');
  try {
    mkdirSync(probe, { recursive: true });
    chownSync(probe, account.uid, account.gid);
    return belongsTo(statSync(probe), account);
  } catch {
    return false;
  } finally {
    rmSync(probe, { recursive: true, force: true });
  }
}

/** Makes a folder that only the account that runs PostgreSQL can open. */
export function makePrivateFolder(folder: string, account: Account | undefined): void {
  mkdirSync(folder, { recursive: true });
  if (account) chownSync(folder, account.uid, account.gid);
  if (process.platform !== 'win32') chmodSync(folder, 0o700);
}
