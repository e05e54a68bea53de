import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';
import { refuseUnsafeParts } from './unsafe.js';
import { badFile, workbookLimits } from './workbook.js';

const endSignature = 0x06054b50;
const centralSignature = 0x02014b50;
const localSignature = 0x04034b50;
const maxEntries = 5000;
const stored = 0;
const deflated = 8;

/**
 * Unpacks every entry of a zip file into nothing and counts, so that a bomb is refused whatever size it declares
 * (APPNOTE.TXT 4.3: end of central directory, central headers, local headers). Memory stays at a few chunks.
 */
export async function guardZip(bytes: Buffer): Promise<void> {
  let left: number = workbookLimits.unpackedBytes;
  const entries = [...zipEntries(bytes)];
  for (const entry of entries) {
    if (entry.encrypted)
      throw badFile({
        zh: '文件有密码，请在 WPS 或 Excel 中取消密码后再上传',
        en: 'the file has a password; remove the password in WPS or Excel and upload it again',
      });
    if (entry.method !== stored && entry.method !== deflated) throw damaged();
    // Sizes kept behind the data instead of in the directory would hide the entry from this count.
    if (entry.data.length === 0 && entry.sizesFollow) throw damaged();
    if (entry.data.length > 0)
      left -= entry.method === stored ? entry.data.length : await inflatedSize(entry.data, left);
    if (left < 0) throw tooLarge();
  }
  refuseUnsafeParts(entries.map((entry) => entry.name));
}

interface ZipEntry {
  name: string;
  method: number;
  encrypted: boolean;
  sizesFollow: boolean;
  data: Buffer;
}

function* zipEntries(bytes: Buffer): Generator<ZipEntry> {
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || end + 22 > bytes.length || bytes.readUInt32LE(end) !== endSignature) throw damaged();
  const count = bytes.readUInt16LE(end + 10);
  let at = bytes.readUInt32LE(end + 16);
  // 0xffff entries or an offset of 0xffffffff mean zip64, which no workbook within the size limit needs.
  if (count > maxEntries || at === 0xffffffff) throw tooLarge();
  for (let index = 0; index < count; index++) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== centralSignature) throw damaged();
    const local = bytes.readUInt32LE(at + 42);
    const size = bytes.readUInt32LE(at + 20);
    if (local + 30 > bytes.length || bytes.readUInt32LE(local) !== localSignature) throw damaged();
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    if (start + size > bytes.length) throw damaged();
    yield {
      name: bytes.toString('utf8', at + 46, at + 46 + bytes.readUInt16LE(at + 28)),
      method: bytes.readUInt16LE(at + 10),
      encrypted: (bytes.readUInt16LE(at + 8) & 1) !== 0,
      sizesFollow: (bytes.readUInt16LE(at + 8) & 8) !== 0 && bytes.readUInt32LE(at + 24) !== 0,
      data: bytes.subarray(start, start + size),
    };
    at += 46 + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
}

async function inflatedSize(data: Buffer, limit: number): Promise<number> {
  let size = 0;
  const counter = new Writable({
    write(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      done(size > limit ? tooLarge() : null);
    },
  });
  try {
    await pipeline(Readable.from([data]), createInflateRaw(), counter);
  } catch (error) {
    if (size > limit) throw tooLarge();
    throw error instanceof Error && 'code' in error && String(error.code).startsWith('Z_') ? damaged() : error;
  }
  return size;
}

function damaged(): Error {
  return badFile({
    zh: '文件不完整或已损坏，请在 WPS 或 Excel 中打开，另存为 .xlsx 后再上传',
    en: 'the file is incomplete or damaged; open it in WPS or Excel, save it as .xlsx and upload it again',
  });
}

function tooLarge(): Error {
  return badFile({
    zh: '文件解开后过大，请删去图片和多余的工作表，或拆成几个文件再上传',
    en: 'the file is too large once unpacked; delete pictures and sheets you do not need, or split it into several files, and upload again',
  });
}
