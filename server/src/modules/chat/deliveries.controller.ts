import type { AnswerOf } from '@lianke/shared/api/contracts';
import { Controller } from '@nestjs/common';
import { AccessService } from '../../engine/access/access.service.js';
import { Call, Route, type RouteCall } from '../../kernel/http/route.js';
import { DeliveryLog } from './delivery-log.js';
import { MessageRecalls } from './message-recalls.js';

/** 发送记录; administrators only, for cards show values of records. */
@Controller()
export class DeliveriesController {
  constructor(
    private readonly log: DeliveryLog,
    private readonly recalls: MessageRecalls,
    private readonly access: AccessService,
  ) {}

  @Route('deliveries.list')
  async list(@Call() call: RouteCall<'deliveries.list'>): Promise<AnswerOf<'deliveries.list'>> {
    await this.access.require(call.ctx, 'admin');
    return this.log.list(call.ctx, call.query);
  }

  @Route('deliveries.resend')
  async resend(@Call() call: RouteCall<'deliveries.resend'>): Promise<AnswerOf<'deliveries.resend'>> {
    await this.access.require(call.ctx, 'admin');
    return this.log.resend(call.ctx, call.params.id);
  }

  @Route('deliveries.recall')
  async recall(@Call() call: RouteCall<'deliveries.recall'>): Promise<AnswerOf<'deliveries.recall'>> {
    await this.access.require(call.ctx, 'admin');
    return this.recalls.ask(call.ctx, call.params.id, call.body.everybody);
  }
}
