import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartupError } from '../config/startup-error.js';
import type { Database } from '../database/database.js';
import { uuid7 } from '../ids/uuid7.js';

/**
 * Refuses to serve a database whose files are kept in another folder: a second host without shared storage would store
 * files that the first can never find. A folder carries its id in `.store-id`; the first folder that a process of an
 * installation brings becomes the installation's.
 * @param folder where `DiskStorage` keeps its files
 * @throws StartupError when the database knows another folder, or this one cannot be written
 */
export async function checkFileStore(database: Pick<Database, 'control'>, folder: string): Promise<void> {
  const mine = await storeId(folder);
  const [row] = await database.control<{ value: string }>('SELECT lianke.file_store($1) AS value', [mine]);
  if (!row || row.value === mine) return;
  throw new StartupError(
    `这个数据库的文件存放在别处，不在 ${folder}：多台机器共用时请设置 S3_*，或让它们共用同一个文件夹；搬家时请把原来的 files 文件夹一起搬来（其中 .store-id 的内容是 ${row.value}）`,
    `the files of this database are kept elsewhere, not in ${folder}: with more than one host set S3_* or share one folder; when moving, bring the old files folder along (its .store-id reads ${row.value})`,
  );
}

async function storeId(folder: string): Promise<string> {
  const file = join(folder, '.store-id');
  try {
    await mkdir(folder, { recursive: true });
    // Of two processes starting on one folder the second finds the first one's id.
    await writeFile(file, uuid7(), { flag: 'wx', mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    throw new StartupError(
      `文件夹 ${folder} 不能读写（${(error as NodeJS.ErrnoException).code}）；请检查权限，或用 LIANKE_HOME 指定别处`,
      `the folder ${folder} cannot be read or written; check its permissions, or set LIANKE_HOME to another one`,
    );
  }
}
