import type { AnswerOf } from '@lianke/shared/api/contracts';
import { Controller } from '@nestjs/common';
import { Call, Route, type RouteCall } from '../../kernel/http/route.js';
import { ApiKeysService } from './api-keys.service.js';

@Controller()
export class ApiKeysController {
  constructor(private readonly keys: ApiKeysService) {}

  @Route('apiKeys.list')
  async list(@Call() call: RouteCall<'apiKeys.list'>): Promise<AnswerOf<'apiKeys.list'>> {
    return { items: await this.keys.list(call.ctx), cursor: null };
  }

  /** Without `Idempotency-Key`: its answer would be kept, and with it what the key says. */
  @Route('apiKeys.create')
  create(@Call() call: RouteCall<'apiKeys.create'>): Promise<AnswerOf<'apiKeys.create'>> {
    return this.keys.create(call.ctx, call.body);
  }

  @Route('apiKeys.update')
  update(@Call() call: RouteCall<'apiKeys.update'>): Promise<AnswerOf<'apiKeys.update'>> {
    return this.keys.update(call.ctx, call.params.keyId, call.body);
  }

  @Route('apiKeys.revoke')
  revoke(@Call() call: RouteCall<'apiKeys.revoke'>): Promise<AnswerOf<'apiKeys.revoke'>> {
    return this.keys.revoke(call.ctx, call.params.keyId);
  }
}
