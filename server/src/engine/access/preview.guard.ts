import { previewHeader } from '@lianke/shared/access/api';
import { type RouteName, routes } from '@lianke/shared/api/routes';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { AppError } from '../../kernel/errors/app-error.js';
import { routeKey, type SessionRequest } from '../../kernel/http/route.js';
import { PreviewService } from './preview.service.js';

/** Questions that are asked by POST; every other POST changes something. */
const asking: readonly RouteName[] = [
  'records.query',
  'records.aggregate',
  'records.places',
  'records.transferPreview',
  'pools.query',
  'search.all',
  'dashboards.preview',
  'forms.tryFormula',
  'forms.tryLinked',
];
/** What belongs to a person alone or leaves a trace in his name. */
const closed: readonly RouteName[] = ['exports.file', 'auth.qr.get'];

/**
 * A request that carries a preview's id is answered under the previewed member's rights, if it only asks. Routes that are
 * not known here to ask are refused, so that a new one cannot change anything from within a preview.
 */
@Injectable()
export class PreviewGuard implements CanActivate {
  constructor(private readonly previews: PreviewService) {}

  async canActivate(execution: ExecutionContext): Promise<boolean> {
    const request = execution.switchToHttp().getRequest<SessionRequest>();
    const id = request.headers[previewHeader];
    if (typeof id !== 'string' || !request.session) return true;
    const name = Reflect.getMetadata(routeKey, execution.getHandler()) as RouteName | undefined;
    const asks = name !== undefined && (routes[name][0] === 'GET' || asking.includes(name)) && !closed.includes(name);
    if (!asks) throw new AppError('preview_read_only');
    const by = request.session;
    request.session = { ...by, ctx: await this.previews.contextFor(by.ctx, id) };
    return true;
  }
}
