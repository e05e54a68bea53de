import { z } from 'zod';
import { type CommentId } from '../ids.js';
import { mentionPattern } from './comment-text.js';
import { reference } from './query.js';

export { mentionPattern };

export const commentBody = z.object({ text: z.string().trim().min(1).max(2000) });
export type CommentBody = z.infer<typeof commentBody>;

export const commentView = z.object({
  id: z.string().transform((value) => value as CommentId),
  author: reference,
  /** With mentions as `@[<member id>]`; `mentions` says what these members are called. */
  text: z.string(),
  /** `told` is false for members who may not see the record: nothing is sent to them. */
  mentions: z.array(reference.extend({ told: z.boolean() })),
  at: z.string(),
  editedAt: z.string().nullable(),
  mine: z.boolean(),
});
export type CommentView = z.infer<typeof commentView>;

/** The members a text mentions, each once, in order. */
export function mentionsOf(text: string): string[] {
  return [...new Set([...text.matchAll(mentionPattern)].flatMap((match) => match[1] ?? []))];
}
