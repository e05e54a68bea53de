import { z } from 'zod';
import { uuidOf } from '../ids.js';

/** `queued`: on its way; `skipped`: not sent, because it had become pointless or nobody to send to; `merged`: part of a digest. */
export const deliveryStates = ['queued', 'sent', 'failed', 'skipped', 'merged'] as const;

/** Reasons that are ours and not a platform's words. */
export const deliveryReasons = {
  'unknown result': 'unknown',
  'decided before it was sent': 'decided',
  'no chat account': 'noAccount',
  'the connection is gone': 'noConnection',
  'only in the app': 'inApp',
} as const;

export const delivery = z.object({
  id: uuidOf<'message'>(),
  createdAt: z.string(),
  member: z.object({ id: uuidOf<'member'>(), label: z.string() }),
  kind: z.enum(['notice', 'task', 'approval', 'digest', 'report']),
  title: z.string(),
  /** Page of the mini-app that the card opens. */
  path: z.string(),
  state: z.enum(deliveryStates),
  connection: z
    .object({ id: uuidOf<'connection'>(), name: z.string(), channel: z.enum(['wecom', 'dingtalk']) })
    .nullable(),
  sentAt: z.string().nullable(),
  /** Attempts that failed since it was last put into the queue. */
  attempts: z.number().int(),
  /** When it is tried again; null unless queued. */
  nextAt: z.string().nullable(),
  /** Its reader's silent hours held it back until then. */
  heldUntil: z.string().nullable(),
  /** A key of `deliveryReasons`, or the platform's own words. */
  error: z.string().nullable(),
  /** It may have arrived twice: no answer came, and it was sent again when the platform no longer knew it. */
  maybeTwice: z.boolean(),
  /** What the card says instead of its buttons, and whether it already does. */
  outcome: z.object({ text: z.string(), state: z.enum(['pending', 'done', 'failed']) }).nullable(),
});
export type Delivery = z.infer<typeof delivery>;

export const deliveryQuery = z.object({
  state: z.enum(deliveryStates).optional(),
  memberId: uuidOf<'member'>().optional(),
  connectionId: uuidOf<'connection'>().optional(),
  /** Only those that may have arrived twice. */
  twice: z.enum(['1']).optional(),
  /** Queued at or after, and before. */
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
  cursor: z.string().optional(),
});
export type DeliveryQuery = z.infer<typeof deliveryQuery>;

export const deliveryContracts = {
  'deliveries.list': {
    tag: 'chat',
    summary: '发给成员的消息：到了没有、为什么没到',
    query: deliveryQuery,
    answer: z.object({ items: z.array(delivery), cursor: z.string().nullable() }),
  },
  'deliveries.resend': {
    tag: 'chat',
    summary: '再发一次没有发出去的消息',
    params: z.object({ id: uuidOf<'message'>() }),
    answer: delivery,
  },
} as const;
