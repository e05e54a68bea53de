import { Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError, refusal } from '../../../kernel/errors/app-error.js';
import { Open } from '../../../kernel/http/route.js';
import { CallbackInbox } from '../callbacks/callback-inbox.js';
import type { Connection } from '../connection.js';
import { ConnectionRepository } from '../connection.repository.js';
import { Envelope, EnvelopeError, encryptedPart } from '../envelope.js';

type PushQuery = Partial<Record<'msg_signature' | 'timestamp' | 'nonce' | 'echostr', unknown>>;

/**
 * What WeCom calls (WW/90930): answered within a second, worked on afterwards. Whatever is not signed by the connection's
 * token is refused before anything else is read of it.
 */
@Controller('callbacks/wecom')
export class WecomCallbackController {
  constructor(
    private readonly connections: ConnectionRepository,
    private readonly inbox: CallbackInbox,
  ) {}

  /** The check of the address when an administrator saves it: the decrypted text, exactly. */
  @Get(':connectionId')
  @Open()
  async verify(
    @Param('connectionId') id: string,
    @Query() query: PushQuery,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const connection = await this.connection(id);
    const echo = open(connection, query, textOf(query.echostr));
    await this.inbox.seen(connection);
    await reply.status(200).type('text/plain; charset=utf-8').send(echo);
  }

  @Post(':connectionId')
  @Open()
  @HttpCode(200)
  async push(
    @Param('connectionId') id: string,
    @Query() query: PushQuery,
    @Req() request: FastifyRequest,
  ): Promise<string> {
    const connection = await this.connection(id);
    const encrypted = typeof request.body === 'string' ? encryptedPart(request.body) : null;
    if (encrypted === null) throw new AppError('invalid_request', { detail: 'Encrypt' });
    await this.inbox.put(connection, open(connection, query, encrypted));
    return '';
  }

  private async connection(id: string): Promise<Connection> {
    const connection = await this.connections.find(id);
    if (connection?.channel !== 'wecom') throw new AppError('not_found');
    return connection;
  }
}

/** Refuses alike whatever is wrong, so that a forger learns nothing. */
function open(connection: Connection, query: PushQuery, encrypted: string): string {
  const envelope = new Envelope(connection.callbackToken, connection.callbackAesKey, connection.corpId);
  const signed = {
    signature: textOf(query.msg_signature),
    timestamp: textOf(query.timestamp),
    nonce: textOf(query.nonce),
  };
  try {
    return envelope.open(signed, encrypted);
  } catch (error) {
    if (error instanceof EnvelopeError)
      throw refusal('forbidden', { zh: '回调签名', en: 'the callback’s signature is wrong' });
    throw error;
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
