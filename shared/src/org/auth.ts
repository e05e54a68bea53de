import { z } from 'zod';
import type { ShapeText } from '../errors/shape-texts.js';
import { uuidOf } from '../ids.js';

export const passwordBody = z.object({
  tenant: z.string().trim().min(1).max(60),
  account: z.string().trim().min(1).max(60),
  password: z.string().min(1).max(200),
});
export const loginResult = z.object({
  token: z.string(),
  member: z.object({ id: uuidOf<'member'>(), name: z.string() }),
});

/** What the log-in page may show for a company, or for all where this server hosts few. */
export const connections = z.object({
  password: z.boolean(),
  tenant: z.object({ key: z.string(), name: z.string() }).nullable(),
  items: z.array(
    z.object({
      id: uuidOf<'connection'>(),
      channel: z.enum(['wecom', 'dingtalk']),
      name: z.string(),
      /** What a chat client wants to know before it hands out a code; null where it asks for nothing. */
      corpId: z.string().nullable(),
      tenant: z.object({ key: z.string(), name: z.string() }),
    }),
  ),
});
export const qrBody = z.object({ connectionId: uuidOf<'connection'>() });
/** `url` is what the QR shows (the platform's log-in page); the state answers only to the browser that asked. */
export const qrTicket = z.object({ id: z.string(), url: z.string(), expiresAt: z.string() });
export const qrState = z.object({
  state: z.enum(['waiting', 'done', 'expired', 'refused']),
  reason: z.string().optional(),
});
export const codeBody = z.object({
  connectionId: uuidOf<'connection'>(),
  code: z.string().min(1).max(600),
  client: z.enum(['h5', 'miniprogram']).default('h5'),
});
export const switchBody = z.object({ tenantId: uuidOf<'tenant'>() });
export const inviteResult = z.object({ url: z.string(), expiresAt: z.string() });
export const acceptInviteBody = z.object({
  token: z.string().min(20).max(200),
  account: z
    .string()
    .trim()
    .min(1)
    .max(60)
    .regex(/^\S+$/, 'no_blanks' satisfies ShapeText),
  password: z.string().min(8).max(200),
});
export const inviteInfo = z.object({ tenant: z.string(), name: z.string(), account: z.string().nullable() });
