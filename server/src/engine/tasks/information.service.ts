import type { MemberId, TaskId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import { refusal } from '../../kernel/errors/app-error.js';
import { saidIn } from '../../kernel/errors/said.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import { memberOf, type TenantContext } from '../context.js';
import { insertTask } from '../flows/approval-tasks.js';
import { continueTimers, pauseTimers } from '../flows/visit-timers.js';
import { OrgDirectory } from '../org/org-directory.js';
import { type Answer, doneBy, nameOfActor } from './answer.js';
import { ApprovalDesk } from './approval-desk.js';
import { holdTask } from './held-task.js';
import { titleOf } from './task-words.js';
import { mustOffer } from './transfers.service.js';

/** What an approval asks of its starter: 补充材料, and whom he chooses to decide. */
@Injectable()
export class InformationService {
  constructor(
    private readonly database: Database,
    private readonly org: OrgDirectory,
    private readonly desk: ApprovalDesk,
  ) {}

  /** Asks the starter for more; the approver's task stays open meanwhile and its timers stand still. */
  async ask(ctx: TenantContext, id: TaskId, question: string): Promise<void> {
    const org = await this.org.of(ctx);
    await this.database.withTenant(ctx, async (tx) => {
      const held = await holdTask(tx, id, memberOf(ctx), org, this.desk.now());
      mustOffer(held, 'askInfo');
      const { task, at, node, run, visit } = held;
      const starter = task.starter_id;
      if (starter === null)
        throw refusal('wrong_state', {
          zh: '这条审批没有发起人',
          en: 'nobody started this approval, so nobody can be asked for more',
        });
      if (visit.some((other) => other.kind === 'inform' && other.parent_id === id && other.state === 'pending'))
        throw refusal('wrong_state', {
          zh: '已经请发起人补充，还没有答复',
          en: 'the starter has already been asked for more and has not answered yet',
        });
      const now = this.desk.now();
      const theirs = await this.desk.cuts.passedOn(tx, ctx, task, starter);
      const asking = uuid7() as TaskId;
      await insertTask(
        tx,
        ctx,
        {
          id: asking,
          at,
          memberId: starter,
          state: 'pending',
          kind: 'inform',
          position: task.position,
          parent: id,
          question,
          title: titleOf(theirs),
          facts: theirs.facts,
          formId: task.form_id,
          recordId: task.record_id,
          starterId: starter,
        },
        now,
      );
      await pauseTimers(tx, ctx, { at, node, definition: run.definition, now });
      await this.desk.places(tx, ctx, run).wait({ scope: at.scope, node: at.node }, null);
      const who = nameOfActor(held, org);
      const text = {
        zh: `${saidIn(who, 'zh')} 请你补充：${question}`,
        en: `${saidIn(who, 'en')} asks you for more: ${question}`,
      };
      await this.desk.ask(tx, ctx, org, held, { ...theirs, id: asking, kind: 'inform' }, text);
    });
  }

  /** The starter's answer; whoever asked gets a new card. */
  async answer(ctx: TenantContext, id: TaskId, answer: Answer): Promise<void> {
    const org = await this.org.of(ctx);
    await this.database.withTenant(ctx, async (tx) => {
      const held = await holdTask(tx, id, memberOf(ctx), org, this.desk.now(), ['inform']);
      if (!answer.comment?.trim() && !answer.attachments?.length)
        throw refusal('invalid_request', { zh: '请填写说明或上传附件', en: 'write an answer or attach a file' });
      await this.desk.mark(tx, ctx, held, 'done', answer);
      const text = doneBy(nameOfActor(held, org), { zh: '已补充材料', en: 'Material added' });
      await this.desk.tell(tx, ctx, id, text);
      const { task, at, node, run, visit } = held;
      const others = visit.some((other) => other.id !== id && other.kind === 'inform' && other.state === 'pending');
      if (!others) {
        const due = await continueTimers(tx, ctx, { at, node, definition: run.definition, now: this.desk.now() });
        await this.desk.places(tx, ctx, run).wait({ scope: at.scope, node: at.node }, due);
      }
      const asker = visit.find((other) => other.id === task.parent_id);
      if (asker?.state === 'pending') await this.desk.ask(tx, ctx, org, held, asker, text, `informed:${id}`);
    });
  }

  /** 发起人自选: names who decides; the node then asks them. */
  async choose(ctx: TenantContext, id: TaskId, to: readonly MemberId[]): Promise<void> {
    const org = await this.org.of(ctx);
    await this.database.withTenant(ctx, async (tx) => {
      const held = await holdTask(tx, id, memberOf(ctx), org, this.desk.now(), ['choose']);
      const allowed = choicesOf(held.node);
      for (const member of to) {
        if (org.members.get(member)?.state !== 'active')
          throw refusal('invalid_request', {
            zh: '选择的成员不存在或已离职，请换一位',
            en: 'a chosen member does not exist or has left; choose another',
          });
        if (allowed.length > 0 && !allowed.includes(member))
          throw refusal('invalid_request', {
            zh: `${org.nameOf(member)} 不在可选的范围里`,
            en: `${org.nameOf(member)} is not among those who may be chosen`,
          });
      }
      await this.desk.mark(tx, ctx, held, 'done');
      await tx.run('UPDATE lianke.task SET chosen = $2::uuid[] WHERE id = $1', [id, [...new Set(to)]]);
      const names = to.map((member) => org.nameOf(member));
      await this.desk.tell(tx, ctx, id, { zh: `已选择 ${names.join('、')}`, en: `Chosen: ${names.join(', ')}` });
      await this.desk.places(tx, ctx, held.run).jump({ scope: held.at.scope, node: held.at.node });
      this.desk.ring(tx);
    });
  }
}

/** Whom the starter may choose among; anybody when empty. */
export function choicesOf(node: { approvers: readonly { kind: string; from?: string[] | undefined }[] }): string[] {
  return node.approvers.flatMap((person) => (person.kind === 'choice' ? (person.from ?? []) : []));
}
