import type { AnswerOf } from '@lianke/shared/api/contracts';
import { Controller } from '@nestjs/common';
import { Call, Route, type RouteCall } from '../../kernel/http/route.js';
import { uploadOf } from '../../kernel/http/upload.js';
import { ImportsService } from './imports.service.js';

const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

@Controller()
export class ImportsController {
  constructor(private readonly imports: ImportsService) {}

  @Route('imports.create')
  async create(@Call() call: RouteCall<'imports.create'>): Promise<AnswerOf<'imports.create'>> {
    return this.imports.create(call.ctx, call.query, await uploadOf(call.request));
  }

  @Route('imports.list')
  async list(@Call() call: RouteCall<'imports.list'>): Promise<AnswerOf<'imports.list'>> {
    return { items: await this.imports.list(call.ctx, call.query.appId), cursor: null };
  }

  @Route('imports.get')
  get(@Call() call: RouteCall<'imports.get'>): Promise<AnswerOf<'imports.get'>> {
    return this.imports.get(call.ctx, call.params.id);
  }

  @Route('imports.plan')
  plan(@Call() call: RouteCall<'imports.plan'>): Promise<AnswerOf<'imports.plan'>> {
    return this.imports.plan(call.ctx, call.params.id, call.body);
  }

  @Route('imports.rows')
  rows(@Call() call: RouteCall<'imports.rows'>): Promise<AnswerOf<'imports.rows'>> {
    return this.imports.rows(call.ctx, call.params.id, call.query);
  }

  @Route('imports.start')
  start(@Call() call: RouteCall<'imports.start'>): Promise<AnswerOf<'imports.start'>> {
    return this.imports.start(call.ctx, call.params.id, call.body);
  }

  @Route('imports.cancel')
  cancel(@Call() call: RouteCall<'imports.cancel'>): Promise<AnswerOf<'imports.cancel'>> {
    return this.imports.cancel(call.ctx, call.params.id);
  }

  @Route('imports.undo')
  undo(@Call() call: RouteCall<'imports.undo'>): Promise<AnswerOf<'imports.undo'>> {
    return this.imports.undo(call.ctx, call.params.id);
  }

  @Route('imports.errors')
  async errors(@Call() call: RouteCall<'imports.errors'>): Promise<void> {
    await send(call.reply, 'errors.xlsx', await this.imports.errors(call.ctx, call.params.id));
  }

  @Route('imports.template')
  async template(@Call() call: RouteCall<'imports.template'>): Promise<void> {
    await send(call.reply, 'template.xlsx', await this.imports.template(call.ctx, call.params.formId));
  }
}

async function send(
  reply: RouteCall<'imports.errors'>['reply'],
  plainName: string,
  { name, content }: { name: string; content: Buffer },
): Promise<void> {
  await reply
    .header('content-type', xlsx)
    .header('content-disposition', `attachment; filename="${plainName}"; filename*=UTF-8''${encodeURIComponent(name)}`)
    .send(content);
}
