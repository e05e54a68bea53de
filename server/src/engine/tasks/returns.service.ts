import type { Words } from '@lianke/shared/errors/issue-text';
import { firstNode } from '@lianke/shared/flows/definition';
import type { TaskId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import { refusal } from '../../kernel/errors/app-error.js';
import { saidIn } from '../../kernel/errors/said.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import { memberOf, type TenantContext } from '../context.js';
import { insertTask, sendAsk } from '../flows/approval-tasks.js';
import { leftKey, straightKey } from '../flows/run-places.js';
import { ownPath, type Scope } from '../flows/run-scope.js';
import { recordStep } from '../flows/run-steps.js';
import { asStory, pauseTimers, visitOutput } from '../flows/visit-timers.js';
import { type Org, OrgDirectory } from '../org/org-directory.js';
import { type Answer, doneBy, nameOfActor } from './answer.js';
import { ApprovalDesk } from './approval-desk.js';
import { type HeldTask, holdTask } from './held-task.js';
import { nodesFrom, passedNodes } from './passed-nodes.js';
import { partWords } from './task-progress.js';
import { isOpen } from './task-row.js';
import { titleOf } from './task-words.js';
import { mustOffer } from './transfers.service.js';

/** What `to` of a return says for the starter. */
export const toStarter = 'start';

/** 退回: one approver sends the whole approval to a node it has passed; and handing in again what came back. */
@Injectable()
export class ReturnsService {
  constructor(
    private readonly database: Database,
    private readonly org: OrgDirectory,
    private readonly desk: ApprovalDesk,
  ) {}

  /**
   * Returns to a node passed on the way (or to the starter). A node before a fork takes the sibling branches with it, one
   * inside the own branch leaves them alone. `straight` leads from there back to this node, on the same path only.
   */
  async return(
    ctx: TenantContext,
    id: TaskId,
    body: { to: string; goOn: 'next' | 'straight'; comment: string },
  ): Promise<void> {
    const org = await this.org.of(ctx);
    await this.database.withTenant(ctx, async (tx) => {
      const held = await holdTask(tx, id, memberOf(ctx), org, this.desk.now());
      mustOffer(held, 'return');
      const { run, task, node, at, visit } = held;
      const here = { scope: task.scope, node: node.id };
      const target = await this.target(tx, held, body.to);
      const straight = body.goOn === 'straight';
      if (straight && target.scope !== task.scope)
        throw refusal('invalid_request', {
          zh: '退回到并行分支之前，不能再直接回到这里；请选择依次重新审批',
          en: 'what is returned to before the parallel branches cannot come straight back here; let everybody from there be asked again',
        });
      const now = this.desk.now();
      const left = straight ? await pauseTimers(tx, ctx, { at, node, definition: run.definition, now }) : null;
      await this.desk.mark(tx, ctx, held, 'returned', { comment: body.comment });
      const { zh, en } = target.name;
      const text = doneBy(nameOfActor(held, org), { zh: `已退回到${zh}`, en: `Returned to ${en}` });
      await this.desk.tell(tx, ctx, id, text);
      for (const other of visit) if (other.id !== id && isOpen(other)) await this.desk.close(tx, ctx, other, id, text);
      const { stayed } = await visitOutput(tx, ctx, at);
      const output = { ...asStory(stayed), outcome: 'returned', to: body.to };
      await recordStep(tx, ctx, at, node.type, { state: 'done', now, output });
      const undone = await this.undo(tx, held, target.node, target.scope, straight);
      await this.remember(tx, held, undone, straight ? { from: target, to: here, left } : null);
      const places = this.desk.places(tx, ctx, run);
      if (target.node === 'trigger') {
        await places.jumpBack({ scope: ownPath, node: 'trigger' }, null);
        await this.askStarter(tx, ctx, org, held, body);
      } else {
        await places.jump({ scope: target.scope, node: target.node });
        this.desk.ring(tx);
      }
    });
  }

  /** The starter hands in again what was returned to him. */
  async resubmit(ctx: TenantContext, id: TaskId, answer: Answer): Promise<void> {
    const org = await this.org.of(ctx);
    await this.database.withTenant(ctx, async (tx) => {
      const held = await holdTask(tx, id, memberOf(ctx), org, this.desk.now(), ['resubmit']);
      await this.desk.mark(tx, ctx, held, 'done', answer);
      await this.desk.tell(tx, ctx, id, doneBy(nameOfActor(held, org), { zh: '已重新提交', en: 'Submitted again' }));
      await tx.run('UPDATE lianke.run SET unlocked = NULL WHERE id = $1', [held.run.id]);
      const [row] = await tx.sql<{ node: string | null }>(
        'SELECT straight->>$2 AS node FROM lianke.run WHERE id = $1',
        [held.run.id, straightKey({ scope: ownPath, node: 'trigger' })],
      );
      await tx.run('UPDATE lianke.run SET straight = straight - $2::text WHERE id = $1', [
        held.run.id,
        straightKey({ scope: ownPath, node: 'trigger' }),
      ]);
      const node = row?.node ?? firstNode(held.run.definition);
      if (!node) throw refusal('wrong_state', { zh: '流程已经没有节点', en: 'the flow has no steps any more' });
      await this.desk.places(tx, ctx, held.run).jump({ scope: ownPath, node });
      this.desk.ring(tx);
    });
  }

  private async target(tx: Tx, held: HeldTask, to: string): Promise<{ node: string; scope: Scope; name: Words }> {
    const { run, task, node } = held;
    if (to === toStarter) {
      if (task.starter_id === null)
        throw refusal('invalid_request', {
          zh: '这条审批没有发起人，不能退回',
          en: 'nobody started this approval, so it cannot be returned to the starter',
        });
      return { node: 'trigger', scope: ownPath, name: { zh: '发起人', en: 'the starter' } };
    }
    const passed = await passedNodes(tx, run.id, run.definition, { scope: task.scope, node: node.id });
    const found = passed.find((item) => item.node === to);
    if (!found)
      throw refusal('invalid_request', {
        zh: '只能退回到已经走过的节点',
        en: 'it can only be returned to a step it has passed',
      });
    return { node: found.node, scope: found.scope, name: nameOf(found) };
  }

  /**
   * Visits from the target on do not count any more; of a straight way only the target's and this one's, since nobody
   * between them is asked anew; whom the starter chose for this visit stays chosen. Answers all nodes from the target on.
   */
  private async undo(
    tx: Tx,
    { run, task }: HeldTask,
    node: string,
    scope: Scope,
    straight: boolean,
  ): Promise<string[]> {
    const nodes =
      node === 'trigger' ? run.definition.nodes.map((item) => item.id) : [...nodesFrom(run.definition, node)];
    const where = 'run_id = $1 AND starts_with(scope, $2) AND node = ANY($3)';
    const values = [run.id, scope, straight ? [node, task.node] : nodes];
    await tx.run(`UPDATE lianke.step SET undone = true WHERE ${where}`, values);
    await tx.run(
      `UPDATE lianke.task SET undone = true WHERE ${where} AND id <> $4 AND NOT (kind = 'choose' AND node = $5)`,
      [...values, task.id, straight ? task.node : ''],
    );
    // The return itself stands in the story as what it is.
    await tx.run('UPDATE lianke.task SET undone = true WHERE id = $1', [task.id]);
    return nodes;
  }

  /** Straight ways from and to nodes that are asked anew are forgotten; the new one is kept. */
  private async remember(
    tx: Tx,
    { run }: HeldTask,
    nodes: readonly string[],
    way: { from: { scope: Scope; node: string }; to: { scope: Scope; node: string }; left: unknown } | null,
  ): Promise<void> {
    await tx.run(
      `UPDATE lianke.run SET straight = (
         SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each(straight) WHERE NOT (
           split_part(key, '|', CASE WHEN key ~ '^(left|went)[|]' THEN 3 ELSE 2 END) = ANY($2)
           OR (starts_with(key, 'went|') AND value #>> '{}' = ANY($2))))
         || $3::jsonb WHERE id = $1`,
      [
        run.id,
        [...nodes, ...(nodes.length === run.definition.nodes.length ? ['trigger'] : [])],
        JSON.stringify(way ? { [straightKey(way.from)]: way.to.node, [leftKey(way.to)]: way.left ?? [] } : {}),
      ],
    );
  }

  private async askStarter(
    tx: Tx,
    ctx: TenantContext,
    org: Org,
    held: HeldTask,
    body: { comment: string },
  ): Promise<void> {
    const { task, run } = held;
    const now = this.desk.now();
    const [count] = await tx.sql<{ n: number }>(
      `SELECT count(*)::int AS n FROM lianke.task WHERE run_id = $1 AND kind = 'resubmit'`,
      [run.id],
    );
    // While it is with the starter he may edit the record.
    await tx.run('UPDATE lianke.run SET lock = NULL WHERE id = $1', [run.id]);
    const starter = task.starter_id as NonNullable<typeof task.starter_id>;
    const theirs = await this.desk.cuts.passedOn(tx, ctx, task, starter);
    const id = uuid7() as TaskId;
    const at = { runId: run.id, node: 'trigger', scope: ownPath, iteration: count?.n ?? 0 };
    await insertTask(
      tx,
      ctx,
      {
        id,
        at,
        memberId: starter,
        state: 'pending',
        kind: 'resubmit',
        position: 0,
        parent: task.id,
        addedBy: null,
        question: body.comment,
        title: titleOf(theirs),
        facts: theirs.facts,
        formId: task.form_id,
        recordId: task.record_id,
        starterId: starter,
      },
      now,
    );
    const who = nameOfActor(held, org);
    await sendAsk(this.desk, tx, ctx, org, {
      task: { id, member_id: starter, title: titleOf(theirs), facts: theirs.facts, kind: 'resubmit' },
      at,
      flowId: run.flow_id,
      node: held.node,
      description: {
        zh: `${saidIn(who, 'zh')} 退回：${body.comment}`,
        en: `Returned by ${saidIn(who, 'en')}: ${body.comment}`,
      },
      now,
    });
  }
}

/** A node as its name, or by what it is. */
function nameOf({ name, type }: { name: string; type: keyof (typeof partWords)['zh'] }): Words {
  return { zh: `“${name || partWords.zh[type]}”`, en: `"${name || partWords.en[type]}"` };
}
