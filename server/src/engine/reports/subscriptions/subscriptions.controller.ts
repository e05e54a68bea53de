import type { AnswerOf } from '@lianke/shared/api/contracts';
import { Controller } from '@nestjs/common';
import { Call, Route, type RouteCall } from '../../../kernel/http/route.js';
import { SubscriptionsService } from './subscriptions.service.js';

@Controller()
export class SubscriptionsController {
  constructor(private readonly subscriptions: SubscriptionsService) {}

  @Route('subscriptions.list')
  list(@Call() { ctx, params }: RouteCall<'subscriptions.list'>): Promise<AnswerOf<'subscriptions.list'>> {
    return this.subscriptions.list(ctx, params.dashboardId);
  }

  @Route('subscriptions.create')
  create(@Call() call: RouteCall<'subscriptions.create'>): Promise<AnswerOf<'subscriptions.create'>> {
    return this.subscriptions.create(call.ctx, call.params.dashboardId, call.body);
  }

  @Route('subscriptions.update')
  update(@Call() call: RouteCall<'subscriptions.update'>): Promise<AnswerOf<'subscriptions.update'>> {
    return this.subscriptions.update(call.ctx, call.params.subscriptionId, call.body);
  }

  @Route('subscriptions.delete')
  remove(@Call() { ctx, params }: RouteCall<'subscriptions.delete'>): Promise<void> {
    return this.subscriptions.remove(ctx, params.subscriptionId);
  }

  @Route('subscriptions.send')
  async send(@Call() call: RouteCall<'subscriptions.send'>): Promise<AnswerOf<'subscriptions.send'>> {
    return { items: await this.subscriptions.send(call.ctx, call.params.subscriptionId, call.body.to) };
  }

  @Route('subscriptions.log')
  async log(@Call() { ctx, params }: RouteCall<'subscriptions.log'>): Promise<AnswerOf<'subscriptions.log'>> {
    return { items: await this.subscriptions.log(ctx, params.subscriptionId), cursor: null };
  }
}
