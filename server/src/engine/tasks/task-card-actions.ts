import { refuseReasonId, refuseReasonKey } from '@lianke/shared/flows/refuse-reasons';
import { type FormId, isUuid, type RecordId, type TaskId } from '@lianke/shared/ids';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { TenantContext } from '../context.js';
import { type CardActionHandler, CardActions, type Handled, type ReceivedCardAction } from '../ports.js';
import { ApprovalsService } from './approvals.service.js';
import { CardReminders } from './card-reminders.js';
import { TodosService } from './todos.service.js';

/** Buttons of approval and to-do cards: the same decision path as everywhere, as the member who pressed. */
@Injectable()
export class TaskCardActions implements CardActionHandler, OnModuleInit {
  constructor(
    private readonly actions: CardActions,
    private readonly approvals: ApprovalsService,
    private readonly todos: TodosService,
    private readonly reminders: CardReminders,
  ) {}

  onModuleInit(): void {
    this.actions.register(this);
  }

  async onCardAction(ctx: TenantContext, action: ReceivedCardAction): Promise<Handled> {
    const [verb, first, second] = action.action.split(':');
    if ((verb === 'approve' || verb === 'reject') && isUuid(first)) {
      const task = first as string as TaskId;
      const chosen = verb === 'reject' ? refuseReasonId(action.chosen?.[refuseReasonKey]) : undefined;
      await this.approvals.decide(ctx, task, verb === 'approve' ? 'approved' : 'rejected', { chosen });
      return true;
    }
    if (verb === 'complete' && isUuid(first) && isUuid(second)) {
      await this.todos.complete(ctx, first as string as FormId, second as string as RecordId);
      return true;
    }
    if (verb === 'later' && isUuid(first) && isUuid(second)) {
      const said = await this.reminders.later(ctx, first as string as FormId, second as string as RecordId);
      return { said };
    }
    return false;
  }
}
