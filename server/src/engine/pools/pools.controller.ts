import type { AnswerOf } from '@lianke/shared/api/contracts';
import { Controller } from '@nestjs/common';
import { Call, Route, type RouteCall } from '../../kernel/http/route.js';
import { answerOnce, type Once } from '../idempotency/answer-once.js';
import { PoolMovesService } from './pool-moves.service.js';
import { PoolSettingsService } from './pool-settings.service.js';
import { PoolsService } from './pools.service.js';

@Controller()
export class PoolsController {
  constructor(
    private readonly pools: PoolsService,
    private readonly moves: PoolMovesService,
    private readonly rules: PoolSettingsService,
  ) {}

  @Route('pools.list')
  async list(@Call() call: RouteCall<'pools.list'>): Promise<AnswerOf<'pools.list'>> {
    return { items: await this.pools.list(call.ctx), cursor: null };
  }

  @Route('pools.get')
  get(@Call() call: RouteCall<'pools.get'>): Promise<AnswerOf<'pools.get'>> {
    return this.pools.get(call.ctx, call.params.formId);
  }

  @Route('pools.settings')
  settings(@Call() call: RouteCall<'pools.settings'>): Promise<AnswerOf<'pools.settings'>> {
    return this.rules.get(call.ctx, call.params.formId);
  }

  @Route('pools.save')
  save(@Call() call: RouteCall<'pools.save'>): Promise<AnswerOf<'pools.save'>> {
    return this.rules.save(call.ctx, call.params.formId, call.body);
  }

  @Route('pools.query')
  query(@Call() call: RouteCall<'pools.query'>): Promise<AnswerOf<'pools.query'>> {
    return this.pools.query(call.ctx, call.params.formId, call.body);
  }

  @Route('pools.record')
  record(@Call() call: RouteCall<'pools.record'>): Promise<AnswerOf<'pools.record'>> {
    return this.pools.record(call.ctx, call.params.formId, call.params.id);
  }

  @Route('pools.claim')
  claim(@Call() call: RouteCall<'pools.claim'>): Promise<AnswerOf<'pools.claim'>> {
    return answerOnce(call, (once: Once<AnswerOf<'pools.claim'>> | undefined) =>
      this.moves.claim(call.ctx, call.params.formId, call.body.ids, once),
    );
  }

  @Route('pools.assign')
  assign(@Call() call: RouteCall<'pools.assign'>): Promise<AnswerOf<'pools.assign'>> {
    return answerOnce(call, (once: Once<AnswerOf<'pools.assign'>> | undefined) =>
      this.moves.assign(call.ctx, call.params.formId, call.body.ids, call.body.to, once),
    );
  }

  @Route('pools.return')
  giveBack(@Call() call: RouteCall<'pools.return'>): Promise<AnswerOf<'pools.return'>> {
    return answerOnce(call, (once: Once<AnswerOf<'pools.return'>> | undefined) =>
      this.moves.giveBack(call.ctx, call.params.formId, call.body.ids, call.body.reason, once),
    );
  }
}
