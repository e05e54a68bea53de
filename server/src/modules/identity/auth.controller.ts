import type { AnswerOf } from '@lianke/shared/api/contracts';
import type { MemberId, TenantId } from '@lianke/shared/ids';
import { Controller, Inject } from '@nestjs/common';
import type { Config } from '../../kernel/config/config.js';
import { Database } from '../../kernel/database/database.js';
import { AppError } from '../../kernel/errors/app-error.js';
import { toldSaid } from '../../kernel/errors/said.js';
import { languageOf } from '../../kernel/http/problem-filter.js';
import { Call, type OpenCall, Route, type RouteCall } from '../../kernel/http/route.js';
import type { RateLimiter } from '../../kernel/redis/rate-limiter.js';
import { CONFIG, RATE_LIMITER } from '../../kernel/tokens.js';
import { ChatLogin } from '../chat/chat-login.js';
import type { Connection } from '../chat/connection.js';
import { ConnectionRepository } from '../chat/connection.repository.js';
import { Browser } from './browser.js';
import { InviteService } from './invite.service.js';
import { takeOrRefuse } from './limits.js';
import { LoginService } from './login.service.js';
import { LoginAttempts } from './login-attempts.js';
import { PasswordService } from './password.service.js';
import { PersonLinks } from './person-links.js';
import { SessionService } from './session.service.js';
import { hashToken } from './tokens.js';

/** Without a named company the log-in page lists all of them only where there are few. */
const fewTenants = 5;

/** Log-in, log-out, invitations. */
@Controller()
export class AuthController {
  constructor(
    private readonly database: Database,
    private readonly browser: Browser,
    private readonly sessions: SessionService,
    private readonly passwords: PasswordService,
    private readonly invites: InviteService,
    private readonly logins: LoginService,
    private readonly attempts: LoginAttempts,
    private readonly platform: ChatLogin,
    private readonly connections: ConnectionRepository,
    private readonly people: PersonLinks,
    @Inject(RATE_LIMITER) private readonly limiter: RateLimiter,
    @Inject(CONFIG) private readonly config: Pick<Config, 'publicUrl' | 'passwordLogin'>,
  ) {}

  @Route('auth.connections')
  async listConnections(@Call() call: OpenCall<'auth.connections'>): Promise<AnswerOf<'auth.connections'>> {
    const found = await this.connections.forLogin(call.query.tenant ?? null);
    const tenants = new Map(found.map((row) => [row.tenantId, { key: row.tenantKey, name: row.tenantName }]));
    const asked = call.query.connection;
    const shown =
      asked !== undefined
        ? found.filter((row) => row.connection?.id === asked)
        : call.query.tenant !== undefined || tenants.size <= fewTenants
          ? found
          : [];
    const [only] = tenants.values();
    return {
      password: this.config.passwordLogin && (found.length === 0 || found.some((row) => row.passwordLogin)),
      tenant: tenants.size === 1 && only ? only : null,
      items: shown.flatMap(({ connection, tenantKey, tenantName }) =>
        connection ? [{ ...connection, tenant: { key: tenantKey, name: tenantName } }] : [],
      ),
    };
  }

  @Route('auth.password')
  async password(@Call() call: OpenCall<'auth.password'>): Promise<AnswerOf<'auth.password'>> {
    const found = await this.passwords.check(call.body, this.browser.address(call.request));
    return this.startWithPassword(call, found);
  }

  @Route('auth.qr.create')
  async createQr(@Call() call: OpenCall<'auth.qr.create'>): Promise<AnswerOf<'auth.qr.create'>> {
    const { request, reply } = call;
    const connection = await this.usable(call.body.connectionId, request.ip);
    const { state, ticket, expiresAt } = await this.attempts.begin(connection, {
      ...this.browser.visitor(request),
      kind: 'qr',
      nonce: this.browser.ensureNonce(request, reply),
      returnTo: '/',
      bindMemberId: null,
    });
    return {
      id: ticket,
      url: this.platform.webUrl(connection, this.platform.returnTo(connection, state), languageOf(request)),
      expiresAt,
    };
  }

  /** The state of a QR, for the browser that asked for it; to all others it does not exist. `done` logs this browser in. */
  @Route('auth.qr.get')
  async qrState(@Call() call: OpenCall<'auth.qr.get'>): Promise<AnswerOf<'auth.qr.get'>> {
    const { request, reply } = call;
    const nonce = this.browser.nonce(request);
    const found = nonce === undefined ? null : await this.attempts.byTicket(call.params.id);
    if (!nonce || !found || found.attempt.kind !== 'qr' || !hashToken(nonce).equals(found.attempt.nonceHash)) {
      throw new AppError('not_found');
    }
    const { attempt, connection } = found;
    if (attempt.status === 'collected') return { state: 'done' };
    if (attempt.status === 'refused') {
      const reason = toldSaid(attempt.reason, attempt.reasonEn, languageOf(request));
      return { state: 'refused', ...(reason ? { reason } : {}) };
    }
    if (attempt.expired) return { state: 'expired' };
    if (attempt.status !== 'done' || !attempt.memberId) return { state: 'waiting' };
    const token = await this.logins.collect({
      attempt,
      connection,
      from: 'done',
      person: { memberId: attempt.memberId, personKey: attempt.personKey ?? '' },
      visitor: this.browser.visitor(request),
    });
    if (token !== null) this.browser.logIn(reply, token);
    return { state: 'done' };
  }

  /** A code of the chat client's own interface; answers a bearer token, and sets a cookie where a page asks. */
  @Route('auth.code')
  async code(@Call() call: OpenCall<'auth.code'>): Promise<AnswerOf<'auth.code'>> {
    const connection = await this.usable(call.body.connectionId, call.request.ip);
    if (connection.channel !== call.params.channel) throw new AppError('not_found');
    const person = await this.logins.personOf(connection, call.body.code, call.body.client);
    const token = await this.sessions.create(connection, {
      ...person,
      ...this.browser.visitor(call.request),
      channel: connection.channel,
      door: 'miniapp',
    });
    // A page keeps its session in the browser's own cookie; a mini-program has none and keeps the token.
    if (call.body.client === 'h5') this.browser.logIn(call.reply, token);
    return { token, member: await this.member(connection, person.memberId) };
  }

  @Route('auth.signOut')
  async signOut(@Call() call: RouteCall<'auth.signOut'>): Promise<void> {
    await this.sessions.revoke(call.ctx, call.session.sessionId);
    this.browser.logOut(call.reply);
  }

  @Route('auth.signOutAll')
  async signOutAll(@Call() call: RouteCall<'auth.signOutAll'>): Promise<void> {
    await this.sessions.revokeAll(call.ctx, call.session.memberId as MemberId);
    this.browser.logOut(call.reply);
  }

  /** Goes over to another company of the same person; the session here ends. */
  @Route('auth.switch')
  async switch(@Call() call: RouteCall<'auth.switch'>): Promise<AnswerOf<'auth.switch'>> {
    const { ctx, session, request, reply } = call;
    const facts = await this.sessions.facts(ctx, session.sessionId);
    const others = await this.people.others(ctx, session.memberId as MemberId, facts.personKey);
    const target = others.find((other) => other.tenantId === call.body.tenantId);
    if (!target) throw new AppError('not_found');
    const token = await this.sessions.create(target, {
      ...this.browser.visitor(request),
      ...facts,
      memberId: target.memberId,
    });
    await this.sessions.revoke(ctx, session.sessionId);
    if (this.browser.byCookie(request)) this.browser.logIn(reply, token);
    return { token, member: await this.member(target, target.memberId) };
  }

  @Route('members.invite')
  async invite(@Call() call: RouteCall<'members.invite'>): Promise<AnswerOf<'members.invite'>> {
    return this.invites.create(call.ctx, call.params.memberId);
  }

  @Route('auth.invite.get')
  async readInvite(@Call() call: OpenCall<'auth.invite.get'>): Promise<AnswerOf<'auth.invite.get'>> {
    await takeOrRefuse(this.limiter, [['invite', call.request.ip]]);
    return this.invites.read(call.params.token);
  }

  @Route('auth.invite.accept')
  async acceptInvite(@Call() call: OpenCall<'auth.invite.accept'>): Promise<AnswerOf<'auth.invite.accept'>> {
    await takeOrRefuse(this.limiter, [['invite', call.request.ip]]);
    return this.startWithPassword(call, await this.invites.accept(call.body));
  }

  private async startWithPassword(
    { request, reply }: Pick<OpenCall<'auth.password'>, 'request' | 'reply'>,
    found: { tenantId: TenantId; memberId: MemberId },
  ): Promise<AnswerOf<'auth.password'>> {
    const token = await this.sessions.create(found, {
      ...this.browser.visitor(request),
      memberId: found.memberId,
      channel: 'password',
      personKey: null,
      door: 'console',
    });
    this.browser.logIn(reply, token);
    return { token, member: await this.member(found, found.memberId) };
  }

  private async usable(connectionId: string, address: string): Promise<Connection> {
    await takeOrRefuse(this.limiter, [['chatLogin', address]]);
    const connection = await this.connections.find(connectionId);
    if (!connection || connection.secret === null) throw new AppError('not_found');
    return connection;
  }

  private async member(ctx: { tenantId: TenantId }, id: MemberId): Promise<{ id: MemberId; name: string }> {
    const [row] = await this.database.withTenant(ctx, (tx) =>
      tx.sql<{ name: string }>('SELECT name FROM lianke.member WHERE id = $1', [id]),
    );
    return { id, name: row?.name ?? '' };
  }
}
