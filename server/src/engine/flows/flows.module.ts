import { Global, Module } from '@nestjs/common';
import { CommentsModule } from '../comments/comments.module.js';
import { FlowEffects, FlowInstaller } from '../ports.js';
import { ApprovalDesk } from '../tasks/approval-desk.js';
import { ApprovalLists } from '../tasks/approval-lists.js';
import { ApprovalsController } from '../tasks/approvals.controller.js';
import { ApprovalsService } from '../tasks/approvals.service.js';
import { AwaysService } from '../tasks/aways.service.js';
import { CardCloser } from '../tasks/card-closer.js';
import { CardReminders } from '../tasks/card-reminders.js';
import { CopiesService } from '../tasks/copies.service.js';
import { FillsService } from '../tasks/fills.service.js';
import { HandoversService } from '../tasks/handovers.service.js';
import { InformationService } from '../tasks/information.service.js';
import { PhrasesService } from '../tasks/phrases.service.js';
import { RecallsService } from '../tasks/recalls.service.js';
import { RecordApprovalsService } from '../tasks/record-approvals.service.js';
import { ReturnsService } from '../tasks/returns.service.js';
import { SignersService } from '../tasks/signers.service.js';
import { StartedRunsService } from '../tasks/started-runs.service.js';
import { TaskCardActions } from '../tasks/task-card-actions.js';
import { TaskDetailsService } from '../tasks/task-details.service.js';
import { TaskReminders } from '../tasks/task-reminders.js';
import { TasksController } from '../tasks/tasks.controller.js';
import { TasksService } from '../tasks/tasks.service.js';
import { TodoLists } from '../tasks/todo-lists.js';
import { TodosService } from '../tasks/todos.service.js';
import { ToldCuts } from '../tasks/told-cuts.js';
import { TransferredApprovals } from '../tasks/transferred-approvals.js';
import { TransfersService } from '../tasks/transfers.service.js';
import { VisitMender } from '../tasks/visit-mender.js';
import { Caller } from './caller.js';
import { ChatStarts } from './chat-starts.service.js';
import { Dispatcher } from './dispatcher.js';
import { FlowFieldUses } from './flow-field-uses.js';
import { FlowOwners } from './flow-owners.js';
import { FlowPackages } from './flow-packages.js';
import { FlowWorkers } from './flow-workers.js';
import { FlowsController } from './flows.controller.js';
import { FlowsService } from './flows.service.js';
import { HooksService } from './hooks.service.js';
import { LoopGuard } from './loop-guard.js';
import { NodeTypes } from './node-types.js';
import { AggregateNode } from './nodes/aggregate.js';
import { ApprovalNode } from './nodes/approval.js';
import { ApprovalTimeOuts } from './nodes/approval-time-outs.js';
import { AssignNode } from './nodes/assign.js';
import { LoopNode, ParallelNode } from './nodes/blocks.js';
import { CcNode } from './nodes/cc.js';
import { CommentNode } from './nodes/comment.js';
import { BranchNode, DelayNode, EndNode } from './nodes/control.js';
import { EmailNode } from './nodes/email.js';
import { FillNode } from './nodes/fill.js';
import { FindRecordsNode } from './nodes/find-records.js';
import { GroupMessageNode } from './nodes/group-message.js';
import { HttpNode } from './nodes/http.js';
import { MessageNode } from './nodes/message.js';
import { CreateRecordNode, DeleteRecordNode, UpdateRecordNode } from './nodes/records.js';
import { SubflowNode } from './nodes/subflow.js';
import { UpsertRecordNode } from './nodes/upsert.js';
import { SetVariablesNode, TransformNode } from './nodes/variables.js';
import { MailAccountService } from './outside/mail-account.service.js';
import { OutsideController } from './outside/outside.controller.js';
import { Robots } from './outside/robots.js';
import { SecretsService } from './outside/secrets.service.js';
import { SmtpSender } from './outside/smtp-sender.js';
import { PressesService } from './presses.service.js';
import { PublishedFlows } from './published-flows.js';
import { Reconciler } from './reconciler.js';
import { RecordWatch } from './record-watch.js';
import { Replays } from './replays.js';
import { RunContexts } from './run-context.js';
import { RunFailures } from './run-failures.js';
import { RunGroups } from './run-groups.js';
import { RunSearch } from './run-search.service.js';
import { Runner } from './runner.js';
import { RunsService } from './runs.service.js';
import { Scheduler } from './scheduler.js';
import { SubflowEnds } from './subflow-ends.js';
import { TrialRun } from './trial-run.js';
import { VersionsService } from './versions.service.js';

const nodes = [
  CreateRecordNode,
  UpdateRecordNode,
  DeleteRecordNode,
  FindRecordsNode,
  ParallelNode,
  LoopNode,
  HttpNode,
  BranchNode,
  DelayNode,
  EndNode,
  MessageNode,
  ApprovalTimeOuts,
  ApprovalNode,
  CcNode,
  UpsertRecordNode,
  AggregateNode,
  AssignNode,
  SubflowNode,
  SetVariablesNode,
  TransformNode,
  EmailNode,
  GroupMessageNode,
  FillNode,
  CommentNode,
  NodeTypes,
];
const services = [
  SmtpSender,
  SecretsService,
  Robots,
  MailAccountService,
  PublishedFlows,
  FlowsService,
  FlowOwners,
  LoopGuard,
  Scheduler,
  SubflowEnds,
  Reconciler,
  VersionsService,
  PressesService,
  HooksService,
  ChatStarts,
  RecordWatch,
  Dispatcher,
  RunContexts,
  RunFailures,
  RunGroups,
  Runner,
  Caller,
  RunsService,
  RunSearch,
  Replays,
  TrialRun,
  FlowWorkers,
  CardCloser,
  ToldCuts,
  CardReminders,
  ApprovalDesk,
  ApprovalsService,
  TransfersService,
  SignersService,
  ReturnsService,
  RecallsService,
  InformationService,
  FillsService,
  CopiesService,
  AwaysService,
  PhrasesService,
  RecordApprovalsService,
  HandoversService,
  VisitMender,
  TransferredApprovals,
  TaskDetailsService,
  StartedRunsService,
  ApprovalLists,
  TodoLists,
  TodosService,
  TaskReminders,
  TasksService,
  TaskCardActions,
  FlowFieldUses,
  FlowPackages,
];

/** Flows, approvals, and the tasks they make. Needs a `Notifier`. */
@Global()
@Module({
  imports: [CommentsModule],
  controllers: [FlowsController, OutsideController, TasksController, ApprovalsController],
  providers: [
    ...nodes,
    ...services,
    { provide: FlowInstaller, useExisting: FlowPackages },
    { provide: FlowEffects, useExisting: FlowsService },
  ],
  exports: [...services, FlowInstaller, FlowEffects],
})
export class FlowsModule {}
