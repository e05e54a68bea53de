import { Controller, Get, HttpCode, Inject, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../../../kernel/config/config.js';
import type { SuiteConfig } from '../../../kernel/config/suites.js';
import { AppError, refusal } from '../../../kernel/errors/app-error.js';
import { Open } from '../../../kernel/http/route.js';
import { CONFIG } from '../../../kernel/tokens.js';
import { Envelope, EnvelopeError, encryptedPart } from '../envelope.js';
import type { SuitePlatform } from '../port/suite.js';
import { SuiteService } from '../suite/suite-service.js';
import { readInstruction } from './suite-instructions.js';

type PushQuery = Partial<Record<'msg_signature' | 'timestamp' | 'nonce' | 'echostr', unknown>>;

/**
 * What WeCom calls for the deployment's app in its directory: instructions, sealed for the suite, and what happens inside a
 * company that has added it, sealed for that company (reference A12, A16). Both have the same address and keys.
 */
@Controller('callbacks/suites/wecom')
export class WecomSuiteController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(SuiteService) private readonly suites: SuiteService,
  ) {}

  /** The check of an address when the provider saves it: sealed for the suite, or for the provider's own company. */
  @Get()
  @Open()
  async verify(@Query() query: PushQuery, @Res() reply: FastifyReply): Promise<void> {
    const { suite } = this.own();
    const receivers = [suite.id, ...(suite.provider ? [suite.provider.corpId] : [])];
    const echo = open(suite, query, textOf(query.echostr), receivers);
    await reply.status(200).type('text/plain; charset=utf-8').send(echo);
  }

  @Post()
  @Open()
  @HttpCode(200)
  async push(@Query() query: PushQuery, @Req() request: FastifyRequest): Promise<string> {
    const { suite, platform } = this.own();
    const envelope = typeof request.body === 'string' ? request.body : '';
    const encrypted = encryptedPart(envelope);
    if (encrypted === null) throw new AppError('invalid_request', { detail: 'Encrypt' });
    // Only a claim until the seal proves it: the receiver stands inside the ciphertext too.
    const receiver = receiverOf(envelope) ?? suite.id;
    const text = open(suite, query, encrypted, [receiver]);
    if (receiver === suite.id) {
      const read = instructionOf(text);
      if (read) await this.suites.receive(platform, read.instruction, read.key);
      return 'success';
    }
    await this.suites.receive(platform, { kind: 'event', corpId: receiver, body: text, key: text }, text);
    return '';
  }

  private own(): { suite: NonNullable<Config['suites']['wecom']>; platform: SuitePlatform } {
    const { wecom: suite } = this.config.suites;
    const platform = this.suites.of('wecom');
    if (!suite || !platform) throw new AppError('not_found');
    return { suite, platform };
  }
}

/** What is signed but is no instruction that we can read is answered like one that means nothing to us: it would only be repeated. */
function instructionOf(text: string): ReturnType<typeof readInstruction> {
  try {
    return readInstruction(text);
  } catch {
    return null;
  }
}

function receiverOf(xml: string): string | null {
  return /<ToUserName>\s*(?:<!\[CDATA\[)?\s*([A-Za-z0-9_-]+)\s*(?:\]\]>)?\s*<\/ToUserName>/.exec(xml)?.[1] ?? null;
}

/** Refuses alike whatever is wrong, so that a forger learns nothing. */
function open(suite: SuiteConfig, query: PushQuery, encrypted: string, receivers: readonly string[]): string {
  const signed = {
    signature: textOf(query.msg_signature),
    timestamp: textOf(query.timestamp),
    nonce: textOf(query.nonce),
  };
  for (const receiver of receivers) {
    try {
      return new Envelope(suite.token, suite.aesKey, receiver).open(signed, encrypted);
    } catch (error) {
      if (!(error instanceof EnvelopeError)) throw error;
    }
  }
  throw refusal('forbidden', { zh: '回调签名', en: 'the callback’s signature is wrong' });
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
