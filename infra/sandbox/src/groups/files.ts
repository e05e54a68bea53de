import { randomUUID } from 'node:crypto';
import { WecomError } from '../wecom/errors.js';
import type { Group } from './groups.js';

/** A picture or file in a group. */
export interface StoredFile {
  kind: 'image' | 'file' | 'voice';
  /** Of the robot that uploaded it: another one does not know it. */
  robotKey: string;
  name: string;
  type: string;
  data: Uint8Array;
  at: number;
}

const DAY_MS = 86_400_000;
/** How long an uploaded file may still be sent. */
const MEDIA_LIFE_MS = 3 * DAY_MS;
/** The oldest go: this is a stage, no archive. */
const KEEP = 30;
const MEGABYTE = 1024 * 1024;
export const LARGEST = { image: 2 * MEGABYTE, file: 20 * MEGABYTE, voice: 2 * MEGABYTE };
const SMALLEST = 5;

/** Keeps a file with its group; answers its id. */
export function keepFile(group: Group, file: StoredFile): string {
  const id = randomUUID();
  group.files.set(id, file);
  for (const old of [...group.files.keys()].slice(0, -KEEP)) group.files.delete(old);
  return id;
}

/** What `webhook/upload_media` stored under this id, while it lives, of this robot and this kind; else 40007. */
export function uploaded(
  group: Group,
  mediaId: string,
  wanted: { kind: 'file' | 'voice'; robotKey: string; now: number },
): StoredFile {
  const file = group.files.get(mediaId);
  const known = file?.kind === wanted.kind && file.robotKey === wanted.robotKey;
  if (!file || !known || wanted.now - file.at > MEDIA_LIFE_MS) throw new WecomError(40007, mediaId);
  return file;
}

/**
 * The part `media` of an uploaded form. The reference names the call only; limits and numbers of what is wrong with it (40006,
 * 41005, 44001, 45001) are the platform's global ones.
 */
export async function readUpload(
  body: unknown,
  contentType: string,
  kind: 'file' | 'voice',
): Promise<{ name: string; type: string; data: Uint8Array }> {
  if (!Buffer.isBuffer(body)) throw new WecomError(41005);
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } })
    .formData()
    .catch(() => {
      throw new WecomError(41005, 'the body is no multipart form');
    });
  const part = form.get('media');
  if (!(part instanceof File) || part.name === '') throw new WecomError(41005, 'media with a filename');
  if (part.size === 0) throw new WecomError(44001);
  if (part.size <= SMALLEST) throw new WecomError(40006, 'more than 5 bytes');
  if (part.size > LARGEST[kind]) throw new WecomError(45001);
  const data = new Uint8Array(await part.arrayBuffer());
  if (kind === 'voice' && Buffer.from(data.subarray(0, 5)).toString('latin1') !== '#!AMR')
    throw new WecomError(40004, 'voice is AMR');
  return { name: part.name, type: part.type || 'application/octet-stream', data };
}

/** The type of a picture by its first bytes; null for what robots do not take. */
export function pictureType(data: Buffer): 'image/png' | 'image/jpeg' | null {
  if (data.subarray(0, 8).equals(Buffer.from('89504e470d0a1a0a', 'hex'))) return 'image/png';
  return data.subarray(0, 3).equals(Buffer.from('ffd8ff', 'hex')) ? 'image/jpeg' : null;
}
