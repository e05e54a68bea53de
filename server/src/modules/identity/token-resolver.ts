import { keyPattern } from '@lianke/shared/api-keys/routes';
import { Injectable } from '@nestjs/common';
import type { TenantContext } from '../../engine/context.js';
import { type ResolvedSession, SessionResolver } from '../../kernel/http/session-resolver.js';
import { ApiKeyResolver } from '../openapi/api-key-resolver.js';
import { SessionService } from './session.service.js';

/** What a request's token is: a session, or a key of the open interface. */
@Injectable()
export class TokenResolver extends SessionResolver<TenantContext> {
  constructor(
    private readonly sessions: SessionService,
    private readonly keys: ApiKeyResolver,
  ) {
    super();
  }

  /** Keys come in the header only: a browser sends cookies by itself. */
  async resolve(token: string, byCookie = false): Promise<ResolvedSession<TenantContext> | null> {
    return keyPattern.test(token) && !byCookie ? this.keys.resolve(token) : this.sessions.resolve(token);
  }
}
