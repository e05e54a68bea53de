import type { AnswerOf } from '@lianke/shared/api/contracts';
import { type PageFilterValues, pageFilterValues } from '@lianke/shared/dashboards/page-filters';
import { Controller } from '@nestjs/common';
import { refusal } from '../../kernel/errors/app-error.js';
import { shapeError } from '../../kernel/errors/shape-error.js';
import { Call, Route, type RouteCall } from '../../kernel/http/route.js';
import { AccessService } from '../access/access.service.js';
import { DashboardDraftsService } from './dashboard-drafts.service.js';
import { DashboardsService } from './dashboards.service.js';

/** The filter bar's values out of the address; undefined where none were sent. */
function valuesIn(text: string | undefined): PageFilterValues | undefined {
  if (text === undefined) return undefined;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw refusal('invalid_request', { zh: 'filters：内容不是 JSON', en: 'filters: is not JSON' });
  }
  const parsed = pageFilterValues.safeParse(json);
  if (!parsed.success)
    throw shapeError('invalid_request', parsed.error, json, { root: { zh: 'filters', en: 'filters' } });
  return parsed.data;
}

@Controller()
export class DashboardsController {
  constructor(
    private readonly dashboards: DashboardsService,
    private readonly drafts: DashboardDraftsService,
    private readonly access: AccessService,
  ) {}

  @Route('dashboards.list')
  async list(@Call() call: RouteCall<'dashboards.list'>): Promise<AnswerOf<'dashboards.list'>> {
    return { items: await this.dashboards.list(call.ctx, call.query.appId), cursor: null };
  }

  @Route('dashboards.create')
  create(@Call() call: RouteCall<'dashboards.create'>): Promise<AnswerOf<'dashboards.create'>> {
    return this.dashboards.create(call.ctx, call.body);
  }

  @Route('dashboards.get')
  get(@Call() call: RouteCall<'dashboards.get'>): Promise<AnswerOf<'dashboards.get'>> {
    return this.dashboards.get(call.ctx, call.params.id);
  }

  @Route('dashboards.update')
  update(@Call() call: RouteCall<'dashboards.update'>): Promise<AnswerOf<'dashboards.update'>> {
    return this.dashboards.update(call.ctx, call.params.id, call.body);
  }

  @Route('dashboards.draft')
  draft(@Call() call: RouteCall<'dashboards.draft'>): Promise<AnswerOf<'dashboards.draft'>> {
    return this.drafts.get(call.ctx, call.params.id);
  }

  @Route('dashboards.saveDraft')
  saveDraft(@Call() call: RouteCall<'dashboards.saveDraft'>): Promise<AnswerOf<'dashboards.saveDraft'>> {
    return this.drafts.save(call.ctx, call.params.id, call.body);
  }

  @Route('dashboards.dropDraft')
  dropDraft(@Call() call: RouteCall<'dashboards.dropDraft'>): Promise<AnswerOf<'dashboards.dropDraft'>> {
    return this.drafts.drop(call.ctx, call.params.id);
  }

  @Route('dashboards.publish')
  publish(@Call() call: RouteCall<'dashboards.publish'>): Promise<AnswerOf<'dashboards.publish'>> {
    return this.drafts.publish(call.ctx, call.params.id, call.body.revision);
  }

  @Route('dashboards.delete')
  async remove(@Call() call: RouteCall<'dashboards.delete'>): Promise<void> {
    await this.dashboards.remove(call.ctx, call.params.id);
  }

  @Route('dashboards.data')
  async data(@Call() call: RouteCall<'dashboards.data'>): Promise<AnswerOf<'dashboards.data'>> {
    const { filters, of } = call.query;
    return { widgets: await this.dashboards.data(call.ctx, call.params.id, valuesIn(filters), of) };
  }

  @Route('dashboards.deleted')
  async deleted(@Call() call: RouteCall<'dashboards.deleted'>): Promise<AnswerOf<'dashboards.deleted'>> {
    return { items: await this.dashboards.deleted(call.ctx, call.params.appId), cursor: null };
  }

  @Route('dashboards.restore')
  restore(@Call() call: RouteCall<'dashboards.restore'>): Promise<AnswerOf<'dashboards.restore'>> {
    return this.dashboards.restore(call.ctx, call.params.id);
  }

  @Route('dashboards.preview')
  async preview(@Call() call: RouteCall<'dashboards.preview'>): Promise<AnswerOf<'dashboards.preview'>> {
    await this.access.requireSomeDesign(call.ctx);
    return this.dashboards.widget(call.ctx, call.body.widget);
  }
}
