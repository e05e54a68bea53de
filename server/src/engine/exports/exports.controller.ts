import type { AnswerOf } from '@lianke/shared/api/contracts';
import { Controller } from '@nestjs/common';
import { Call, Route, type RouteCall } from '../../kernel/http/route.js';
import { answerOnce, type Once } from '../idempotency/answer-once.js';
import { ExportsService } from './exports.service.js';

const types = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv; charset=utf-8',
};

@Controller()
export class ExportsController {
  constructor(private readonly exports: ExportsService) {}

  @Route('exports.create')
  create(@Call() call: RouteCall<'exports.create'>): Promise<AnswerOf<'exports.create'>> {
    return answerOnce(call, (once: Once<AnswerOf<'exports.create'>> | undefined) =>
      this.exports.create(call.ctx, call.params.formId, call.body, once),
    );
  }

  @Route('exports.list')
  async list(@Call() call: RouteCall<'exports.list'>): Promise<AnswerOf<'exports.list'>> {
    return { items: await this.exports.list(call.ctx, call.query.formId), cursor: null };
  }

  @Route('exports.get')
  get(@Call() call: RouteCall<'exports.get'>): Promise<AnswerOf<'exports.get'>> {
    return this.exports.get(call.ctx, call.params.id);
  }

  @Route('exports.cancel')
  cancel(@Call() call: RouteCall<'exports.cancel'>): Promise<AnswerOf<'exports.cancel'>> {
    return this.exports.cancel(call.ctx, call.params.id);
  }

  @Route('exports.notify')
  notify(@Call() call: RouteCall<'exports.notify'>): Promise<AnswerOf<'exports.notify'>> {
    return this.exports.notify(call.ctx, call.params.id);
  }

  @Route('exports.file')
  async file(@Call() call: RouteCall<'exports.file'>): Promise<void> {
    const { name, size, stream } = await this.exports.file(call.ctx, call.params.id);
    await call.reply
      .header('content-type', name.endsWith('.csv') ? types.csv : types.xlsx)
      .header('content-length', size)
      .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(name)}`)
      .header('x-content-type-options', 'nosniff')
      .header('cache-control', 'private, no-store')
      .send(stream);
  }
}
