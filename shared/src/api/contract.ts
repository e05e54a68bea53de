import { z } from 'zod';
import { uuidOf } from '../ids.js';

/** What a route takes and answers. `answer` absent means 204. `tag` groups it in the OpenAPI document. */
export interface Contract {
  tag: string;
  summary: string;
  params?: z.ZodType;
  query?: z.ZodType;
  body?: z.ZodType;
  answer?: z.ZodType;
  /** Reachable without log-in. */
  open?: boolean;
  /** Body is multipart with one `file`. */
  upload?: boolean;
  /** Answers a file or a stream instead of JSON. */
  stream?: boolean;
}

export const list = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), cursor: z.string().nullable() });
export const id = <Kind extends string>() => z.object({ id: uuidOf<Kind>() });
export const form = z.object({ formId: uuidOf<'form'>() });
export const record = z.object({ formId: uuidOf<'form'>(), id: uuidOf<'record'>() });
export const ofApp = z.object({ appId: uuidOf<'app'>().optional() });
export const inApp = z.object({ appId: uuidOf<'app'>() });
