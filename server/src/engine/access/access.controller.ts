import type { AnswerOf } from '@lianke/shared/api/contracts';
import { Controller } from '@nestjs/common';
import { Call, Route, type RouteCall } from '../../kernel/http/route.js';
import { answerOnce, type Once } from '../idempotency/answer-once.js';
import { AppAccessService } from './app-access.service.js';
import { ExplainService } from './explain.service.js';
import { PreviewService } from './preview.service.js';
import { SharesService } from './shares.service.js';
import { UnmaskService } from './unmask.service.js';

@Controller()
export class AccessController {
  constructor(
    private readonly shares: SharesService,
    private readonly unmask: UnmaskService,
    private readonly explaining: ExplainService,
    private readonly previews: PreviewService,
    private readonly apps: AppAccessService,
  ) {}

  @Route('shares.list')
  async listShares(@Call() call: RouteCall<'shares.list'>): Promise<AnswerOf<'shares.list'>> {
    return { items: await this.shares.list(call.ctx, call.params.formId, call.params.id), cursor: null };
  }

  @Route('shares.create')
  createShares(@Call() call: RouteCall<'shares.create'>): Promise<AnswerOf<'shares.create'>> {
    const { ctx, params, body } = call;
    return answerOnce(call, async (once: Once<AnswerOf<'shares.create'>> | undefined) => ({
      items: await this.shares.create(ctx, params.formId, params.id, body, once as never),
      cursor: null,
    }));
  }

  @Route('shares.delete')
  async removeShare(@Call() call: RouteCall<'shares.delete'>): Promise<void> {
    await this.shares.remove(call.ctx, call.params.shareId);
  }

  @Route('records.unmask')
  look(@Call() call: RouteCall<'records.unmask'>): Promise<AnswerOf<'records.unmask'>> {
    return this.unmask.look(call.ctx, call.params.formId, call.params.id, call.body.field);
  }

  @Route('forms.unmaskQuota')
  unmaskQuota(@Call() call: RouteCall<'forms.unmaskQuota'>): Promise<AnswerOf<'forms.unmaskQuota'>> {
    return this.unmask.quota(call.ctx, call.params.formId);
  }

  @Route('apps.access.get')
  async appAccess(@Call() call: RouteCall<'apps.access.get'>): Promise<AnswerOf<'apps.access.get'>> {
    return this.apps.get(call.ctx, call.params.appId);
  }

  @Route('apps.access.set')
  async setAppAccess(@Call() call: RouteCall<'apps.access.set'>): Promise<void> {
    await this.apps.set(call.ctx, call.params.appId, call.body);
  }

  @Route('access.explain')
  explain(@Call() call: RouteCall<'access.explain'>): Promise<AnswerOf<'access.explain'>> {
    return this.explaining.explain(call.ctx, call.body);
  }

  @Route('access.preview')
  preview(@Call() call: RouteCall<'access.preview'>): Promise<AnswerOf<'access.preview'>> {
    return this.previews.begin(call.ctx, call.body.memberId);
  }
}
