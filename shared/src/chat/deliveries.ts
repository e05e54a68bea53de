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
  'recalled before it was sent': 'recalled',
  'outside the visible range': 'outside',
} as const;

/** How long the platforms take a message back, in seconds. */
export const recallSeconds = 86_400;

/** Why a message cannot be taken back, as far as the reasons are ours and not a platform's words. */
export const recallReasons = {
  'not sent': 'notSent',
  'part of a digest': 'merged',
  'recalled already': 'already',
  'too late to recall': 'tooLate',
  'no id to recall by': 'noId',
  'the card is gone': 'cardGone',
  'the connection is gone': 'noConnection',
  'unknown result': 'unknown',
} as const;
export type RecallReason = keyof typeof recallReasons;

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
  /** The platform took it without saying yet whether the person gets it; it is asked again. */
  unproven: z.boolean(),
  /** What the card says instead of its buttons, and whether it already does. */
  outcome: z.object({ text: z.string(), state: z.enum(['pending', 'done', 'failed']) }).nullable(),
  /** How many members the same event was told to, each with a message of his own. */
  receivers: z.number().int(),
  /**
   * Taken back: `done`, it is out of the chat or was never sent; `marked`, the platform takes none of its kind back and the card
   * says so instead; `failed`, it stays.
   */
  recall: z
    .object({
      state: z.enum(['pending', 'done', 'marked', 'failed']),
      /** Null: by the system, because what it asked for had been withdrawn. */
      by: z.object({ id: uuidOf<'member'>(), label: z.string() }).nullable(),
      at: z.string(),
      /** A key of `recallReasons`, or the platform's own words. */
      error: z.string().nullable(),
    })
    .nullable(),
});
export type Delivery = z.infer<typeof delivery>;

export const deliveryQuery = z.object({
  state: z.enum(deliveryStates).optional(),
  memberId: uuidOf<'member'>().optional(),
  connectionId: uuidOf<'connection'>().optional(),
  /** Only those that may have arrived twice. */
  twice: z.enum(['1']).optional(),
  /** Only those that were taken back, or should have been. */
  recalled: z.enum(['1']).optional(),
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
  'deliveries.recall': {
    tag: 'chat',
    summary: '撤回发出去的消息：这一条，或同一件事发给所有人的',
    params: z.object({ id: uuidOf<'message'>() }),
    body: z.object({ everybody: z.boolean().default(false) }),
    answer: z.object({
      /** Being taken out of chats; what comes of it is in the log. */
      asked: z.number().int(),
      /** Had not been sent yet and will not be. */
      dropped: z.number().int(),
      /** `reason` is a key of `recallReasons`. */
      refused: z.array(
        z.object({ member: z.object({ id: uuidOf<'member'>(), label: z.string() }), reason: z.string() }),
      ),
    }),
  },
} as const;
