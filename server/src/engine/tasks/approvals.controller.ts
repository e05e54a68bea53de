import type { AnswerOf } from '@lianke/shared/api/contracts';
import { Controller } from '@nestjs/common';
import { Call, Route, type RouteCall } from '../../kernel/http/route.js';
import { afterMine } from './after-mine.js';
import { AwaysService } from './aways.service.js';
import { CopiesService } from './copies.service.js';
import { FillsService } from './fills.service.js';
import { InformationService } from './information.service.js';
import { PhrasesService } from './phrases.service.js';
import { RecallsService } from './recalls.service.js';
import { RecordApprovalsService } from './record-approvals.service.js';
import { ReturnsService } from './returns.service.js';
import { SignersService } from './signers.service.js';
import { TaskDetailsService } from './task-details.service.js';
import { TasksService } from './tasks.service.js';
import { TransfersService } from './transfers.service.js';

/** What an approver may do beside agreeing and refusing, and what belongs to it. */
@Controller()
export class ApprovalsController {
  constructor(
    private readonly tasks: TasksService,
    private readonly details: TaskDetailsService,
    private readonly transfers: TransfersService,
    private readonly signers: SignersService,
    private readonly fills: FillsService,
    private readonly returns: ReturnsService,
    private readonly recalls: RecallsService,
    private readonly information: InformationService,
    private readonly copies: CopiesService,
    private readonly aways: AwaysService,
    private readonly phrases: PhrasesService,
    private readonly records: RecordApprovalsService,
  ) {}

  @Route('tasks.transfer')
  async transfer(@Call() call: RouteCall<'tasks.transfer'>): Promise<AnswerOf<'tasks.transfer'>> {
    await this.transfers.transfer(call.ctx, call.params.id, call.body.to, call.body.comment);
    return afterMine(this.tasks, this.details, call.ctx, call.params.id);
  }

  @Route('tasks.delegate')
  async delegate(@Call() call: RouteCall<'tasks.delegate'>): Promise<AnswerOf<'tasks.delegate'>> {
    await this.transfers.delegate(call.ctx, call.params.id, call.body.to, call.body.comment);
    return afterMine(this.tasks, this.details, call.ctx, call.params.id);
  }

  @Route('tasks.addSigners')
  async addSigners(@Call() call: RouteCall<'tasks.addSigners'>): Promise<AnswerOf<'tasks.addSigners'>> {
    await this.signers.add(call.ctx, call.params.id, call.body);
    return afterMine(this.tasks, this.details, call.ctx, call.params.id);
  }

  @Route('tasks.removeSigner')
  async removeSigner(@Call() call: RouteCall<'tasks.removeSigner'>): Promise<AnswerOf<'tasks.removeSigner'>> {
    await this.signers.remove(call.ctx, call.params.id, call.body.task);
    return this.details.get(call.ctx, call.params.id);
  }

  @Route('tasks.return')
  async return(@Call() call: RouteCall<'tasks.return'>): Promise<AnswerOf<'tasks.return'>> {
    await this.tasks.requireOfKey(call.ctx, call.params.id);
    await this.returns.return(call.ctx, call.params.id, call.body);
    return afterMine(this.tasks, this.details, call.ctx, call.params.id);
  }

  @Route('tasks.fill')
  async fill(@Call() call: RouteCall<'tasks.fill'>): Promise<AnswerOf<'tasks.fill'>> {
    await this.tasks.requireOfKey(call.ctx, call.params.id);
    await this.fills.fill(call.ctx, call.params.id, call.body);
    return afterMine(this.tasks, this.details, call.ctx, call.params.id);
  }

  @Route('tasks.resubmit')
  async resubmit(@Call() call: RouteCall<'tasks.resubmit'>): Promise<AnswerOf<'tasks.resubmit'>> {
    await this.returns.resubmit(call.ctx, call.params.id, call.body);
    return afterMine(this.tasks, this.details, call.ctx, call.params.id);
  }

  @Route('tasks.recall')
  async recall(@Call() call: RouteCall<'tasks.recall'>): Promise<AnswerOf<'tasks.recall'>> {
    await this.recalls.recall(call.ctx, call.params.id, call.body.comment);
    return this.details.get(call.ctx, call.params.id);
  }

  @Route('tasks.askInfo')
  async askInfo(@Call() call: RouteCall<'tasks.askInfo'>): Promise<AnswerOf<'tasks.askInfo'>> {
    await this.information.ask(call.ctx, call.params.id, call.body.comment);
    return this.details.get(call.ctx, call.params.id);
  }

  @Route('tasks.answer')
  async answer(@Call() call: RouteCall<'tasks.answer'>): Promise<AnswerOf<'tasks.answer'>> {
    await this.information.answer(call.ctx, call.params.id, call.body);
    return afterMine(this.tasks, this.details, call.ctx, call.params.id);
  }

  @Route('tasks.choose')
  async choose(@Call() call: RouteCall<'tasks.choose'>): Promise<AnswerOf<'tasks.choose'>> {
    await this.information.choose(call.ctx, call.params.id, call.body.to);
    return afterMine(this.tasks, this.details, call.ctx, call.params.id);
  }

  @Route('tasks.copy')
  async copy(@Call() call: RouteCall<'tasks.copy'>): Promise<AnswerOf<'tasks.copy'>> {
    await this.copies.copy(call.ctx, call.params.id, call.body.to, call.body.comment);
    return this.details.get(call.ctx, call.params.id);
  }

  @Route('runs.unlock')
  async unlock(@Call() call: RouteCall<'runs.unlock'>): Promise<void> {
    await this.records.unlock(call.ctx, call.params.id, call.body.reason);
  }

  @Route('records.approvals')
  async ofRecord(@Call() call: RouteCall<'records.approvals'>): Promise<AnswerOf<'records.approvals'>> {
    return { items: await this.records.of(call.ctx, call.params.formId, call.params.id), cursor: null };
  }

  @Route('copies.list')
  listCopies(@Call() call: RouteCall<'copies.list'>): Promise<AnswerOf<'copies.list'>> {
    return this.copies.list(call.ctx, call.query);
  }

  @Route('copies.read')
  readCopy(@Call() call: RouteCall<'copies.read'>): Promise<AnswerOf<'copies.read'>> {
    return this.copies.read(call.ctx, call.params.id);
  }

  @Route('aways.list')
  async listAways(@Call() call: RouteCall<'aways.list'>): Promise<AnswerOf<'aways.list'>> {
    return { items: await this.aways.list(call.ctx), cursor: null };
  }

  @Route('aways.create')
  createAway(@Call() call: RouteCall<'aways.create'>): Promise<AnswerOf<'aways.create'>> {
    return this.aways.create(call.ctx, call.body);
  }

  @Route('aways.end')
  async endAway(@Call() call: RouteCall<'aways.end'>): Promise<void> {
    await this.aways.end(call.ctx, call.params.id);
  }

  @Route('phrases.get')
  getPhrases(@Call() call: RouteCall<'phrases.get'>): Promise<AnswerOf<'phrases.get'>> {
    return this.phrases.of(call.ctx);
  }

  @Route('phrases.set')
  setPhrases(@Call() call: RouteCall<'phrases.set'>): Promise<AnswerOf<'phrases.set'>> {
    return this.phrases.set(call.ctx, call.body.items);
  }
}
