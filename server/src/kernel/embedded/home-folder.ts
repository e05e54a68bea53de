import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { StartupError } from '../config/startup-error.js';
import { writeFileAtomically } from '../storage/write-atomically.js';
import { type FolderLock, FolderLockedError, lockFolder } from './folder-lock.js';

/** The account that only bootstraps; it never serves. */
export const superuser = 'lianke_superuser';

/** Makes `<home>/postgres` and gives its real path. @throws StartupError when it cannot be written */
export function prepareHome(home: string): string {
  const wanted = resolve(home);
  try {
    const folder = join(wanted, 'postgres');
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK | constants.X_OK);
    return realpathSync(folder);
  } catch (error) {
    throw new StartupError(
      `数据文件夹 ${wanted} 不能写入（${(error as NodeJS.ErrnoException).code}）；请检查权限，或用 LIANKE_HOME 指定别处`,
      `the data folder ${wanted} is not writable; check its permissions, or set LIANKE_HOME to another one`,
    );
  }
}

/** Takes the lock of a folder. @throws StartupError naming the process that holds it */
export async function lockOrRefuse(folder: string): Promise<FolderLock> {
  try {
    return await lockFolder(folder);
  } catch (error) {
    if (error instanceof FolderLockedError) {
      throw new StartupError(
        `联客已在运行（进程 ${error.pid}），正在使用 ${folder}；请先停止它，或用 LIANKE_HOME 指定别处`,
        `already running, pid ${error.pid}`,
      );
    }
    if (['EACCES', 'EPERM', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '')) {
      throw new StartupError(
        `数据文件夹 ${folder} 不能写入；它可能由另一个账号创建，请用那个账号启动，或用 LIANKE_HOME 指定别处`,
        `the data folder ${folder} is not writable; it may belong to another account`,
      );
    }
    throw error;
  }
}

/** The superuser's password, made before the first start. @throws StartupError when it is lost */
export function readPassword(homeFolder: string, dataFolder: string): string {
  const file = join(homeFolder, 'password');
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  if (existsSync(join(dataFolder, 'PG_VERSION'))) {
    throw new StartupError(
      `数据库的密码文件 ${file} 不见了；请从备份恢复它，或运行 npm run db:reset 清空数据重新开始`,
      `the database password file ${file} is missing; restore it, or run npm run db:reset to start afresh`,
    );
  }
  const password = randomBytes(24).toString('hex');
  writeFileAtomically(file, `${password}\n`, 0o600);
  return password;
}
