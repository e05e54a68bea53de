import type { AnswerOf } from '@lianke/shared/api/contracts';
import { Controller } from '@nestjs/common';
import { Call, Route, type RouteCall } from '../../kernel/http/route.js';
import { TargetFigures } from './target-figures.js';
import { TargetsService } from './targets.service.js';

@Controller()
export class TargetsController {
  constructor(
    private readonly targets: TargetsService,
    private readonly figures: TargetFigures,
  ) {}

  @Route('targets.mine')
  async mine(@Call() call: RouteCall<'targets.mine'>): Promise<AnswerOf<'targets.mine'>> {
    return { items: await this.figures.mine(call.ctx), cursor: null };
  }

  @Route('targets.list')
  async list(@Call() call: RouteCall<'targets.list'>): Promise<AnswerOf<'targets.list'>> {
    return { items: await this.targets.list(call.ctx), cursor: null };
  }

  @Route('targets.create')
  create(@Call() call: RouteCall<'targets.create'>): Promise<AnswerOf<'targets.create'>> {
    return this.targets.create(call.ctx, call.body);
  }

  @Route('targets.update')
  update(@Call() call: RouteCall<'targets.update'>): Promise<AnswerOf<'targets.update'>> {
    return this.targets.update(call.ctx, call.params.id, call.body);
  }

  @Route('targets.delete')
  remove(@Call() call: RouteCall<'targets.delete'>): Promise<void> {
    return this.targets.remove(call.ctx, call.params.id);
  }

  @Route('targets.values')
  values(@Call() call: RouteCall<'targets.values'>): Promise<AnswerOf<'targets.values'>> {
    return this.targets.values(call.ctx, call.params.id, call.query.year);
  }

  @Route('targets.saveValues')
  saveValues(@Call() call: RouteCall<'targets.saveValues'>): Promise<void> {
    return this.targets.saveValues(call.ctx, call.params.id, call.body);
  }
}
