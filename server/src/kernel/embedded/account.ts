import { readFileSync, realpathSync, type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { StartupError } from '../config/startup-error.js';

/** An operating-system account that PostgreSQL runs as; it refuses to run as root. */
export interface Account {
  name: string;
  uid: number;
  gid: number;
}

// Accounts that exist on practically every Linux and macOS, best first: none of them owns anything we could harm.
const preferred = ['postgres', '_postgres', 'nobody', 'daemon'];

/** True when this process runs as root (never on Windows). */
export function runningAsRoot(): boolean {
  return process.getuid?.() === 0;
}

/**
 * Chooses the account for PostgreSQL when this process is root.
 * @param passwd text of `/etc/passwd` (passwd(5): name:password:uid:gid:…)
 * @throws StartupError when no unprivileged account is listed
 */
export function chooseAccount(passwd = readFileSync('/etc/passwd', 'utf8')): Account {
  const accounts = passwd.split('\n').flatMap((line): Account[] => {
    const [name, , uid, gid] = line.split(':');
    if (!name || !uid || !gid || !/^-?\d+$/.test(uid) || !/^-?\d+$/.test(gid) || Number(uid) === 0) return [];
    return [{ name, uid: Number(uid), gid: Number(gid) }];
  });
  for (const name of preferred) {
    const found = accounts.find((account) => account.name === name);
    if (found) return found;
  }
  throw new StartupError(
    '以 root 运行，但系统里没有可用的普通账号来运行自带数据库；请改用普通账号启动，或设置 DATABASE_URL',
    'running as root and no unprivileged account exists for the embedded database; start as an ordinary user or set DATABASE_URL',
  );
}

/** The owner of an existing cluster: PostgreSQL insists on running as the owner of its data folder. */
export function ownerOf(folder: string): Account {
  const { uid, gid } = statSync(folder);
  return { name: `uid ${uid}`, uid: uid | 0, gid: gid | 0 };
}

/** True when `stats` belongs to the account. Ids are compared unsigned: macOS lists nobody as -2. */
export function belongsTo(stats: Stats, account: Account): boolean {
  return stats.uid >>> 0 === account.uid >>> 0;
}

/**
 * True when the account may enter every folder on the way to `folder` (which must exist) and `folder` itself.
 * Supplementary groups do not count: a child started under another uid loses them.
 */
export function canReach(folder: string, account: Account): boolean {
  let current = realpathSync(folder);
  for (;;) {
    const stats = statSync(current);
    const bit = belongsTo(stats, account) ? 0o100 : stats.gid >>> 0 === account.gid >>> 0 ? 0o010 : 0o001;
    if ((stats.mode & bit) === 0) return false;
    const parent = dirname(current);
    if (parent === current) return true;
    current = parent;
  }
}
