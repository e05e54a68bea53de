import type { AnswerOf } from '@lianke/shared/api/contracts';
import { Controller } from '@nestjs/common';
import { Call, type OpenCall, Route, type RouteCall } from '../../kernel/http/route.js';
import { inlineTypes } from '../files/sniff-mime.js';
import { RecordLinksService } from './record-links.service.js';
import { type SharedVisitor, SharedVisitsService } from './shared-visits.service.js';

@Controller()
export class RecordLinksController {
  constructor(
    private readonly links: RecordLinksService,
    private readonly visits: SharedVisitsService,
  ) {}

  @Route('recordLinks.list')
  async list(@Call() call: RouteCall<'recordLinks.list'>): Promise<AnswerOf<'recordLinks.list'>> {
    return { items: await this.links.list(call.ctx, call.params.formId, call.params.id), cursor: null };
  }

  @Route('recordLinks.create')
  create(@Call() call: RouteCall<'recordLinks.create'>): Promise<AnswerOf<'recordLinks.create'>> {
    return this.links.create(call.ctx, call.params.formId, call.params.id, call.body);
  }

  @Route('recordLinks.revoke')
  revoke(@Call() call: RouteCall<'recordLinks.revoke'>): Promise<void> {
    return this.links.revoke(call.ctx, call.params.id);
  }

  @Route('recordLinks.uses')
  async uses(@Call() call: RouteCall<'recordLinks.uses'>): Promise<AnswerOf<'recordLinks.uses'>> {
    return { items: await this.links.uses(call.ctx, call.params.id), cursor: null };
  }

  @Route('shared.open')
  open(@Call() call: OpenCall<'shared.open'>): Promise<AnswerOf<'shared.open'>> {
    return this.visits.open(call.params.token, visitorOf(call), call.body);
  }

  @Route('shared.file')
  async file(@Call() call: OpenCall<'shared.file'>): Promise<void> {
    const { token, id } = call.params;
    const { file, stream } = await this.visits.file(token, visitorOf(call), id, call.query.pass);
    const place = inlineTypes.has(file.mime) ? 'inline' : 'attachment';
    await call.reply
      .header('content-type', file.mime)
      .header('content-length', file.size)
      .header('content-disposition', `${place}; filename*=UTF-8''${encodeURIComponent(file.name)}`)
      .header('x-content-type-options', 'nosniff')
      .header('content-security-policy', "default-src 'none'; sandbox")
      .header('cache-control', 'private, no-store')
      .send(stream);
  }
}

function visitorOf({ request }: Pick<OpenCall<'shared.open'>, 'request'>): SharedVisitor {
  return { address: request.ip, device: request.headers['user-agent'] ?? '' };
}
