import type { AnswerOf } from '@lianke/shared/api/contracts';
import { Controller } from '@nestjs/common';
import { Call, Route, type RouteCall } from '../../kernel/http/route.js';
import { LeaverHandovers } from './handovers.service.js';

@Controller()
export class HandoversController {
  constructor(private readonly handovers: LeaverHandovers) {}

  @Route('handovers.preview')
  preview(@Call() call: RouteCall<'handovers.preview'>): Promise<AnswerOf<'handovers.preview'>> {
    return this.handovers.preview(call.ctx, call.params.memberId);
  }

  @Route('handovers.start')
  start(@Call() call: RouteCall<'handovers.start'>): Promise<AnswerOf<'handovers.start'>> {
    return this.handovers.start(call.ctx, call.params.memberId, call.body);
  }

  @Route('handovers.list')
  async list(@Call() call: RouteCall<'handovers.list'>): Promise<AnswerOf<'handovers.list'>> {
    return { items: await this.handovers.list(call.ctx), cursor: null };
  }

  @Route('handovers.leavers')
  async leavers(@Call() call: RouteCall<'handovers.leavers'>): Promise<AnswerOf<'handovers.leavers'>> {
    return { items: await this.handovers.leavers(call.ctx), cursor: null };
  }

  @Route('handovers.undo')
  undo(@Call() call: RouteCall<'handovers.undo'>): Promise<AnswerOf<'handovers.undo'>> {
    return this.handovers.undo(call.ctx, call.params.id);
  }
}
