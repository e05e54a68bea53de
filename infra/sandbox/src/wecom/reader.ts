import { WecomError } from './errors.js';

export type Json = Record<string, unknown>;

export function isObject(value: unknown): value is Json {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** A string that is present and not empty, or the given error. */
export function needText(value: unknown, errcode: number, name: string): string {
  if (typeof value !== 'string' || value === '') throw new WecomError(errcode, name);
  return value;
}

/** A string if present; another type is an error, because the platform would drop it silently. */
export function text(value: unknown, name: string): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') throw new WecomError(40058, `${name} must be a string`);
  return value;
}

export function int(value: unknown, name: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value)) throw new WecomError(40058, `${name} must be an integer`);
  return value;
}

export function object(value: unknown, name: string): Json | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isObject(value)) throw new WecomError(40058, `${name} must be an object`);
  return value;
}

/** A list of objects; absent is an empty list. */
export function objects(value: unknown, name: string): Json[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new WecomError(40058, `${name} must be a list`);
  return value.map((item) => {
    if (!isObject(item)) throw new WecomError(40058, `${name} must hold objects`);
    return item;
  });
}

export const bytes = (value: string): number => Buffer.byteLength(value);

/** Length as people count it: an emoji is one. */
export const characters = (value: string): number => [...value].length;

/** A web address that a phone can open. */
export function isUrl(value: unknown): value is string {
  return typeof value === 'string' && /^https?:\/\/[^\s]+$/i.test(value) && URL.canParse(value);
}

/** Cuts to at most `limit` bytes, between characters or wherever the limit falls (then the last character may break). */
export function cutBytes(value: string, limit: number, at: 'character' | 'byte'): string {
  const buffer = Buffer.from(value);
  if (buffer.length <= limit) return value;
  if (at === 'byte') return buffer.subarray(0, limit).toString();
  let kept = '';
  let used = 0;
  for (const character of value) {
    used += bytes(character);
    if (used > limit) break;
    kept += character;
  }
  return kept;
}

export const cutCharacters = (value: string, limit: number): string => [...value].slice(0, limit).join('');
