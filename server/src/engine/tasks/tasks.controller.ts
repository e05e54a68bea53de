import type { AnswerOf } from '@lianke/shared/api/contracts';
import type { RecordId, TaskId } from '@lianke/shared/ids';
import { Controller } from '@nestjs/common';
import { languageOf } from '../../kernel/http/problem-filter.js';
import { Call, Route, type RouteCall } from '../../kernel/http/route.js';
import { afterMine } from './after-mine.js';
import { ApprovalsService } from './approvals.service.js';
import { StartedRunsService } from './started-runs.service.js';
import { TaskDetailsService } from './task-details.service.js';
import { TasksService } from './tasks.service.js';
import { TodosService } from './todos.service.js';

@Controller()
export class TasksController {
  constructor(
    private readonly tasks: TasksService,
    private readonly approvals: ApprovalsService,
    private readonly details: TaskDetailsService,
    private readonly startedRuns: StartedRunsService,
    private readonly todos: TodosService,
  ) {}

  @Route('tasks.flows')
  async flows(@Call() call: RouteCall<'tasks.flows'>): Promise<AnswerOf<'tasks.flows'>> {
    return { items: await this.tasks.flowsOf(call.ctx) };
  }

  @Route('tasks.list')
  list(@Call() call: RouteCall<'tasks.list'>): Promise<AnswerOf<'tasks.list'>> {
    return this.tasks.list(call.ctx, call.query);
  }

  @Route('tasks.get')
  async get(@Call() call: RouteCall<'tasks.get'>): Promise<AnswerOf<'tasks.get'>> {
    await this.tasks.requireOfKey(call.ctx, call.params.id);
    return this.details.get(call.ctx, call.params.id);
  }

  @Route('tasks.approve')
  approve(@Call() call: RouteCall<'tasks.approve'>): Promise<AnswerOf<'tasks.approve'>> {
    return this.decide(call, 'approved');
  }

  @Route('tasks.reject')
  reject(@Call() call: RouteCall<'tasks.reject'>): Promise<AnswerOf<'tasks.reject'>> {
    return this.decide(call, 'rejected');
  }

  @Route('tasks.approveMany')
  approveMany(@Call() call: RouteCall<'tasks.approveMany'>): Promise<AnswerOf<'tasks.approveMany'>> {
    return this.approvals.approveMany(call.ctx, call.body.ids, call.body.comment, languageOf(call.request));
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
    await this.tasks.requireOfKey(call.ctx, id);
    await this.approvals.decide(call.ctx, id, decision, call.body);
    return afterMine(this.tasks, this.details, call.ctx, id);
  }
}
