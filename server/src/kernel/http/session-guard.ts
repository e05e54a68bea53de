import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Config } from '../config/config.js';
import { AppError } from '../errors/app-error.js';
import { CONFIG } from '../tokens.js';
import { languageOf } from './problem-filter.js';
import type { RequestContext } from './request-context.js';
import { openKey, type SessionRequest } from './route.js';
import { SessionResolver } from './session-resolver.js';

export const sessionCookie = 'lianke_session';

/** Every handler needs a session unless it is marked open. The session is read anew at every request. */
@Injectable()
export class SessionGuard implements CanActivate {
  constructor(
    private readonly sessions: SessionResolver,
    @Inject(CONFIG) private readonly config: Pick<Config, 'publicUrl'>,
  ) {}

  async canActivate(execution: ExecutionContext): Promise<boolean> {
    const request = execution.switchToHttp().getRequest<SessionRequest>();
    const open = Reflect.getMetadata(openKey, execution.getHandler()) === true;
    const { token, byCookie } = tokenOf(request);
    if (!token) {
      if (open) return true;
      throw new AppError('unauthenticated');
    }
    if (byCookie && request.method !== 'GET' && request.method !== 'HEAD') this.checkOrigin(request);
    const session = await this.sessions.resolve(token, byCookie);
    if (session) {
      const { ctx, ...rest } = session as NonNullable<SessionRequest['session']>;
      request.session = { ...rest, ctx: { ...ctx, language: languageOf(request) } };
    } else if (!open) throw new AppError('session_expired');
    return true;
  }

  /** A cookie travels with requests other sites make, so a change by cookie needs our own origin. */
  private checkOrigin(request: SessionRequest): void {
    const origin = request.headers.origin;
    const own = [this.config.publicUrl, `http://${request.headers.host}`, `https://${request.headers.host}`];
    if (typeof origin !== 'string' || !own.includes(origin)) throw new AppError('bad_origin');
  }
}

/** The token a request carries, and whether a cookie brought it. */
export function tokenOf(request: FastifyRequest): { token: string | undefined; byCookie: boolean } {
  const header = request.headers.authorization;
  if (header?.startsWith('Bearer ')) return { token: header.slice(7).trim(), byCookie: false };
  const cookies = (request as { cookies?: Record<string, string | undefined> }).cookies;
  return { token: cookies?.[sessionCookie], byCookie: true };
}

/** The context of a request that a guard let through. */
export function contextOf(request: SessionRequest): RequestContext {
  if (!request.session) throw new AppError('unauthenticated');
  return request.session.ctx;
}
