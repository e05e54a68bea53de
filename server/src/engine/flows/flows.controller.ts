import type { AnswerOf } from '@lianke/shared/api/contracts';
import { Controller } from '@nestjs/common';
import { languageOf } from '../../kernel/http/problem-filter.js';
import { Call, type OpenCall, Route, type RouteCall } from '../../kernel/http/route.js';
import { FlowsService } from './flows.service.js';
import { HooksService } from './hooks.service.js';
import { PressesService } from './presses.service.js';
import { Replays } from './replays.js';
import { RunSearch } from './run-search.service.js';
import { RunsService } from './runs.service.js';
import { TrialRun } from './trial-run.js';
import { VersionsService } from './versions.service.js';

@Controller()
export class FlowsController {
  constructor(
    private readonly flows: FlowsService,
    private readonly runs: RunsService,
    private readonly trial: TrialRun,
    private readonly presses: PressesService,
    private readonly hooks: HooksService,
    private readonly versions: VersionsService,
    private readonly search: RunSearch,
    private readonly replays: Replays,
  ) {}

  @Route('flows.list')
  async list(@Call() call: RouteCall<'flows.list'>): Promise<AnswerOf<'flows.list'>> {
    return { items: await this.flows.list(call.ctx, call.query, languageOf(call.request)), cursor: null };
  }

  @Route('flows.create')
  create(@Call() call: RouteCall<'flows.create'>): Promise<AnswerOf<'flows.create'>> {
    return this.flows.create(call.ctx, call.body, languageOf(call.request));
  }

  @Route('flows.get')
  get(@Call() call: RouteCall<'flows.get'>): Promise<AnswerOf<'flows.get'>> {
    return this.flows.get(call.ctx, call.params.id, languageOf(call.request));
  }

  @Route('flows.update')
  update(@Call() call: RouteCall<'flows.update'>): Promise<AnswerOf<'flows.update'>> {
    return this.flows.update(call.ctx, call.params.id, call.body, languageOf(call.request));
  }

  @Route('flows.delete')
  async remove(@Call() call: RouteCall<'flows.delete'>): Promise<void> {
    await this.flows.remove(call.ctx, call.params.id);
  }

  @Route('flows.publish')
  publish(@Call() call: RouteCall<'flows.publish'>): Promise<AnswerOf<'flows.publish'>> {
    return this.flows.publish(call.ctx, call.params.id, languageOf(call.request));
  }

  @Route('flows.test')
  async test(@Call() call: RouteCall<'flows.test'>): Promise<AnswerOf<'flows.test'>> {
    const { definition } = await this.flows.get(call.ctx, call.params.id);
    return this.trial.run(call.ctx, definition, call.body.recordId, languageOf(call.request));
  }

  @Route('flows.deleted')
  async deleted(@Call() call: RouteCall<'flows.deleted'>): Promise<AnswerOf<'flows.deleted'>> {
    return { items: await this.flows.deleted(call.ctx, call.params.appId), cursor: null };
  }

  @Route('flows.undelete')
  undelete(@Call() call: RouteCall<'flows.undelete'>): Promise<AnswerOf<'flows.undelete'>> {
    return this.flows.undelete(call.ctx, call.params.id, languageOf(call.request));
  }

  @Route('flows.replay')
  async replay(@Call() call: RouteCall<'flows.replay'>): Promise<AnswerOf<'flows.replay'>> {
    const { definition } = await this.flows.get(call.ctx, call.params.id);
    return {
      items: await this.replays.run(call.ctx, call.params.id, definition, call.body.last, languageOf(call.request)),
    };
  }

  @Route('flows.runs')
  listRuns(@Call() call: RouteCall<'flows.runs'>): Promise<AnswerOf<'flows.runs'>> {
    return this.runs.ofFlow(call.ctx, call.params.id, call.query);
  }

  @Route('runs.search')
  searchRuns(@Call() call: RouteCall<'runs.search'>): Promise<AnswerOf<'runs.search'>> {
    return this.search.find(call.ctx, call.query);
  }

  @Route('runs.act')
  actOnRuns(@Call() call: RouteCall<'runs.act'>): Promise<AnswerOf<'runs.act'>> {
    return this.search.act(call.ctx, call.body.action, call.body.ids, languageOf(call.request));
  }

  @Route('flows.versions')
  async listVersions(@Call() call: RouteCall<'flows.versions'>): Promise<AnswerOf<'flows.versions'>> {
    return { items: await this.versions.list(call.ctx, call.params.id), cursor: null };
  }

  @Route('flows.version')
  version(@Call() call: RouteCall<'flows.version'>): Promise<AnswerOf<'flows.version'>> {
    return this.versions.get(call.ctx, call.params.id, call.params.version);
  }

  @Route('flows.restore')
  restore(@Call() call: RouteCall<'flows.restore'>): Promise<AnswerOf<'flows.restore'>> {
    return this.versions.restore(call.ctx, call.params.id, call.params.version, languageOf(call.request));
  }

  @Route('flows.migrate')
  migrate(@Call() call: RouteCall<'flows.migrate'>): Promise<AnswerOf<'flows.migrate'>> {
    return this.versions.migrate(call.ctx, call.params.id);
  }

  @Route('flows.waiting')
  async waiting(@Call() call: RouteCall<'flows.waiting'>): Promise<AnswerOf<'flows.waiting'>> {
    return { items: await this.versions.waiting(call.ctx, call.params.id), cursor: null };
  }

  @Route('runs.skip')
  skip(@Call() call: RouteCall<'runs.skip'>): Promise<AnswerOf<'runs.skip'>> {
    return this.runs.skip(call.ctx, call.params.id);
  }

  @Route('runs.cancel')
  cancel(@Call() call: RouteCall<'runs.cancel'>): Promise<AnswerOf<'runs.cancel'>> {
    return this.runs.cancel(call.ctx, call.params.id);
  }

  @Route('flows.hook')
  hook(@Call() call: RouteCall<'flows.hook'>): Promise<AnswerOf<'flows.hook'>> {
    return this.hooks.of(call.ctx, call.params.id);
  }

  @Route('flows.renewHook')
  renewHook(@Call() call: RouteCall<'flows.renewHook'>): Promise<AnswerOf<'flows.renewHook'>> {
    return this.hooks.of(call.ctx, call.params.id, true);
  }

  @Route('hooks.receive')
  receive(@Call() call: OpenCall<'hooks.receive'>): Promise<AnswerOf<'hooks.receive'>> {
    const key = call.request.headers['webhook-id'] ?? call.request.headers['idempotency-key'];
    return this.hooks.receive(call.params.token, call.body, typeof key === 'string' ? key : undefined);
  }

  @Route('records.buttons')
  async buttons(@Call() call: RouteCall<'records.buttons'>): Promise<AnswerOf<'records.buttons'>> {
    return { items: await this.presses.offered(call.ctx, call.params.formId, call.params.id), cursor: null };
  }

  @Route('records.press')
  press(@Call() call: RouteCall<'records.press'>): Promise<AnswerOf<'records.press'>> {
    const { formId, id, flowId } = call.params;
    return this.presses.press(call.ctx, { formId, recordId: id, flowId }, call.body);
  }

  @Route('runs.get')
  getRun(@Call() call: RouteCall<'runs.get'>): Promise<AnswerOf<'runs.get'>> {
    return this.runs.get(call.ctx, call.params.id);
  }

  @Route('runs.retry')
  retry(@Call() call: RouteCall<'runs.retry'>): Promise<AnswerOf<'runs.retry'>> {
    return this.runs.retry(call.ctx, call.params.id);
  }

  @Route('runs.ofRecord')
  ofRecord(@Call() call: RouteCall<'runs.ofRecord'>): Promise<AnswerOf<'runs.ofRecord'>> {
    return this.runs.ofRecord(call.ctx, call.params.formId, call.params.id, call.query.cursor);
  }
}
