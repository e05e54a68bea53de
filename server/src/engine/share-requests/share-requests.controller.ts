import type { AnswerOf } from '@lianke/shared/api/contracts';
import { Controller } from '@nestjs/common';
import { Call, Route, type RouteCall } from '../../kernel/http/route.js';
import { ShareRequestsService } from './share-requests.service.js';

@Controller()
export class ShareRequestsController {
  constructor(private readonly requests: ShareRequestsService) {}

  @Route('shareRequests.ask')
  ask(@Call() call: RouteCall<'shareRequests.ask'>): Promise<AnswerOf<'shareRequests.ask'>> {
    return this.requests.ask(call.ctx, call.params.formId, call.body as never);
  }

  @Route('shareRequests.list')
  async list(@Call() call: RouteCall<'shareRequests.list'>): Promise<AnswerOf<'shareRequests.list'>> {
    return { items: await this.requests.list(call.ctx, call.params.formId, call.params.id), cursor: null };
  }

  @Route('shareRequests.answer')
  async answer(@Call() call: RouteCall<'shareRequests.answer'>): Promise<void> {
    await this.requests.answer(call.ctx, call.params.requestId, call.body.share);
  }
}
