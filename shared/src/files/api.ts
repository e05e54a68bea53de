import { z } from 'zod';
import { uuidOf } from '../ids.js';

export const fileView = z.object({ id: uuidOf<'file'>(), name: z.string(), size: z.number().int(), mime: z.string() });
export type FileView = z.infer<typeof fileView>;
