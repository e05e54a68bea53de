import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FolderLock, FolderLockedError, lockFolder } from './folder-lock.js';

describe('lockFolder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lianke-锁 '));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('refuses a second holder with the first one’s pid, and is free after release', async () => {
    const first = await lockFolder(folder);
    await expect(lockFolder(folder)).rejects.toMatchObject({ name: 'FolderLockedError', pid: process.pid });
    first.release();
    const second = await lockFolder(folder);
    second.release();
    expect(readdirSync(join(folder, 'lock'))).toEqual([]);
  });

  it('lets exactly one of many simultaneous contenders in', async () => {
    const results = await Promise.allSettled(Array.from({ length: 6 }, () => lockFolder(folder)));
    const holders = results.filter(
      (result): result is PromiseFulfilledResult<FolderLock> => result.status === 'fulfilled',
    );
    expect(holders).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(FolderLockedError);
    }
    holders[0]?.value.release();
  });

  it('ignores a claim whose pid lives again as something else and whose port answers for somebody else', async () => {
    const stranger = createServer((socket) => socket.end('hello\n'));
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
    const address = stranger.address() as { port: number };
    mkdirSync(join(folder, 'lock'));
    const stale = join(folder, 'lock', '00000000.json');
    writeFileSync(stale, JSON.stringify({ id: '00000000', pid: process.pid, port: address.port }));
    const lock = await lockFolder(folder);
    expect(existsSync(stale)).toBe(false);
    lock.release();
    await new Promise((resolve) => stranger.close(resolve));
  });

  it('survives a claim file that was damaged', async () => {
    mkdirSync(join(folder, 'lock'));
    writeFileSync(join(folder, 'lock', 'ffff.json'), '{"id":');
    const lock = await lockFolder(folder);
    lock.release();
  });
});
