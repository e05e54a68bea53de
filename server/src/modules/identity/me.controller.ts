import type { AnswerOf } from '@lianke/shared/api/contracts';
import { Controller } from '@nestjs/common';
import { Call, Route, type RouteCall } from '../../kernel/http/route.js';
import { MeService } from './me.service.js';

@Controller()
export class MeController {
  constructor(private readonly me: MeService) {}

  @Route('me.get')
  get(@Call() call: RouteCall<'me.get'>): Promise<AnswerOf<'me.get'>> {
    return this.me.of(call);
  }

  @Route('me.saveLanguage')
  saveLanguage(@Call() call: RouteCall<'me.saveLanguage'>): Promise<AnswerOf<'me.saveLanguage'>> {
    return this.me.saveLanguage(call.ctx, call.body.language);
  }
}
