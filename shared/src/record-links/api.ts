import { z } from 'zod';
import type { ShapeText } from '../errors/shape-texts.js';
import { uuidOf } from '../ids.js';

/** A link by which somebody without an account sees one record, for a time. */
export const recordLinkView = z.object({
  id: uuidOf<'recordLink'>(),
  url: z.string(),
  /** Ids of the fields it shows. */
  fields: z.array(z.string()),
  note: z.string(),
  hasPassword: z.boolean(),
  state: z.enum(['open', 'over', 'revoked']),
  expiresAt: z.string(),
  by: z.object({ id: z.string(), label: z.string() }),
  createdAt: z.string(),
  uses: z.number().int(),
  lastAt: z.string().nullable(),
});
export type RecordLinkView = z.infer<typeof recordLinkView>;

export const createRecordLinkBody = z.object({
  fields: z.array(z.string().max(60)).min(1, '至少选择一个字段').max(500),
  note: z.string().trim().max(100).default(''),
  password: z.string().min(4, '密码至少 4 位').max(64).optional(),
  /** At most a year from now. */
  expiresAt: z.iso.datetime({ offset: true }),
});
export type CreateRecordLinkBody = z.infer<typeof createRecordLinkBody>;

export const recordLinkUse = z.object({ at: z.string(), address: z.string(), device: z.string() });

const file = z.object({ id: z.string(), name: z.string(), size: z.number().int(), image: z.boolean() });
const shownField = z.object({ name: z.string(), text: z.string(), files: z.array(file) });

/** The page of a link: the record in words, as far as the link shows it. */
export const sharedPage = z.object({
  state: z.enum(['open', 'password']),
  title: z.string(),
  company: z.string(),
  pass: z.string().nullable(),
  expiresAt: z.string(),
  sections: z.array(z.object({ title: z.string(), fields: z.array(shownField) })),
  tables: z.array(
    z.object({
      name: z.string(),
      columns: z.array(z.string()),
      rows: z.array(z.array(shownField.omit({ name: true }))),
    }),
  ),
});
export type SharedPage = z.infer<typeof sharedPage>;

export const sharedToken = z.string().regex(/^[A-Za-z0-9_-]{10,40}$/, 'link_token' satisfies ShapeText);
export const openSharedBody = z.object({
  password: z.string().max(64).optional(),
  pass: z.string().max(500).optional(),
});
