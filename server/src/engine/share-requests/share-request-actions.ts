import { isUuid, type ShareRequestId } from '@lianke/shared/ids';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { TenantContext } from '../context.js';
import { type CardActionHandler, CardActions, type ReceivedCardAction } from '../ports.js';
import { answerVerbs, ShareRequestsService } from './share-requests.service.js';

/** The buttons of a request's card: the same path as everywhere, as the member who pressed. */
@Injectable()
export class ShareRequestActions implements CardActionHandler, OnModuleInit {
  constructor(
    private readonly actions: CardActions,
    private readonly requests: ShareRequestsService,
  ) {}

  onModuleInit(): void {
    this.actions.register(this);
  }

  async onCardAction(ctx: TenantContext, action: ReceivedCardAction): Promise<boolean> {
    const [verb, id] = action.action.split(':');
    if ((verb !== answerVerbs.share && verb !== answerVerbs.refuse) || !isUuid(id)) return false;
    await this.requests.answer(ctx, id as string as ShareRequestId, verb === answerVerbs.share);
    return true;
  }
}
