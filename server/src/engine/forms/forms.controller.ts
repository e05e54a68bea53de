import type { AnswerOf } from '@lianke/shared/api/contracts';
import { Controller } from '@nestjs/common';
import { Call, Route, type RouteCall } from '../../kernel/http/route.js';
import { DerivedFields } from '../derived/derived-fields.js';
import { FormulaTrials } from '../derived/formula-trials.js';
import { FormCopies } from './form-copies.service.js';
import { FormsService } from './forms.service.js';
import { ViewsService } from './views.service.js';

@Controller()
export class FormsController {
  constructor(
    private readonly forms: FormsService,
    private readonly copies: FormCopies,
    private readonly views: ViewsService,
    private readonly derived: DerivedFields,
    private readonly trials: FormulaTrials,
  ) {}

  @Route('forms.list')
  async list(@Call() call: RouteCall<'forms.list'>): Promise<AnswerOf<'forms.list'>> {
    return { items: (await this.forms.list(call.ctx, call.query.appId)) as never, cursor: null };
  }

  @Route('forms.create')
  async create(@Call() call: RouteCall<'forms.create'>): Promise<AnswerOf<'forms.create'>> {
    return (await this.forms.create(call.ctx, call.body)) as never;
  }

  @Route('forms.get')
  async get(@Call() call: RouteCall<'forms.get'>): Promise<AnswerOf<'forms.get'>> {
    return (await this.forms.view(call.ctx, call.params.formId)) as never;
  }

  @Route('forms.update')
  async update(@Call() call: RouteCall<'forms.update'>): Promise<AnswerOf<'forms.update'>> {
    return (await this.forms.update(call.ctx, call.params.formId, call.body)) as never;
  }

  @Route('forms.copy')
  async copy(@Call() call: RouteCall<'forms.copy'>): Promise<AnswerOf<'forms.copy'>> {
    return (await this.copies.copy(call.ctx, call.params.formId, call.body)) as never;
  }

  @Route('forms.delete')
  async remove(@Call() call: RouteCall<'forms.delete'>): Promise<void> {
    await this.forms.remove(call.ctx, call.params.formId);
  }

  @Route('forms.derived')
  async derivedBuilds(@Call() call: RouteCall<'forms.derived'>): Promise<AnswerOf<'forms.derived'>> {
    return { items: await this.derived.builds(call.ctx, call.params.formId), cursor: null };
  }

  @Route('forms.tryFormula')
  tryFormula(@Call() call: RouteCall<'forms.tryFormula'>): Promise<AnswerOf<'forms.tryFormula'>> {
    return this.trials.run(call.ctx, call.params.formId, call.body);
  }

  @Route('views.list')
  async listViews(@Call() call: RouteCall<'views.list'>): Promise<AnswerOf<'views.list'>> {
    return { items: await this.views.list(call.ctx, call.params.formId), cursor: null };
  }

  @Route('views.create')
  createView(@Call() call: RouteCall<'views.create'>): Promise<AnswerOf<'views.create'>> {
    return this.views.create(call.ctx, call.params.formId, call.body);
  }

  @Route('views.update')
  updateView(@Call() call: RouteCall<'views.update'>): Promise<AnswerOf<'views.update'>> {
    return this.views.update(call.ctx, call.params.formId, call.params.viewId, call.body);
  }

  @Route('views.deleted')
  async deletedViews(@Call() call: RouteCall<'views.deleted'>): Promise<AnswerOf<'views.deleted'>> {
    return { items: await this.views.deleted(call.ctx, call.params.formId), cursor: null };
  }

  @Route('views.restore')
  restoreView(@Call() call: RouteCall<'views.restore'>): Promise<AnswerOf<'views.restore'>> {
    return this.views.restore(call.ctx, call.params.formId, call.params.viewId);
  }

  @Route('views.delete')
  async removeView(@Call() call: RouteCall<'views.delete'>): Promise<void> {
    await this.views.remove(call.ctx, call.params.formId, call.params.viewId);
  }
}
