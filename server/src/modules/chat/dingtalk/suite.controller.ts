import { Controller, HttpCode, Inject, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Config } from '../../../kernel/config/config.js';
import { AppError, refusal } from '../../../kernel/errors/app-error.js';
import { Open } from '../../../kernel/http/route.js';
import { CONFIG } from '../../../kernel/tokens.js';
import { Envelope, EnvelopeError } from '../envelope.js';
import { SuiteService } from '../suite/suite-service.js';
import { readWords } from './event.js';
import { isFromRobot } from './robot-signature.js';
import { sealedReply } from './sealed-reply.js';
import { type KeyedInstruction, readSync } from './suite-instructions.js';

const pushBody = z.object({ encrypt: z.string().min(1) });
const pushQuery = z.looseObject({
  signature: z.string().optional(),
  msg_signature: z.string().optional(),
  timestamp: z.string().default(''),
  nonce: z.string().default(''),
});
/** In whose company the robot was written to. */
const robotCompany = z.looseObject({ chatbotCorpId: z.string().min(1) });
/** The check of a new address wants its own random word back (M). */
const created = z.object({ EventType: z.literal('check_create_suite_url'), Random: z.string() });

/**
 * What DingTalk calls for the deployment's app in its directory (SyncHTTP, reference B11): kept, answered with an encrypted
 * `success`, worked on afterwards. Whatever is not signed for the app is refused before anything else is read of it.
 */
@Controller('callbacks/suites/dingtalk')
export class DingtalkSuiteController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(SuiteService) private readonly suites: SuiteService,
  ) {}

  @Post()
  @Open()
  @HttpCode(200)
  async push(@Query() query: unknown, @Req() request: FastifyRequest): Promise<Record<string, string>> {
    const { dingtalk: suite } = this.config.suites;
    const platform = this.suites.of('dingtalk');
    if (!suite || !platform) throw new AppError('not_found');
    const body = pushBody.safeParse(request.body);
    const asked = pushQuery.safeParse(query);
    if (!body.success || !asked.success) throw new AppError('invalid_request', { detail: 'encrypt' });
    const { signature, msg_signature, timestamp, nonce } = asked.data;
    const envelope = new Envelope(suite.token, suite.aesKey, suite.id);
    const signed = { signature: msg_signature ?? signature ?? '', timestamp, nonce };
    const text = opened(envelope, signed, body.data.encrypt);
    const check = created.safeParse(jsonOf(text));
    if (check.success) return sealedReply(envelope, check.data.Random);
    for (const { instruction, key } of instructionsOf(text, Number(timestamp)))
      await this.suites.receive(platform, instruction, key);
    return sealedReply(envelope);
  }

  /** What somebody of any company wrote to the app's robot (消息接收地址); a repeat has the same message id. */
  @Post('robot')
  @Open()
  @HttpCode(200)
  async robot(@Req() request: FastifyRequest): Promise<Record<string, never>> {
    const { dingtalk: suite } = this.config.suites;
    const platform = this.suites.of('dingtalk');
    if (!suite || !platform) throw new AppError('not_found');
    if (!isFromRobot(request.headers, suite.secret))
      throw refusal('forbidden', { zh: '回调签名', en: 'the callback’s signature is wrong' });
    const company = robotCompany.safeParse(request.body);
    const words = company.success ? wordsOf(request.body) : null;
    if (company.success && words) {
      const event = { kind: 'event', corpId: company.data.chatbotCorpId } as const;
      await this.suites.receive(platform, { ...event, body: JSON.stringify(request.body), key: words.key }, words.key);
    }
    return {};
  }
}

/** A text; null for everything else that people send to a robot. */
function wordsOf(body: unknown): ReturnType<typeof readWords> {
  try {
    return readWords(body);
  } catch {
    return null;
  }
}

/** Refuses alike whatever is wrong, so that a forger learns nothing. */
function opened(envelope: Envelope, signed: Parameters<Envelope['open']>[0], encrypted: string): string {
  try {
    return envelope.open(signed, encrypted);
  } catch (error) {
    if (error instanceof EnvelopeError)
      throw refusal('forbidden', { zh: '回调签名', en: 'the callback’s signature is wrong' });
    throw error;
  }
}

/** What is signed but means nothing to us is answered too: it would only be repeated. */
function instructionsOf(text: string, pushedAt: number): KeyedInstruction[] {
  try {
    return readSync(text, Number.isSafeInteger(pushedAt) ? pushedAt : 0);
  } catch {
    return [];
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
