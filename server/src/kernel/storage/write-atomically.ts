import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';

/**
 * Writes a small file so that a reader, or a crash at any moment, sees the old content or the new one, never half.
 * @param mode permission bits of the file, 0600 unless told
 */
export function writeFileAtomically(file: string, content: string | Uint8Array, mode = 0o600): void {
  const draft = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  const handle = openSync(draft, 'wx', mode);
  try {
    try {
      writeSync(handle, typeof content === 'string' ? Buffer.from(content) : content);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}
