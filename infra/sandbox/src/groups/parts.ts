import type { Json } from '../wecom/reader.js';
import type { GroupContent } from './content.js';
import type { RobotIn } from './groups.js';

export type Query = Record<string, string | undefined>;

/** What a robot says, checked. */
export interface Sent extends RobotIn {
  content: GroupContent;
  /** Userids that are called by @. */
  called: string[];
}

/** Readers of a body that is not trusted: what is of another type counts as absent. */
export const part = (value: unknown): Json => (value !== null && typeof value === 'object' ? (value as Json) : {});
export const text = (value: unknown): string => (typeof value === 'string' ? value : '');
export const list = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
