import { errorCodes, fillMessage } from '@lianke/shared/errors/codes';
import type { MemberId } from '@lianke/shared/ids';
import { Body, Controller, Get, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { TenantDirectory } from '../../engine/org/tenant-directory.js';
import type { Config } from '../../kernel/config/config.js';
import { Database } from '../../kernel/database/database.js';
import { AppError, paramsIn, refusal } from '../../kernel/errors/app-error.js';
import { languageOf } from '../../kernel/http/problem-filter.js';
import { Open, type SessionRequest } from '../../kernel/http/route.js';
import type { Logger } from '../../kernel/logging/logger.js';
import type { RateLimiter } from '../../kernel/redis/rate-limiter.js';
import { CONFIG, LOGGER, RATE_LIMITER } from '../../kernel/tokens.js';
import { ChatLogin } from '../chat/chat-login.js';
import type { Connection } from '../chat/connection.js';
import { ConnectionRepository } from '../chat/connection.repository.js';
import { Browser } from './browser.js';
import { takeOrRefuse } from './limits.js';
import { LoginService, mayAnswer } from './login.service.js';
import { type LoginAttempt, LoginAttempts } from './login-attempts.js';
import { LoginTrials } from './login-trials.js';
import { bouncePage, confirmPage, deviceOf, failedPage, finishedPage, pageHeaders, trialFailedPage } from './pages.js';
import { safeReturnTo } from './return-to.js';
import { explainTrouble, TrialFailed } from './trial-troubles.js';

type RawQuery = Record<string, unknown>;

const loginPath = (returnTo: string) => (returnTo.startsWith('/m/') ? returnTo : '/login');

/** The browser's way to the platform and back. These answers are pages and redirects, not JSON. */
@Controller('api/v1/auth')
export class RedirectController {
  constructor(
    private readonly database: Database,
    private readonly browser: Browser,
    private readonly logins: LoginService,
    private readonly attempts: LoginAttempts,
    private readonly platform: ChatLogin,
    private readonly connections: ConnectionRepository,
    private readonly trials: LoginTrials,
    private readonly tenants: TenantDirectory,
    @Inject(RATE_LIMITER) private readonly limiter: RateLimiter,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(CONFIG) private readonly config: Pick<Config, 'publicUrl'>,
  ) {}

  /**
   * Sends the browser to the platform: inside the chat (`mode=chat`, or by its User-Agent) silently, elsewhere to the page
   * with a QR. `bind=1` by a member who is logged in makes the chat account his;
   * `trial=1` by one only shows that the platform's page leads back.
   */
  @Get(':channel/start')
  @Open()
  async start(
    @Param('channel') channel: string,
    @Query() query: RawQuery,
    @Req() request: SessionRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const returnTo = safeReturnTo(textOf(query.returnTo) || '/', this.config.publicUrl);
    await this.asPage(request, reply, returnTo ?? '/', async () => {
      if (returnTo === null)
        throw refusal('invalid_request', {
          zh: 'returnTo 必须是本站的路径',
          en: 'returnTo must be a path of this site',
        });
      await takeOrRefuse(this.limiter, [['chatLogin', request.ip]]);
      const connection = await this.connections.find(textOf(query.connectionId));
      if (!connection || connection.channel !== channel) throw new AppError('not_found');
      const trial = query.trial === '1';
      if (trial && memberOn(request, connection) === null) throw new TrialFailed({ kind: 'visitor' }, connection);
      if (trial) await this.trials.begin(connection);
      if (connection.secret === null) throw new AppError('not_found');
      const { state } = await this.attempts.begin(connection, {
        ...this.browser.visitor(request),
        kind: trial ? 'trial' : 'redirect',
        nonce: this.browser.ensureNonce(request, reply),
        returnTo,
        bindMemberId: query.bind === '1' ? memberOn(request, connection) : null,
      });
      const to = this.platform.returnTo(connection, state);
      const inside = query.mode === 'chat' || this.platform.isInside(connection, this.browser.userAgent(request));
      const inChat = inside && !trial;
      await redirect(
        reply,
        inChat ? this.platform.inChatUrl(connection, to) : this.platform.webUrl(connection, to, languageOf(request)),
      );
    });
  }

  /** The platform sends the browser back. Goes on by a redirect, so that a reload does no harm (D23). */
  @Get(':channel/callback')
  @Open()
  async callback(
    @Param('channel') channel: string,
    @Query() query: RawQuery,
    @Req() request: SessionRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const framed = request.headers['sec-fetch-dest'] === 'iframe';
    if (framed && query.again !== '1' && this.browser.nonce(request) === undefined) {
      const kept = { code: codeOf(query) ?? '', state: textOf(query.state), ...relayed(query), again: '1' };
      const again = new URLSearchParams(kept);
      return send(reply, 200, bouncePage(`/api/v1/auth/${channel}/callback?${again}`), true);
    }
    const found = await this.attempts.byState(textOf(query.state));
    const returnTo = found?.attempt.returnTo ?? '/';
    // A used state comes from the back button or a reload: whoever is logged in goes where he wanted.
    if (request.session && found?.attempt.status !== 'waiting') return redirect(reply, returnTo);
    await this.asPage(request, reply, returnTo, async () => {
      if (!found || found.connection.channel !== channel) throw new AppError('session_expired');
      if (!this.platform.cameBack(found.connection, { state: textOf(query.state), ...relayed(query) })) {
        if (found.attempt.kind === 'trial') await this.trials.fail(found.connection, { kind: 'relay' });
        throw new AppError('session_expired');
      }
      const outcome = await this.logins.finish(found.attempt, found.connection, codeOf(query), {
        ...this.browser.visitor(request),
        nonce: this.browser.nonce(request),
      });
      const base = `/api/v1/auth/${channel}`;
      if (outcome.kind === 'tried') return redirect(reply, `${base}/finished?tried=1`);
      if (outcome.kind === 'confirm') {
        this.browser.setConfirmToken(reply, outcome.ticketToken);
        return redirect(reply, `${base}/confirm/${ticketOf(found.attempt)}`);
      }
      this.browser.logIn(reply, outcome.token);
      // The QR may stand in a frame of the log-in page, which watches for its state and goes on by itself.
      if (framed && found.attempt.kind === 'qr') return redirect(reply, `${base}/finished`);
      this.browser.dropNonce(reply);
      await redirect(reply, returnTo);
    });
  }

  /** Asks on the phone whether the device with the QR is really this person's. */
  @Get(':channel/confirm/:ticket')
  @Open()
  async confirm(
    @Param('channel') channel: string,
    @Param('ticket') ticket: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.asPage(request, reply, '/', async () => {
      const found = await this.attempts.byTicket(ticket);
      if (!found || !mayAnswer(found.attempt, this.browser.confirmToken(request)))
        throw new AppError('session_expired');
      const page = confirmPage(languageOf(request), {
        ...(await this.names(found.attempt)),
        device: deviceOf(found.attempt.userAgent, this.platform.clientAround(found.attempt.userAgent)),
        address: found.attempt.address,
        action: `/api/v1/auth/${channel}/confirm/${ticket}`,
      });
      await send(reply, 200, page, false);
    });
  }

  @Post(':channel/confirm/:ticket')
  @Open()
  async answer(
    @Param('channel') channel: string,
    @Param('ticket') ticket: string,
    @Body() body: { answer?: unknown } | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.asPage(request, reply, '/', async () => {
      const found = await this.attempts.byTicket(ticket);
      const yes = body?.answer === 'yes';
      const done = found && (await this.logins.answer(found.attempt, this.browser.confirmToken(request), yes));
      if (!done) throw new AppError('session_expired');
      await redirect(reply, `/api/v1/auth/${channel}/finished${yes ? '' : '?refused=1'}`);
    });
  }

  @Get(':channel/finished')
  @Open()
  async finished(@Query() query: RawQuery, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const how = query.refused === '1' ? 'refused' : query.tried === '1' ? 'tried' : 'confirmed';
    await send(reply, 200, finishedPage(languageOf(request), how), true);
  }

  private async names(attempt: LoginAttempt): Promise<{ member: string; tenant: string; at: string }> {
    const tenant = (await this.tenants.list()).find((entry) => entry.id === attempt.tenantId);
    const [member] = await this.database.withTenant(attempt, (tx) =>
      tx.sql<{ name: string }>('SELECT name FROM lianke.member WHERE id = $1', [attempt.memberId]),
    );
    const at = new Intl.DateTimeFormat('zh-CN', { timeStyle: 'short', timeZone: tenant?.timeZone ?? 'Asia/Shanghai' });
    return { member: member?.name ?? '', tenant: tenant?.name ?? '', at: at.format(new Date(attempt.createdAt)) };
  }

  /** A refusal is a page with the reason and the way to begin anew. */
  private async asPage(
    request: FastifyRequest,
    reply: FastifyReply,
    returnTo: string,
    work: () => Promise<void>,
  ): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof TrialFailed)
        return send(
          reply,
          403,
          trialFailedPage(languageOf(request), explainTrouble(error), trialPlaces(error, returnTo)),
          true,
        );
      const app = error instanceof AppError ? error : new AppError('internal');
      if (app !== error) this.logger.error({ err: error, traceId: request.id }, 'log-in failed');
      const language = languageOf(request);
      const params = app.code === 'internal' ? { traceId: String(request.id) } : paramsIn(app, language);
      const text = fillMessage(errorCodes[app.code][language], params);
      const status = app.code === 'internal' ? 500 : 403;
      await send(reply, status, failedPage(language, text, loginPath(returnTo)), true);
    }
  }
}

/** Where a failed trial is begun anew, and where its connection is mended. */
function trialPlaces({ connection }: TrialFailed, returnTo: string): { again: string; back: string } {
  const query = new URLSearchParams({ connectionId: connection.id, trial: '1', returnTo });
  return { again: `/api/v1/auth/${connection.channel}/start?${query}`, back: returnTo };
}

/** The logged-in member, when he is of the connection's tenant. */
function memberOn(request: SessionRequest, connection: Connection): MemberId | null {
  return request.session?.ctx.tenantId === connection.tenantId ? (request.session.memberId as MemberId) : null;
}

/** DingTalk names it twice, and the first name is the one that stays (B3). */
function codeOf(query: RawQuery): string | null {
  return textOf(query.authCode) || textOf(query.code) || null;
}

/** What a relay gave on. */
function relayed(query: RawQuery): { to: string; sig: string } {
  return { to: textOf(query.to), sig: textOf(query.sig) };
}

function ticketOf(attempt: LoginAttempt): string {
  return `${attempt.connectionId}${attempt.id}`.replaceAll('-', '');
}

async function redirect(reply: FastifyReply, location: string): Promise<void> {
  await reply.status(303).header('location', location).header('cache-control', 'no-store').send();
}

async function send(reply: FastifyReply, status: number, page: string, framed: boolean): Promise<void> {
  await reply.status(status).headers(pageHeaders(framed)).send(page);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
