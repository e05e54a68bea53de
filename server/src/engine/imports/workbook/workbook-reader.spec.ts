import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WorkbookReader } from './workbook-reader.js';

describe('reading in a thread', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'lianke-读 '));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** A thread that does this with the bytes it gets. */
  const thread = (name: string, body: string) => {
    const file = join(folder, `${name}.mjs`);
    writeFileSync(
      file,
      `import { parentPort } from 'node:worker_threads';\nimport { readFileSync } from 'node:fs';
       parentPort.once('message', ({ path, spoolPath }) => { const bytes = readFileSync(path); ${body} });\n`,
    );
    return pathToFileURL(file);
  };
  const bounds = { withinMs: 30_000, maxHeapMb: 32 };
  const readInThread = (bytes: Buffer, thread: URL, limits: typeof bounds) => {
    const path = join(folder, 'file');
    writeFileSync(path, bytes);
    return new WorkbookReader(thread, limits).read(path);
  };

  it('answers what the thread read', async () => {
    const file = thread(
      'good',
      `const cells = { width: 1, lengths: new Uint16Array([1]), kinds: new Uint8Array([1]), values: new Float64Array(1), ends: new Uint32Array([2]), text: '甲乙' };
       parentPort.postMessage({ packed: { sheets: [{ name: String(bytes.length), hidden: false, cells }] } })`,
    );
    const { sheets } = await readInThread(Buffer.from('abc'), file, bounds);
    expect(sheets).toMatchObject([{ name: '3', hidden: false }]);
    expect(sheets[0]?.rows.slice(0, 2)).toEqual([['甲乙']]);
  });

  it('passes on why a file is refused in both languages, and what is a bug', async () => {
    const refused = { zh: '文件有密码', en: 'the file has a password' };
    await expect(
      readInThread(
        Buffer.from('a'),
        thread('refused', `parentPort.postMessage({ refused: ${JSON.stringify(refused)} })`),
        bounds,
      ),
    ).rejects.toMatchObject({ code: 'invalid_file', params: { detail: refused.zh }, more: { words: refused } });
    await expect(
      readInThread(Buffer.from('a'), thread('bug', `throw new RangeError('off by one')`), bounds),
    ).rejects.toThrow('off by one');
  });

  it('refuses a file that takes all memory or all time', async () => {
    const greedy = thread(
      'greedy',
      `const all = []; for (;;) all.push({ at: all.length, more: String(all.length).repeat(20) });`,
    );
    await expect(readInThread(Buffer.from('a'), greedy, bounds)).rejects.toMatchObject({ code: 'invalid_file' });
    const endless = thread('endless', 'for (;;);');
    await expect(readInThread(Buffer.from('a'), endless, { ...bounds, withinMs: 20 })).rejects.toMatchObject({
      code: 'invalid_file',
    });
  });

  it('reads in place where there is no compiled thread', async () => {
    const missing = pathToFileURL(join(folder, 'missing.mjs'));
    expect((await readInThread(Buffer.from('客户,电话\n甲,1\n'), missing, bounds)).sheets[0]?.rows).toHaveLength(2);
  });
});
