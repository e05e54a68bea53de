import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DiskStorage } from './disk-storage.js';
import { FileMissingError, FileTooLargeError } from './file-storage.js';

const key = '0195a1b2-1381-7345-8678-1381234567ab';
const limit = { maxBytes: 1_000_000 };

describe('DiskStorage', () => {
  let folder: string;
  let storage: DiskStorage;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lianke-文件 '));
    storage = new DiskStorage(join(folder, 'files'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function everything(): string[] {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => entry.name);
  }

  it('gives back what it was given, with size and hash, and parts of it', async () => {
    const content = Buffer.from('合同扫描件'.repeat(10_000));
    const stored = await storage.put(
      key,
      Readable.from([content.subarray(0, 70_000), content.subarray(70_000)]),
      limit,
    );
    expect(stored).toEqual({ key, size: content.length, sha256: createHash('sha256').update(content).digest('hex') });
    const whole = await storage.get(key);
    expect(whole.size).toBe(content.length);
    expect(await buffer(whole.stream)).toEqual(content);
    expect(await buffer((await storage.get(key, { start: 3, end: 5 })).stream)).toEqual(content.subarray(3, 6));
  });

  it('stores nothing of a file that is too large or whose upload breaks off', async () => {
    await expect(
      storage.put(key, Readable.from([Buffer.alloc(60), Buffer.alloc(60)]), { maxBytes: 100 }),
    ).rejects.toThrow(FileTooLargeError);
    const broken = new Readable({
      read() {
        this.push('half');
        this.destroy(new Error('connection lost'));
      },
    });
    await expect(storage.put(key, broken, limit)).rejects.toThrow('connection lost');
    expect(everything()).toEqual([]);
    await expect(storage.get(key)).rejects.toThrow(FileMissingError);
  });

  it('keeps the old content when replacing it fails', async () => {
    await storage.put(key, Readable.from(['first']), limit);
    await expect(storage.put(key, Readable.from([Buffer.alloc(200)]), { maxBytes: 100 })).rejects.toThrow();
    expect(String(await buffer((await storage.get(key)).stream))).toBe('first');
  });

  it('deletes, and again without complaint', async () => {
    await storage.put(key, Readable.from(['x']), limit);
    await storage.delete(key);
    await storage.delete(key);
    await expect(storage.get(key)).rejects.toThrow(FileMissingError);
  });

  it.each(['../../etc/passwd', '', 'a/b', `${key}/..`, key.toUpperCase()])('refuses %j as a key', async (bad) => {
    await expect(storage.get(bad)).rejects.toThrow(RangeError);
    await expect(storage.put(bad, Readable.from(['x']), limit)).rejects.toThrow(RangeError);
  });

  it.runIf(process.platform !== 'win32')('lets only the owner read the files', async () => {
    await storage.put(key, Readable.from(['x']), limit);
    const [name] = everything();
    expect(name).toBe(key);
    expect(statSync(join(folder, 'files', 'ab', '67', key)).mode & 0o077).toBe(0);
  });
});
