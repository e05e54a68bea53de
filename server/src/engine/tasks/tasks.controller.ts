import type { AnswerOf } from '@lianke/shared/api/contracts';
import type { RecordId, TaskId } from '@lianke/shared/ids';
import { Controller } from '@nestjs/common';
import { Call, Route, type RouteCall } from '../../kernel/http/route.js';
import type { TenantContext } from '../context.js';
import { ApprovalsService } from './approvals.service.js';
import { StartedRunsService } from './started-runs.service.js';
import { TasksService } from './tasks.service.js';
import { TodosService } from './todos.service.js';
import { TransfersService } from './transfers.service.js';

@Controller()
export class TasksController {
  constructor(
    private readonly tasks: TasksService,
    private readonly approvals: ApprovalsService,
    private readonly transfers: TransfersService,
    private readonly startedRuns: StartedRunsService,
    private readonly todos: TodosService,
  ) {}

  @Route('tasks.list')
  list(@Call() call: RouteCall<'tasks.list'>): Promise<AnswerOf<'tasks.list'>> {
    return this.tasks.list(call.ctx, call.query);
  }

  @Route('tasks.get')
  get(@Call() call: RouteCall<'tasks.get'>): Promise<AnswerOf<'tasks.get'>> {
    return this.approvals.get(call.ctx, call.params.id);
  }

  @Route('tasks.approve')
  approve(@Call() call: RouteCall<'tasks.approve'>): Promise<AnswerOf<'tasks.approve'>> {
    return this.decide(call, 'approved');
  }

  @Route('tasks.reject')
  reject(@Call() call: RouteCall<'tasks.reject'>): Promise<AnswerOf<'tasks.reject'>> {
    return this.decide(call, 'rejected');
  }

  @Route('tasks.transfer')
  async transfer(@Call() call: RouteCall<'tasks.transfer'>): Promise<AnswerOf<'tasks.transfer'>> {
    const id = call.params.id as TaskId;
    await this.transfers.transfer(call.ctx, id, call.body.to, call.body.comment);
    return this.afterMine(call.ctx, id);
  }

  @Route('runs.started')
  started(@Call() call: RouteCall<'runs.started'>): Promise<AnswerOf<'runs.started'>> {
    return this.startedRuns.list(call.ctx, call.query);
  }

  @Route('runs.withdraw')
  withdraw(@Call() call: RouteCall<'runs.withdraw'>): Promise<AnswerOf<'runs.withdraw'>> {
    return this.startedRuns.withdraw(call.ctx, call.params.id, call.body.comment);
  }

  @Route('runs.urge')
  urge(@Call() call: RouteCall<'runs.urge'>): Promise<AnswerOf<'runs.urge'>> {
    return this.startedRuns.urge(call.ctx, call.params.id);
  }

  @Route('tasks.complete')
  complete(@Call() call: RouteCall<'tasks.complete'>): Promise<AnswerOf<'tasks.complete'>> {
    return this.todos.complete(call.ctx, call.body.formId, call.params.id as string as RecordId);
  }

  @Route('tasks.reopen')
  reopen(@Call() call: RouteCall<'tasks.reopen'>): Promise<AnswerOf<'tasks.reopen'>> {
    return this.todos.reopen(call.ctx, call.body.formId, call.params.id as string as RecordId);
  }

  private async decide(
    call: RouteCall<'tasks.approve'> | RouteCall<'tasks.reject'>,
    decision: 'approved' | 'rejected',
  ): Promise<AnswerOf<'tasks.approve'>> {
    const id = call.params.id as TaskId;
    await this.approvals.decide(call.ctx, id, decision, call.body.comment);
    return this.afterMine(call.ctx, id);
  }

  /** What the reader sees once he has done his part: the task as it is now, and his next one. */
  private async afterMine(ctx: TenantContext, id: TaskId): Promise<AnswerOf<'tasks.approve'>> {
    const { next, left } = await this.tasks.nextApproval(ctx);
    return { task: await this.approvals.get(ctx, id), next, left };
  }
}
