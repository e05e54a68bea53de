import { createReadStream, fstatSync, readSync } from 'node:fs';
import { Readable } from 'node:stream';
import { createInflateRaw } from 'node:zlib';
import { badFile } from './workbook.js';

const endBytes = 22 + 65_535;
const endSignature = 0x06054b50;
const end64Signature = 0x06064b50;
const centralSignature = 0x02014b50;
const localSignature = 0x04034b50;
const maxEntries = 5000;
const maxDirectoryBytes = 4 * 1024 * 1024;

export interface ZipFileEntry {
  name: string;
  /** 0 stored, 8 deflated. */
  method: number;
  encrypted: boolean;
  packed: number;
  /** As declared; only reading tells. */
  unpacked: number;
  offset: number;
}

/** The directory of a zip file on disk and its entries as streams (APPNOTE.TXT 4.3); nothing is held but the directory. */
export class ZipFile {
  readonly entries = new Map<string, ZipFileEntry>();

  constructor(
    private readonly path: string,
    private readonly file: number,
  ) {
    for (const entry of directory(file)) this.entries.set(entry.name, entry);
  }

  /** The unpacked bytes of an entry; fails after `maxBytes`. */
  stream(name: string, maxBytes: number): AsyncIterable<Buffer> {
    const entry = this.entries.get(name);
    if (!entry) throw damagedZip();
    const head = read(this.file, entry.offset, 30);
    if (head.length < 30 || head.readUInt32LE(0) !== localSignature) throw damagedZip();
    const start = entry.offset + 30 + head.readUInt16LE(26) + head.readUInt16LE(28);
    if (entry.packed === 0) return limited(Readable.from([]), maxBytes);
    const packed = createReadStream(this.path, { start, end: start + entry.packed - 1, highWaterMark: 256 * 1024 });
    if (entry.method === 0) return limited(packed, maxBytes);
    if (entry.method !== 8) throw damagedZip();
    const inflate = createInflateRaw({ chunkSize: 32 * 1024 });
    packed.on('error', (error) => inflate.destroy(error));
    inflate.on('close', () => packed.destroy());
    packed.pipe(inflate);
    return limited(inflate, maxBytes);
  }

  /** A small entry as text; undefined where there is none. */
  async text(name: string, maxBytes = 64 * 1024 * 1024): Promise<string | undefined> {
    if (!this.entries.has(name)) return undefined;
    const chunks: Buffer[] = [];
    for await (const chunk of this.stream(name, maxBytes)) chunks.push(chunk);
    return Buffer.concat(chunks)
      .toString('utf8')
      .replace(/^\ufeff/, '');
  }
}

async function* limited(stream: Readable, maxBytes: number): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes)
      throw badFile({
        zh: '文件解开后过大，请删去图片和多余的工作表，或拆成几个文件再上传',
        en: 'the file is too large once unpacked; delete pictures and sheets you do not need, or split it into several files, and upload again',
      });
    yield chunk;
  }
}

function directory(file: number): ZipFileEntry[] {
  const size = fstatSync(file).size;
  const tail = read(file, Math.max(0, size - endBytes), Math.min(size, endBytes));
  const end = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || end + 22 > tail.length || tail.readUInt32LE(end) !== endSignature) throw damagedZip();
  let count = tail.readUInt16LE(end + 10);
  let bytes = tail.readUInt32LE(end + 12);
  let at = tail.readUInt32LE(end + 16);
  const locator = end - 20;
  if (at === 0xffffffff && locator >= 0) {
    const long = read(file, Number(tail.readBigUInt64LE(locator + 8)), 56);
    if (long.length < 56 || long.readUInt32LE(0) !== end64Signature) throw damagedZip();
    count = Number(long.readBigUInt64LE(32));
    bytes = Number(long.readBigUInt64LE(40));
    at = Number(long.readBigUInt64LE(48));
  }
  if (count > maxEntries || bytes > maxDirectoryBytes)
    throw badFile({
      zh: '文件里的内容过多，请另存为一个新文件再上传',
      en: 'there is too much in the file; save it as a new file and upload that',
    });
  const table = read(file, at, bytes);
  const entries: ZipFileEntry[] = [];
  for (let index = 0, next = 0; index < count; index++) {
    if (next + 46 > table.length || table.readUInt32LE(next) !== centralSignature) throw damagedZip();
    const nameLength = table.readUInt16LE(next + 28);
    const extraLength = table.readUInt16LE(next + 30);
    const entry = {
      name: table.toString('utf8', next + 46, next + 46 + nameLength),
      method: table.readUInt16LE(next + 10),
      encrypted: (table.readUInt16LE(next + 8) & 1) !== 0,
      packed: table.readUInt32LE(next + 20),
      unpacked: table.readUInt32LE(next + 24),
      offset: table.readUInt32LE(next + 42),
    };
    widen(entry, table.subarray(next + 46 + nameLength, next + 46 + nameLength + extraLength));
    entries.push(entry);
    next += 46 + nameLength + extraLength + table.readUInt16LE(next + 32);
  }
  return entries;
}

/** Sizes beyond 4 GB stand in the zip64 extra field (id 1), in this order, each only when the short one is full. */
function widen(entry: ZipFileEntry, extra: Buffer): void {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    let from = at + 4;
    for (const key of ['unpacked', 'packed', 'offset'] as const) {
      if (entry[key] !== 0xffffffff || from + 8 > extra.length) continue;
      entry[key] = Number(extra.readBigUInt64LE(from));
      from += 8;
    }
  }
}

function read(file: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(Math.max(0, length));
  const got = readSync(file, bytes, 0, bytes.length, position);
  return bytes.subarray(0, got);
}

export function damagedZip(): Error {
  return badFile({
    zh: '文件不完整或已损坏，请在 WPS 或 Excel 中打开，另存为 .xlsx 后再上传',
    en: 'the file is incomplete or damaged; open it in WPS or Excel, save it as .xlsx and upload it again',
  });
}
