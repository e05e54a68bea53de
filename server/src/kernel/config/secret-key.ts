import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomically } from '../storage/write-atomically.js';
import { secretKeyMinLength } from './settings.js';
import { StartupError } from './startup-error.js';

/**
 * The key of an installation on one machine: kept in `<home>/secret-key` (0600), made at the first start.
 * @throws StartupError when the file is damaged or the folder cannot be written
 */
export function loadSecretKey(home: string): string {
  const file = join(home, 'secret-key');
  try {
    if (!existsSync(file)) {
      mkdirSync(home, { recursive: true });
      writeFileAtomically(file, `${randomBytes(32).toString('base64url')}\n`, 0o600);
    }
    const key = readFileSync(file, 'utf8').trim();
    if (key.length >= secretKeyMinLength) return key;
  } catch (error) {
    throw new StartupError(
      `数据文件夹 ${home} 不能读写（${(error as NodeJS.ErrnoException).code}）；请检查权限，或用 LIANKE_HOME 指定别处`,
      `the data folder ${home} cannot be read or written; check its permissions, or set LIANKE_HOME to another one`,
    );
  }
  throw new StartupError(
    `密钥文件 ${file} 已损坏；请从备份恢复它，没有它就无法解密已保存的凭据`,
    `the key file ${file} is damaged; restore it from a backup, stored credentials cannot be read without it`,
  );
}
