import { createHash, createHmac } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DiskStorage } from './disk-storage.js';
import { FileMissingError, FileTooLargeError } from './file-storage.js';
import { S3Storage } from './s3-storage.js';

const key = '0195a1b2-1381-7345-8678-1381234567ab';
const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const limit = { maxBytes: 1_000_000 };
const hex = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');
const hmac = (by: string | Buffer, data: string) => createHmac('sha256', by).update(data).digest();

/** Signature Version 4 as the service works it out, from the request as it came (Amazon's published steps). */
function rightfullySigned(request: IncomingMessage, body: Buffer): boolean {
  const header = (name: string) => String(request.headers[name] ?? '');
  const [, scope, names, signature] =
    /^AWS4-HMAC-SHA256 Credential=AKIA\/(.+?), SignedHeaders=(.+?), Signature=([0-9a-f]{64})$/.exec(
      header('authorization'),
    ) ?? [];
  if (!scope || !names || !names.split(';').includes('host')) return false;
  const claimed = header('x-amz-content-sha256');
  if (claimed !== 'UNSIGNED-PAYLOAD' && claimed !== hex(body)) return false;
  const canonical = [
    request.method,
    request.url,
    '',
    ...names.split(';').map((name) => `${name}:${header(name)}`),
    '',
    names,
    claimed,
  ].join('\n');
  const text = ['AWS4-HMAC-SHA256', header('x-amz-date'), scope, hex(canonical)].join('\n');
  const [date = '', region = '', service = '', end = ''] = scope.split('/');
  const signing = hmac(hmac(hmac(hmac(`AWS4${secret}`, date), region), service), end);
  return hmac(signing, text).toString('hex') === signature;
}

const objects = new Map<string, Buffer>();
let server: Server;
let folder: string;
let storage: S3Storage;

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const body = await buffer(request);
    const path = request.url ?? '';
    const stored = objects.get(path);
    const answer = (status: number, content?: Buffer, headers = {}) =>
      response.writeHead(status, { ...headers, 'content-length': content?.length ?? 0 }).end(content);
    if (!rightfullySigned(request, body)) answer(403);
    else if (request.method === 'PUT') {
      objects.set(path, body);
      answer(200);
    } else if (request.method === 'DELETE') response.writeHead(objects.delete(path) ? 204 : 404).end();
    else if (!stored) answer(404);
    else {
      const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
      if (start === undefined) answer(200, stored);
      else
        answer(206, stored.subarray(Number(start), Number(end) + 1), {
          'content-range': `bytes ${start}-${end}/${stored.length}`,
        });
    }
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  folder = mkdtempSync(join(tmpdir(), 'lianke-s3-'));
  storage = storageWith(secret);
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const storageWith = (secretAccessKey: string) =>
  new S3Storage(
    {
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      region: 'cn-north-1',
      bucket: 'lianke',
      accessKeyId: 'AKIA',
      secretAccessKey,
      pathStyle: true,
    },
    new DiskStorage(folder),
  );

const leftOver = () => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());

it('gives back what it was given, with size and hash, and parts of it, and leaves nothing on the way', async () => {
  const content = Buffer.from('合同扫描件'.repeat(10_000));
  const stored = await storage.put(key, Readable.from([content.subarray(0, 70_000), content.subarray(70_000)]), limit);
  expect(stored).toEqual({ key, size: content.length, sha256: hex(content) });
  expect([...objects.keys()]).toEqual([`/lianke/${key}`]);
  const whole = await storage.get(key);
  expect(whole.size).toBe(content.length);
  expect(await buffer(whole.stream)).toEqual(content);
  const part = await storage.get(key, { start: 3, end: 5 });
  expect(part.size).toBe(content.length);
  expect(await buffer(part.stream)).toEqual(content.subarray(3, 6));
  expect(leftOver()).toEqual([]);
});

it('sends nothing of a file that is too large', async () => {
  const before = objects.size;
  await expect(storage.put(key, Readable.from([Buffer.alloc(200)]), { maxBytes: 100 })).rejects.toThrow(
    FileTooLargeError,
  );
  expect(objects.size).toBe(before);
  expect(leftOver()).toEqual([]);
});

it('deletes, and again without complaint; what is gone is missing', async () => {
  await storage.put(key, Readable.from(['x']), limit);
  await storage.delete(key);
  await storage.delete(key);
  await expect(storage.get(key)).rejects.toThrow(FileMissingError);
});

it('says so when the service refuses the credentials, and keeps no half file', async () => {
  await expect(storageWith('wrong').put(key, Readable.from(['x']), limit)).rejects.toThrow('answered 403');
  expect(leftOver()).toEqual([]);
});

it.each(['../../etc/passwd', '', 'a/b', key.toUpperCase()])('refuses %j as a key', async (bad) => {
  await expect(storage.get(bad)).rejects.toThrow(RangeError);
});
