import { z } from 'zod';
import type { ShapeText } from '../../errors/shape-texts.js';
import { cardFact, personExpr, valueExpr, valueRef } from '../values.js';
import { nodeBase } from './base.js';

/** Name of one of the company's secrets (密钥) or group robots. */
export const secretName = z.string().trim().min(1).max(40);

/**
 * A value that may hold secrets by name. What a secret says is put in only when the request is sent: it is never part of
 * the run's story.
 */
export const secretText = z.union([
  valueExpr,
  z.object({
    kind: z.literal('text'),
    parts: z
      .array(
        z.union([
          z.object({ text: z.string().max(4000) }),
          z.object({ ref: valueRef }),
          z.object({ secret: secretName }),
        ]),
      )
      .max(50),
  }),
]);
export type SecretText = z.infer<typeof secretText>;

/**
 * 调用接口: an HTTP request to another system, past the guard against inner addresses. Ports `next` (a 2xx answer) and
 * `failed` (any other, after the node's own `retry`, or two quick attempts more without one); a run whose `failed` leads
 * nowhere fails. As a source, `status` and `body`.
 *
 * With `keyHeader` every attempt carries the same key in that header, so that a target which knows such keys acts once;
 * GET, PUT and DELETE may be repeated by their meaning. Any other request whose answer never came is not sent again: a
 * person decides (design §5).
 */
export const httpNode = z.object({
  ...nodeBase,
  type: z.literal('http'),
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).default('POST'),
  url: secretText,
  headers: z
    .array(
      z.object({
        name: z.string().regex(/^[A-Za-z0-9-]{1,60}$/, 'header_name' satisfies ShapeText),
        value: secretText,
      }),
    )
    .max(20)
    .default([]),
  /** JSON text; sent as application/json. */
  body: secretText.optional(),
  keyHeader: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,60}$/, 'header_name' satisfies ShapeText)
    .optional(),
  timeoutSeconds: z.number().int().min(1).max(60).default(10),
});

/** 发邮件 by the company's mail account, to members' addresses and to others. One letter to all. */
export const emailNode = z.object({
  ...nodeBase,
  type: z.literal('email'),
  to: z.array(personExpr).max(10).default([]),
  /** More addresses, separated by commas; may come out of fields. */
  addresses: valueExpr.optional(),
  subject: valueExpr,
  text: valueExpr,
});

/** 群消息 through a group's robot (群机器人) of WeCom or DingTalk, by the robot's name. */
export const groupMessageNode = z.object({
  ...nodeBase,
  type: z.literal('groupMessage'),
  robot: z.string().max(40).default(''),
  title: valueExpr,
  facts: z.array(cardFact).max(6).default([]),
  /** Who is called by @; members without a phone number are left out. */
  mention: z.array(personExpr).max(10).default([]),
  /** The record the message links to: `trigger` or an earlier node's id; none when absent. */
  record: z.string().max(40).optional(),
});
