import type { MemberId, TaskId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import { refusal } from '../../kernel/errors/app-error.js';
import { saidIn } from '../../kernel/errors/said.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import { memberOf, type TenantContext } from '../context.js';
import { insertTask, submittedBy } from '../flows/approval-tasks.js';
import { type Org, OrgDirectory } from '../org/org-directory.js';
import { doneBy, nameOfActor } from './answer.js';
import { ApprovalDesk } from './approval-desk.js';
import { type HeldTask, holdTask, voices } from './held-task.js';
import { hasVoice, isAnswer, isOpen } from './task-row.js';
import { titleOf } from './task-words.js';

/** Throws unless a colleague can be asked in this visit: he is here, and does not have a voice in it already. */
export function mustBeFree(held: HeldTask, to: MemberId, org: Org, what: 'transfer' | 'addSigner'): void {
  const { verb, self, gone } = askings[what];
  if (to === held.task.member_id || to === held.me)
    throw refusal('invalid_request', { zh: `不能${verb}给自己`, en: self });
  if (org.members.get(to)?.state !== 'active')
    throw refusal('invalid_request', { zh: `${verb}的成员不存在或已离职，请换一位`, en: gone });
  if (
    held.visit.some(
      (other) =>
        other.member_id === to && other.kind === 'fill' && other.state !== 'closed' && other.state !== 'transferred',
    )
  )
    throw refusal('invalid_request', {
      zh: `这一步已经请 ${org.nameOf(to)} 填写，请换一位`,
      en: `${org.nameOf(to)} is asked to fill this step in already; choose another member`,
    });
  if (held.visit.some((other) => other.member_id === to && hasVoice(other) && (isOpen(other) || isAnswer(other))))
    throw refusal('invalid_request', {
      zh: `${org.nameOf(to)} 已经是这一步的审批人，请换一位`,
      en: `${org.nameOf(to)} already is an approver of this step; choose another member`,
    });
}

const askings = {
  transfer: {
    verb: '转办',
    self: 'you cannot hand it over to yourself; choose another member',
    gone: 'the member to hand it over to does not exist or has left; choose another',
  },
  addSigner: {
    verb: '加签',
    self: 'you cannot add yourself as a signer; choose another member',
    gone: 'a signer to be added does not exist or has left; choose another',
  },
} as const;

/** What a node can keep from its approvers: in Chinese a verb, in English what cannot be done. */
const offers = {
  transfer: { zh: '转办', en: 'hand the approval over' },
  delegate: { zh: '委派', en: 'ask for advice' },
  addSigner: { zh: '加签', en: 'add signers' },
  return: { zh: '退回', en: 'return the approval' },
  askInfo: { zh: '要求补充材料', en: 'ask for more' },
  cc: { zh: '抄送给别人', en: 'send copies' },
} as const;

/** Throws when the node does not offer this to its approvers. */
export function mustOffer(held: { node: Pick<HeldTask['node'], 'without'> }, extra: keyof typeof offers): void {
  const { zh, en } = offers[extra];
  if (held.node.without?.includes(extra))
    throw refusal('wrong_state', { zh: `这个节点不允许${zh}`, en: `this step does not let its approvers ${en}` });
}

/** 转办 and 委派: somebody else answers in one's place, or gives his opinion first. */
@Injectable()
export class TransfersService {
  constructor(
    private readonly database: Database,
    private readonly org: OrgDirectory,
    private readonly desk: ApprovalDesk,
  ) {}

  /**
   * Hands the member's own pending task, an approval or fields to fill in, to an active colleague who takes his place. Throws
   * `not_found`, `already_handled`, or `invalid_request` when that colleague cannot take it.
   */
  async transfer(ctx: TenantContext, id: TaskId, to: MemberId, comment: string | undefined): Promise<void> {
    const org = await this.org.of(ctx);
    await this.database.withTenant(ctx, async (tx) => {
      const held = await holdTask(tx, id, memberOf(ctx), org, this.desk.now(), [...voices, 'fill']);
      mustOffer(held, 'transfer');
      mustBeFree(held, to, org, 'transfer');
      const { task, at } = held;
      await this.desk.mark(tx, ctx, held, 'transferred', { comment });
      const mine = nameOfActor(held, org);
      await this.desk.tell(
        tx,
        ctx,
        id,
        doneBy(mine, { zh: `已转办给 ${org.nameOf(to)}`, en: `Handed to ${org.nameOf(to)}` }),
      );
      const theirs = await this.desk.cuts.passedOn(tx, ctx, task, to);
      const successor = uuid7() as TaskId;
      await insertTask(
        tx,
        ctx,
        {
          id: successor,
          at,
          memberId: to,
          state: 'pending',
          kind: task.kind,
          position: task.position,
          takenFrom: task.id,
          parent: task.parent_id,
          addedBy: task.added_by,
          group: task.group_id ? { id: task.group_id, mode: task.group_mode ?? 'all' } : null,
          depth: task.depth,
          title: titleOf(theirs),
          facts: theirs.facts,
          formId: task.form_id,
          recordId: task.record_id,
          starterId: task.starter_id,
        },
        this.desk.now(),
      );
      // Signers that were to follow him now follow his successor.
      await tx.run(`UPDATE lianke.task SET parent_id = $2 WHERE parent_id = $1 AND kind = 'after'`, [id, successor]);
      const handed = doneBy(mine, { zh: '转办', en: 'Handed to you' });
      const first = submittedBy(org, task.starter_id);
      const asked = {
        zh: [saidIn(first, 'zh'), handed.zh].filter(Boolean).join('，'),
        en: [saidIn(first, 'en'), handed.en].filter(Boolean).join('; '),
      };
      await this.desk.ask(tx, ctx, org, held, { ...theirs, id: successor }, asked);
    });
  }

  /** Asks an active colleague for his opinion; the task waits for it and then comes back. */
  async delegate(ctx: TenantContext, id: TaskId, to: MemberId, comment: string | undefined): Promise<void> {
    const org = await this.org.of(ctx);
    await this.database.withTenant(ctx, async (tx) => {
      const held = await holdTask(tx, id, memberOf(ctx), org, this.desk.now());
      mustOffer(held, 'delegate');
      const { task, at } = held;
      if (to === task.member_id || to === held.me)
        throw refusal('invalid_request', {
          zh: '不能委派给自己',
          en: 'you cannot ask yourself for advice; choose somebody else',
        });
      if (org.members.get(to)?.state !== 'active')
        throw refusal('invalid_request', {
          zh: '委派的成员不存在或已离职，请换一位',
          en: 'the member to be asked for advice does not exist or has left; choose another',
        });
      await tx.run(`UPDATE lianke.task SET state = 'held' WHERE id = $1`, [id]);
      const mine = nameOfActor(held, org);
      await this.desk.tell(
        tx,
        ctx,
        id,
        doneBy(mine, { zh: `已委派给 ${org.nameOf(to)}`, en: `Passed to ${org.nameOf(to)}` }),
      );
      const theirs = await this.desk.cuts.passedOn(tx, ctx, task, to);
      const adviser = uuid7() as TaskId;
      await insertTask(
        tx,
        ctx,
        {
          id: adviser,
          at,
          memberId: to,
          state: 'pending',
          kind: 'advise',
          position: task.position,
          parent: id,
          addedBy: held.me,
          depth: task.depth,
          question: comment?.trim() || null,
          title: titleOf(theirs),
          facts: theirs.facts,
          formId: task.form_id,
          recordId: task.record_id,
          starterId: task.starter_id,
        },
        this.desk.now(),
      );
      const wanted = comment?.trim();
      const text = {
        zh: `${saidIn(mine, 'zh')} 请你提意见${wanted ? `：${wanted}` : ''}`,
        en: `${saidIn(mine, 'en')} asks for your advice${wanted ? `: ${wanted}` : ''}`,
      };
      await this.desk.ask(tx, ctx, org, held, { ...theirs, id: adviser, kind: 'advise' }, text);
    });
  }
}
