import type { AnswerOf } from '@lianke/shared/api/contracts';
import { Controller } from '@nestjs/common';
import { Call, Route, type RouteCall } from '../../kernel/http/route.js';
import { TrialsService } from './trials.service.js';

@Controller()
export class TrialsController {
  constructor(private readonly trials: TrialsService) {}

  @Route('trials.get')
  get(@Call() call: RouteCall<'trials.get'>): Promise<AnswerOf<'trials.get'>> {
    return this.trials.get(call.ctx, call.params.appId);
  }

  @Route('trials.start')
  start(@Call() call: RouteCall<'trials.start'>): Promise<AnswerOf<'trials.start'>> {
    return this.trials.start(call.ctx, call.params.appId, call.body.testers);
  }

  @Route('trials.end')
  end(@Call() call: RouteCall<'trials.end'>): Promise<AnswerOf<'trials.end'>> {
    return this.trials.end(call.ctx, call.params.appId);
  }

  @Route('trials.clear')
  clear(@Call() call: RouteCall<'trials.clear'>): Promise<AnswerOf<'trials.clear'>> {
    return this.trials.clear(call.ctx, call.params.appId);
  }

  @Route('trials.feedback')
  feedback(@Call() call: RouteCall<'trials.feedback'>): Promise<AnswerOf<'trials.feedback'>> {
    return this.trials.say(call.ctx, call.params.appId, call.body);
  }

  @Route('trials.feedbacks')
  async feedbacks(@Call() call: RouteCall<'trials.feedbacks'>): Promise<AnswerOf<'trials.feedbacks'>> {
    return { items: await this.trials.feedbacks(call.ctx, call.params.appId), cursor: null };
  }
}
