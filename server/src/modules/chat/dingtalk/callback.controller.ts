import { createHmac, timingSafeEqual } from 'node:crypto';
import { Controller, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AppError, refusal } from '../../../kernel/errors/app-error.js';
import { Open } from '../../../kernel/http/route.js';
import { CallbackInbox } from '../callbacks/callback-inbox.js';
import type { Connection } from '../connection.js';
import { ConnectionRepository } from '../connection.repository.js';
import { Envelope, EnvelopeError } from '../envelope.js';
import { eventKey, readDingEvent } from './event.js';
import { PressReply } from './press-reply.js';
import { isAsking } from './questions.js';
import { isFromRobot } from './robot-signature.js';
import { sealedReply } from './sealed-reply.js';

/** How far the platform's clock and ours may stand apart (D24). */
const freshMs = 5 * 60_000;

const pushBody = z.object({ encrypt: z.string().min(1) });
const pushQuery = z.looseObject({
  signature: z.string().optional(),
  msg_signature: z.string().optional(),
  timestamp: z.string().default(''),
  nonce: z.string().default(''),
});

/**
 * What DingTalk calls where events and presses come by HTTP (reference B9, B11): kept, answered, worked on afterwards.
 * Whatever is not signed for this connection is refused before anything else is read of it.
 */
@Controller('callbacks/dingtalk')
export class DingtalkCallbackController {
  constructor(
    private readonly connections: ConnectionRepository,
    private readonly inbox: CallbackInbox,
    @Inject(PressReply) private readonly replies: PressReply,
  ) {}

  /** An event, or the check of the address when an administrator saves it; both are answered with an encrypted `success`. */
  @Post(':connectionId')
  @Open()
  @HttpCode(200)
  async event(
    @Param('connectionId') id: string,
    @Query() query: unknown,
    @Req() request: FastifyRequest,
  ): Promise<Record<string, string>> {
    const connection = await this.connection(id);
    const body = pushBody.safeParse(request.body);
    const asked = pushQuery.safeParse(query);
    if (!body.success || !asked.success) throw new AppError('invalid_request', { detail: 'encrypt' });
    const { signature, msg_signature, timestamp, nonce } = asked.data;
    const envelope = new Envelope(connection.callbackToken, connection.callbackAesKey, connection.appKey ?? '');
    const text = opened(() =>
      envelope.open({ signature: msg_signature ?? signature ?? '', timestamp, nonce }, body.data.encrypt),
    );
    if (readable(text)) await this.inbox.put(connection, text, eventKey(text));
    await this.inbox.seen(connection);
    return sealedReply(envelope);
  }

  /** A press of a card's button. Its signature covers the instant only, so an old one is refused and a repeat dropped. */
  @Post(':connectionId/card')
  @Open()
  @HttpCode(200)
  async card(@Param('connectionId') id: string, @Req() request: FastifyRequest): Promise<Record<string, unknown>> {
    const connection = await this.connection(id);
    const timestamp = textOf(request.headers['x-ddpaas-signature-timestamp']);
    const signature = textOf(request.headers['x-ddpaas-signature']);
    const expected = createHmac('sha256', connection.callbackAesKey).update(timestamp).digest();
    const given = Buffer.from(signature, 'base64');
    const signed = given.length === expected.length && timingSafeEqual(given, expected);
    if (!signed || !(Math.abs(Date.now() - Number(timestamp)) <= freshMs))
      throw refusal('forbidden', { zh: '回调签名', en: 'the callback’s signature is wrong' });
    const text = JSON.stringify(request.body ?? null);
    const event = readable(text);
    if (event?.kind !== 'press') throw new AppError('invalid_request', { detail: 'outTrackId' });
    if (!isAsking(event.action)) await this.inbox.put(connection, text, `press:${timestamp}:${text}`);
    await this.inbox.seen(connection);
    return this.replies.of(connection, event);
  }

  /** What somebody wrote to the robot. Signed by the app's secret over the instant; a repeat has the same message id. */
  @Post(':connectionId/robot')
  @Open()
  @HttpCode(200)
  async robot(@Param('connectionId') id: string, @Req() request: FastifyRequest): Promise<Record<string, never>> {
    const connection = await this.connection(id);
    if (!isFromRobot(request.headers, connection.secret ?? ''))
      throw refusal('forbidden', { zh: '回调签名', en: 'the callback’s signature is wrong' });
    const text = JSON.stringify(request.body ?? null);
    if (readable(text)) await this.inbox.put(connection, text, eventKey(text));
    await this.inbox.seen(connection);
    return {};
  }

  private async connection(id: string): Promise<Connection> {
    const connection = await this.connections.find(id);
    if (connection?.channel !== 'dingtalk') throw new AppError('not_found');
    return connection;
  }
}

/** What a push says; null for the check of an address and for what is none of the platform's. */
function readable(text: string): ReturnType<typeof readDingEvent> | null {
  try {
    const event = readDingEvent(text);
    return event.kind === 'other' ? null : event;
  } catch {
    return null;
  }
}

/** Refuses alike whatever is wrong, so that a forger learns nothing. */
function opened(work: () => string): string {
  try {
    return work();
  } catch (error) {
    if (error instanceof EnvelopeError)
      throw refusal('forbidden', { zh: '回调签名', en: 'the callback’s signature is wrong' });
    throw error;
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
