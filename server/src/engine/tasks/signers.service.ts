import type { MemberId, TaskId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import { saidIn } from '../../kernel/errors/said.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import { memberOf, type TenantContext } from '../context.js';
import { insertTask } from '../flows/approval-tasks.js';
import { OrgDirectory } from '../org/org-directory.js';
import { doneBy, nameOfActor } from './answer.js';
import { ApprovalDesk } from './approval-desk.js';
import { type HeldTask, holdRun, holdTask, visitOf } from './held-task.js';
import type { TaskKind, TaskRow } from './task-row.js';
import { titleOf } from './task-words.js';
import { mustBeFree, mustOffer } from './transfers.service.js';

/** Added signers may add signers, this deep. */
const deepest = 3;

export interface Addition {
  to: readonly MemberId[];
  position: 'before' | 'after' | 'beside';
  mode: 'any' | 'all' | 'sequential';
  comment?: string | undefined;
}

/** 加签 and 减签. */
@Injectable()
export class SignersService {
  constructor(
    private readonly database: Database,
    private readonly org: OrgDirectory,
    private readonly desk: ApprovalDesk,
  ) {}

  /**
   * Adds signers to the member's own pending task. `before`: the task waits until they agreed, a refusal of theirs refuses in
   * its place. `after`: they are asked once its member agreed. `beside`: they get voices like his own.
   */
  async add(ctx: TenantContext, id: TaskId, { to, position, mode, comment }: Addition): Promise<void> {
    const org = await this.org.of(ctx);
    await this.database.withTenant(ctx, async (tx) => {
      const held = await holdTask(tx, id, memberOf(ctx), org, this.desk.now());
      mustOffer(held, 'addSigner');
      const { task, at, visit } = held;
      if (task.depth >= deepest)
        throw refusal('wrong_state', {
          zh: `加签最多 ${deepest} 层`,
          en: `signers can be added ${deepest} levels deep at most`,
        });
      const signers = [...new Set(to)];
      for (const member of signers) mustBeFree(held, member, org, 'addSigner');
      const own = position === 'beside';
      const kind: TaskKind = own ? task.kind : position;
      const group = own ? groupOf(task) : { id: uuid7(), mode };
      const last = Math.max(...visit.map((other) => other.position));
      const mine = nameOfActor(held, org);
      const told = doneBy(mine, { zh: '加签', en: 'Signers added' });
      for (const [index, member] of signers.entries()) {
        const theirs = await this.desk.cuts.passedOn(tx, ctx, task, member);
        const added = uuid7() as TaskId;
        const state = own ? 'pending' : 'queued';
        await insertTask(
          tx,
          ctx,
          {
            id: added,
            at,
            memberId: member,
            state,
            kind,
            position: last + 1 + index,
            parent: own ? task.parent_id : id,
            addedBy: held.me,
            group,
            depth: task.depth + 1,
            question: comment?.trim() || null,
            title: titleOf(theirs),
            facts: theirs.facts,
            formId: task.form_id,
            recordId: task.record_id,
            starterId: task.starter_id,
          },
          this.desk.now(),
        );
        if (state === 'pending') await this.desk.ask(tx, ctx, org, held, { ...theirs, id: added, kind }, told);
      }
      if (position === 'before') {
        await tx.run(`UPDATE lianke.task SET state = 'held' WHERE id = $1`, [id]);
        const names = signers.map((member) => org.nameOf(member));
        await this.desk.tell(tx, ctx, id, {
          zh: `${saidIn(mine, 'zh')} 已请 ${names.join('、')} 先审批`,
          en: `Asked first: ${names.join(', ')}, by ${saidIn(mine, 'en')}`,
        });
      }
      await this.desk.settle(tx, ctx, org, held, told);
    });
  }

  /**
   * Takes a signer whom the member added (or an adviser he asked) out again, as long as that one has done nothing. Throws
   * `not_found` when the member has no part in it, `invalid_request` when he did not add him, `wrong_state` when it is too late.
   */
  async remove(ctx: TenantContext, id: TaskId, signer: TaskId): Promise<void> {
    const me = memberOf(ctx);
    const org = await this.org.of(ctx);
    await this.database.withTenant(ctx, async (tx) => {
      const [seen] = await tx.sql<Pick<TaskRow, 'run_id'>>('SELECT run_id FROM lianke.task WHERE id = $1', [id]);
      if (!seen || me === null) throw new AppError('not_found');
      const run = await holdRun(tx, seen.run_id);
      const [task] = await tx.sql<TaskRow>('SELECT * FROM lianke.task WHERE id = $1', [id]);
      if (!task) throw new AppError('not_found');
      const visit = await visitOf(tx, task);
      const gone = visit.find((other) => other.id === signer && other.added_by !== null);
      if (!visit.some((other) => [other.member_id, other.added_by, other.decided_by].includes(me)))
        throw new AppError('not_found');
      if (!gone || gone.added_by !== me)
        throw refusal('invalid_request', { zh: '没有这位你加签的人', en: 'this is nobody whom you added as a signer' });
      const node = run.definition.nodes.find((item) => item.id === task.node);
      if (node?.type !== 'approval')
        throw refusal('wrong_state', { zh: '审批节点已不存在', en: 'the approval step is no longer in the flow' });
      if (gone.state !== 'pending' && gone.state !== 'queued')
        throw refusal('wrong_state', {
          zh: `${org.nameOf(gone.member_id)} 已经处理过，不能减签`,
          en: `${org.nameOf(gone.member_id)} has already acted and cannot be taken out`,
        });
      await tx.run(`UPDATE lianke.task SET state = 'removed', decided_at = $2 WHERE id = $1`, [
        signer,
        this.desk.now(),
      ]);
      const text = doneBy(org.nameOf(me), { zh: '减签', en: 'Signer taken out' });
      if (gone.state === 'pending') await this.desk.tell(tx, ctx, signer, text);
      const at = { runId: task.run_id, node: task.node, scope: task.scope, iteration: task.iteration };
      const held: HeldTask = { run, task, visit, node, at, me };
      await this.desk.settle(tx, ctx, org, held, text);
    });
  }
}

function groupOf(task: TaskRow): { id: string; mode: 'any' | 'all' | 'sequential' } | null {
  return task.group_id ? { id: task.group_id, mode: task.group_mode ?? 'all' } : null;
}
