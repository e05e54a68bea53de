import type { AnswerOf } from '@lianke/shared/api/contracts';
import { Controller } from '@nestjs/common';
import { AccessService } from '../../engine/access/access.service.js';
import { Call, Route, type RouteCall } from '../../kernel/http/route.js';
import { ConnectionService } from './connection.service.js';

/** The connection page (12 of the screens that matter); administrators only. */
@Controller()
export class ConnectionsController {
  constructor(
    private readonly connections: ConnectionService,
    private readonly access: AccessService,
  ) {}

  @Route('connections.list')
  async list(@Call() call: RouteCall<'connections.list'>): Promise<AnswerOf<'connections.list'>> {
    await this.access.require(call.ctx, 'admin');
    return { items: await this.connections.list(call.ctx), cursor: null };
  }

  @Route('connections.save')
  async save(@Call() call: RouteCall<'connections.save'>): Promise<AnswerOf<'connections.save'>> {
    await this.access.require(call.ctx, 'admin');
    const saved = await this.connections.save(call.ctx, call.body);
    if (saved.state.secretOk) return this.connections.requestSync(call.ctx, saved.id);
    return this.connections.view(call.ctx, saved);
  }

  @Route('connections.test')
  async test(@Call() call: RouteCall<'connections.test'>): Promise<AnswerOf<'connections.test'>> {
    await this.access.require(call.ctx, 'admin');
    return this.connections.test(call.ctx, call.params.id);
  }

  @Route('connections.sync')
  async sync(@Call() call: RouteCall<'connections.sync'>): Promise<AnswerOf<'connections.sync'>> {
    await this.access.require(call.ctx, 'admin');
    return this.connections.requestSync(call.ctx, call.params.id);
  }
}
