import type { RouteName } from '@lianke/shared/api/routes';
import { keyUseOf } from '@lianke/shared/api-keys/routes';
import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { AppError } from '../../kernel/errors/app-error.js';
import { openKey, routeKey, type SessionRequest } from '../../kernel/http/route.js';
import type { RateLimiter } from '../../kernel/redis/rate-limiter.js';
import { RATE_LIMITER } from '../../kernel/tokens.js';
import type { KeySession } from './api-key-resolver.js';
import { ApiKeyUses } from './api-key-uses.js';

const windowMs = 60_000;

/** Which routes a request by key may reach, and how often. Routes that are not listed for keys are closed to them. */
@Injectable()
export class ApiKeyGuard implements CanActivate {
  constructor(
    @Inject(RATE_LIMITER) private readonly limiter: RateLimiter,
    private readonly uses: ApiKeyUses,
  ) {}

  async canActivate(execution: ExecutionContext): Promise<boolean> {
    const request = execution.switchToHttp().getRequest<SessionRequest>();
    const session = request.session;
    if (!session?.ctx.key) return true;
    const { ctx, key } = session as KeySession;
    const { allowed, retryAfterMs } = await this.limiter.take(`apiKey:${key.id}`, { limit: key.perMinute, windowMs });
    if (!allowed) throw new AppError('too_many_requests', { seconds: Math.max(1, Math.ceil(retryAfterMs / 1000)) });
    this.uses.note(ctx.tenantId, key.id, request.ip);
    const handler = execution.getHandler();
    const use = keyUseOf(Reflect.getMetadata(routeKey, handler) as RouteName | undefined);
    if (use === undefined && Reflect.getMetadata(openKey, handler) === true) {
      // What everybody may call knows nobody.
      delete request.session;
      return true;
    }
    if (use === undefined)
      throw new AppError('api_key_closed_route', { route: `${request.method} ${request.url.split('?')[0]}` });
    if (use === 'write' && !key.writes) throw new AppError('api_key_read_only');
    return true;
  }
}
