import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { FileMissingError, type FileStorage, FileTooLargeError, type StoredFile } from './file-storage.js';

const keyPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Keeps files below one folder of this machine, fanned out over 65,536 subfolders. */
export class DiskStorage implements FileStorage {
  /** @param folder usually `<LIANKE_HOME>/files`; created when needed */
  constructor(private readonly folder: string) {}

  async put(key: string, content: Readable, { maxBytes }: { maxBytes: number }): Promise<StoredFile> {
    const file = this.pathOf(key);
    await mkdir(dirname(file), { recursive: true });
    const draft = `${file}.${randomBytes(6).toString('hex')}.tmp`;
    const hash = createHash('sha256');
    let size = 0;
    const measure = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        size += chunk.length;
        if (size > maxBytes) {
          done(new FileTooLargeError(maxBytes));
          return;
        }
        hash.update(chunk);
        done(null, chunk);
      },
    });
    try {
      await pipeline(content, measure, createWriteStream(draft, { mode: 0o600, flags: 'wx' }));
      await flush(draft);
      await rename(draft, file);
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
    return { key, size, sha256: hash.digest('hex') };
  }

  async get(key: string, range?: { start: number; end: number }): Promise<{ stream: Readable; size: number }> {
    const file = this.pathOf(key);
    const stats = await stat(file).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') throw new FileMissingError(key);
      throw error;
    });
    return { stream: createReadStream(file, range), size: stats.size };
  }

  async delete(key: string): Promise<void> {
    await rm(this.pathOf(key), { force: true });
  }

  private pathOf(key: string): string {
    // The key becomes a path, so nothing but a uuid may be one.
    if (!keyPattern.test(key)) throw new RangeError(`not a storage key: ${JSON.stringify(key)}`);
    // The last characters of a uuid v7 are random; the first are the time and would fill one folder at a time.
    return join(this.folder, key.slice(-2), key.slice(-4, -2), key);
  }
}

async function flush(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
