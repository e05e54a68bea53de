import type { AnswerOf } from '@lianke/shared/api/contracts';
import { Controller } from '@nestjs/common';
import { Call, Route, type RouteCall } from '../../kernel/http/route.js';
import { UsageService } from './usage.service.js';

@Controller()
export class UsageController {
  constructor(private readonly usage: UsageService) {}

  @Route('usage.list')
  async list(@Call() call: RouteCall<'usage.list'>): Promise<AnswerOf<'usage.list'>> {
    return { ...(await this.usage.list(call.ctx, call.query.weeks)), cursor: null };
  }
}
