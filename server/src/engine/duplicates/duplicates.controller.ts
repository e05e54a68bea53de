import type { AnswerOf } from '@lianke/shared/api/contracts';
import { Controller } from '@nestjs/common';
import { Call, Route, type RouteCall } from '../../kernel/http/route.js';
import { answerOnce, type Once } from '../idempotency/answer-once.js';
import { DuplicateFinder } from './duplicate-finder.js';
import { DuplicateRulesService } from './duplicate-rules.service.js';
import { MergeService } from './merge.service.js';

@Controller()
export class DuplicatesController {
  constructor(
    private readonly rules: DuplicateRulesService,
    private readonly finder: DuplicateFinder,
    private readonly merges: MergeService,
  ) {}

  @Route('duplicates.rules')
  async list(@Call() call: RouteCall<'duplicates.rules'>): Promise<AnswerOf<'duplicates.rules'>> {
    return { items: await this.rules.list(call.ctx, call.params.formId), cursor: null };
  }

  @Route('duplicates.saveRules')
  async save(@Call() call: RouteCall<'duplicates.saveRules'>): Promise<AnswerOf<'duplicates.saveRules'>> {
    return { items: await this.rules.save(call.ctx, call.params.formId, call.body.rules), cursor: null };
  }

  @Route('duplicates.check')
  async check(@Call() call: RouteCall<'duplicates.check'>): Promise<AnswerOf<'duplicates.check'>> {
    const { ctx, params, body } = call;
    return { items: await this.finder.check(ctx, params.formId, body.values as never, body.id) };
  }

  @Route('duplicates.groups')
  groups(@Call() call: RouteCall<'duplicates.groups'>): Promise<AnswerOf<'duplicates.groups'>> {
    return this.finder.groups(call.ctx, call.params.formId, call.body);
  }

  @Route('duplicates.mergePreview')
  preview(@Call() call: RouteCall<'duplicates.mergePreview'>): Promise<AnswerOf<'duplicates.mergePreview'>> {
    return this.merges.preview(call.ctx, call.params.formId, call.body.ids);
  }

  @Route('duplicates.merge')
  merge(@Call() call: RouteCall<'duplicates.merge'>): Promise<AnswerOf<'duplicates.merge'>> {
    return answerOnce(call, (once: Once<AnswerOf<'duplicates.merge'>> | undefined) =>
      this.merges.merge(call.ctx, call.params.formId, call.body, once),
    );
  }
}
