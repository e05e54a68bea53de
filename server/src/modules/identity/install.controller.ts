import { errorCodes, fillMessage } from '@lianke/shared/errors/codes';
import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../../kernel/config/config.js';
import { AppError, paramsIn } from '../../kernel/errors/app-error.js';
import { languageOf } from '../../kernel/http/problem-filter.js';
import { Open } from '../../kernel/http/route.js';
import type { Logger } from '../../kernel/logging/logger.js';
import type { RateLimiter } from '../../kernel/redis/rate-limiter.js';
import { CONFIG, LOGGER, RATE_LIMITER } from '../../kernel/tokens.js';
import { channelFailed, PlatformError } from '../chat/port/platform-error.js';
import type { SuitePlatform } from '../chat/port/suite.js';
import { SuiteService } from '../chat/suite/suite-service.js';
import { Browser } from './browser.js';
import { takeOrRefuse } from './limits.js';
import { failedPage, pageHeaders } from './pages.js';
import { hashToken } from './tokens.js';

type RawQuery = Record<string, unknown>;

/**
 * A company adds the app of the platform's directory from our side: out to the platform's page, back with its code, on to the
 * console through the new connection's log-in. Installations from the directory itself come as events and never here.
 */
@Controller('api/v1/auth')
export class InstallController {
  constructor(
    private readonly browser: Browser,
    @Inject(SuiteService) private readonly suites: SuiteService,
    @Inject(RATE_LIMITER) private readonly limiter: RateLimiter,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(CONFIG) private readonly config: Pick<Config, 'publicUrl'>,
  ) {}

  @Get(':channel/install')
  @Open()
  async begin(
    @Param('channel') channel: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.asPage(channel, request, reply, async () => {
      const suite = await this.suite(channel, request);
      const state = stateOf(this.browser.ensureNonce(request, reply));
      const redirectUri = `${this.config.publicUrl}/api/v1/auth/${channel}/installed`;
      const url = await suite.installUrl({ redirectUri, state });
      if (url === null) throw new AppError('not_found');
      await redirect(reply, url);
    });
  }

  /** Only the browser that went out may come back: nobody can slip somebody else the code of his own company. */
  @Get(':channel/installed')
  @Open()
  async end(
    @Param('channel') channel: string,
    @Query() query: RawQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.asPage(channel, request, reply, async () => {
      const suite = await this.suite(channel, request);
      const nonce = this.browser.nonce(request);
      const code = textOf(query.auth_code);
      if (nonce === undefined || textOf(query.state) !== stateOf(nonce) || code === '' || code.length > 512)
        throw new AppError('session_expired');
      const connection = await this.suites.arrive(suite, code);
      if (!connection)
        throw channelFailed(suite.platformName, {
          zh: '授权没有完成，请从应用目录重新添加',
          en: 'the authorization was not completed; add the app again from the app directory',
        });
      const to = new URLSearchParams({ connectionId: connection.id, returnTo: '/' });
      await redirect(reply, `/api/v1/auth/${channel}/start?${to}`);
    });
  }

  /**
   * The app's home in the directory, one address for all companies (`?corpid=$CORPID$`, which the platform fills in): goes on
   * to the company's own.
   */
  @Get(':channel/home')
  @Open()
  async home(
    @Param('channel') channel: string,
    @Query() query: RawQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.asPage(channel, request, reply, async () => {
      const suite = await this.suite(channel, request);
      const corpId = textOf(query.corpid);
      const connection = corpId.length > 128 ? null : await this.suites.connectionOf(suite, corpId);
      if (!connection?.secret) throw new AppError('not_found');
      await redirect(reply, `/m/?connection=${connection.id}`);
    });
  }

  private async suite(channel: string, request: FastifyRequest): Promise<SuitePlatform> {
    await takeOrRefuse(this.limiter, [['chatLogin', request.ip]]);
    const suite = this.suites.of(channel);
    if (!suite) throw new AppError('not_found');
    return suite;
  }

  /** A refusal is a page with the reason and the way to begin anew. */
  private async asPage(
    channel: string,
    request: FastifyRequest,
    reply: FastifyReply,
    work: () => Promise<void>,
  ): Promise<void> {
    try {
      await work();
    } catch (error) {
      const platform = this.suites.of(channel)?.platformName ?? '';
      const app = refusalOf(error, platform);
      if (app !== error) this.logger.error({ err: error, traceId: request.id }, 'an installation failed');
      const language = languageOf(request);
      const params = app.code === 'internal' ? { traceId: String(request.id) } : paramsIn(app, language);
      const reason = fillMessage(errorCodes[app.code][language], params);
      const again = platform === '' ? '/login' : `/api/v1/auth/${channel}/install`;
      const status = app.code === 'internal' ? 500 : app.code === 'not_found' ? 404 : 403;
      await reply
        .status(status)
        .headers(pageHeaders(false))
        .send(failedPage(language, reason, again, 'install'));
    }
  }
}

function refusalOf(error: unknown, channel: string): AppError {
  if (error instanceof AppError) return error;
  return error instanceof PlatformError ? channelFailed(channel, error.words()) : new AppError('internal');
}

/** Letters and digits, as the platform passes them on; says nothing of the cookie it is made from. */
function stateOf(nonce: string): string {
  return hashToken(`install:${nonce}`).toString('hex');
}

async function redirect(reply: FastifyReply, location: string): Promise<void> {
  await reply.status(303).header('location', location).header('cache-control', 'no-store').send();
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
