import type { AnswerOf } from '@lianke/shared/api/contracts';
import { Controller } from '@nestjs/common';
import { AccessService } from '../../engine/access/access.service.js';
import { SecretsService } from '../../engine/flows/outside/secrets.service.js';
import { Call, Route, type RouteCall } from '../../kernel/http/route.js';
import { ChatGroups } from './group-chats.js';

/** Group chats that the company's app makes and changes; administrators only. */
@Controller()
export class GroupsController {
  constructor(
    private readonly groups: ChatGroups,
    private readonly secrets: SecretsService,
    private readonly access: AccessService,
  ) {}

  @Route('chatGroups.create')
  async create(@Call() { ctx, body }: RouteCall<'chatGroups.create'>): Promise<AnswerOf<'chatGroups.create'>> {
    await this.access.require(ctx, 'admin');
    return this.groups.create(ctx, body, this.secrets);
  }

  @Route('chatGroups.read')
  async read(@Call() { ctx, params }: RouteCall<'chatGroups.read'>): Promise<AnswerOf<'chatGroups.read'>> {
    await this.access.require(ctx, 'admin');
    return this.groups.read(ctx, params.id, this.secrets);
  }

  @Route('chatGroups.change')
  async change(@Call() { ctx, params, body }: RouteCall<'chatGroups.change'>): Promise<AnswerOf<'chatGroups.change'>> {
    await this.access.require(ctx, 'admin');
    return this.groups.change(ctx, params.id, body, this.secrets);
  }
}
