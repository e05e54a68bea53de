import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestEngine, type TestEngine } from '../../../test/support/engine.js';
import { StartupError } from '../config/startup-error.js';
import { checkFileStore } from './file-store.js';

let engine: TestEngine;
let home: string;
beforeAll(async () => {
  engine = await createTestEngine();
  home = mkdtempSync(join(tmpdir(), 'lianke-文件 '));
});
afterAll(async () => {
  await engine.close();
  rmSync(home, { recursive: true, force: true });
});

it('lets processes that share one folder serve a database, and a moved folder too', async () => {
  const { database } = engine.kernel;
  await Promise.all([1, 2, 3].map(() => checkFileStore(database, join(home, 'files'))));
  cpSync(join(home, 'files'), join(home, 'moved'), { recursive: true });
  await checkFileStore(database, join(home, 'moved'));
});

it('refuses a second host whose files would be in a folder of its own', async () => {
  const { database } = engine.kernel;
  await checkFileStore(database, join(home, 'files'));
  const refusal = await checkFileStore(database, join(home, 'other host')).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(StartupError);
  expect((refusal as StartupError).lines).toHaveLength(1);
  expect((refusal as StartupError).message).toMatch(/S3_\*/);
});

it('says which folder cannot be written', async () => {
  writeFileSync(join(home, 'a file'), '');
  await expect(checkFileStore(engine.kernel.database, join(home, 'a file'))).rejects.toThrow(/a file/);
});
