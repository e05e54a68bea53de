import type { AnswerOf } from '@lianke/shared/api/contracts';
import { Controller } from '@nestjs/common';
import { AccessService } from '../../engine/access/access.service.js';
import { languageOf } from '../../kernel/http/problem-filter.js';
import { Call, Route, type RouteCall } from '../../kernel/http/route.js';
import { AccountLinks } from './account-links.js';
import { ConnectionService } from './connection.service.js';
import { LicenceBook } from './suite/licence-book.js';
import { VisibleRanges } from './visible-ranges.js';

/** The connection page (12 of the screens that matter); administrators only. */
@Controller()
export class ConnectionsController {
  constructor(
    private readonly connections: ConnectionService,
    private readonly access: AccessService,
    private readonly links: AccountLinks,
    private readonly licenceBook: LicenceBook,
    private readonly ranges: VisibleRanges,
  ) {}

  @Route('connections.list')
  async list(@Call() call: RouteCall<'connections.list'>): Promise<AnswerOf<'connections.list'>> {
    await this.access.require(call.ctx, 'admin');
    return { items: await this.connections.list(call.ctx, languageOf(call.request)), cursor: null };
  }

  @Route('connections.save')
  async save(@Call() call: RouteCall<'connections.save'>): Promise<AnswerOf<'connections.save'>> {
    await this.access.require(call.ctx, 'admin');
    const saved = await this.connections.save(call.ctx, call.body);
    const language = languageOf(call.request);
    if (saved.state.secretOk) return this.connections.requestSync(call.ctx, saved.id, language);
    return this.connections.view(call.ctx, saved, language);
  }

  @Route('connections.test')
  async test(@Call() call: RouteCall<'connections.test'>): Promise<AnswerOf<'connections.test'>> {
    await this.access.require(call.ctx, 'admin');
    return this.connections.test(call.ctx, call.params.id, languageOf(call.request));
  }

  @Route('connections.sync')
  async sync(@Call() call: RouteCall<'connections.sync'>): Promise<AnswerOf<'connections.sync'>> {
    await this.access.require(call.ctx, 'admin');
    return this.connections.requestSync(call.ctx, call.params.id, languageOf(call.request));
  }

  @Route('connections.remove')
  async remove(@Call() call: RouteCall<'connections.remove'>): Promise<void> {
    await this.access.require(call.ctx, 'admin');
    await this.connections.remove(call.ctx, call.params.id);
  }

  @Route('connections.putFile')
  async putFile(@Call() call: RouteCall<'connections.putFile'>): Promise<AnswerOf<'connections.putFile'>> {
    await this.access.require(call.ctx, 'admin');
    return this.connections.putSiteFile(call.ctx, call.params.id, call.body, languageOf(call.request));
  }

  @Route('connections.removeFile')
  async removeFile(@Call() call: RouteCall<'connections.removeFile'>): Promise<AnswerOf<'connections.removeFile'>> {
    await this.access.require(call.ctx, 'admin');
    return this.connections.removeSiteFile(call.ctx, call.params.id, call.params.name, languageOf(call.request));
  }

  @Route('connections.licences')
  async licences(@Call() call: RouteCall<'connections.licences'>): Promise<AnswerOf<'connections.licences'>> {
    await this.access.require(call.ctx, 'admin');
    await this.connections.require(call.ctx, call.params.id);
    const place = { tenantId: call.ctx.tenantId, connectionId: call.params.id };
    return { items: await this.licenceBook.list(place), cursor: null };
  }

  @Route('connections.accounts')
  async accounts(@Call() call: RouteCall<'connections.accounts'>): Promise<AnswerOf<'connections.accounts'>> {
    await this.access.require(call.ctx, 'admin');
    return { items: await this.links.list(call.ctx, call.params.id), cursor: null };
  }

  @Route('connections.outside')
  async outside(@Call() call: RouteCall<'connections.outside'>): Promise<AnswerOf<'connections.outside'>> {
    await this.access.require(call.ctx, 'admin');
    return this.ranges.outside(call.ctx, call.params.id);
  }

  /** Whoever makes an account another member's decides who that person is here: administrators only. */
  @Route('connections.link')
  async link(@Call() call: RouteCall<'connections.link'>): Promise<AnswerOf<'connections.link'>> {
    await this.access.require(call.ctx, 'admin');
    await this.links.link(call.ctx, call.params.id, call.body.userid, call.body.memberId);
    return { items: await this.links.list(call.ctx, call.params.id), cursor: null };
  }
}
