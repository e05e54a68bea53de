import type { Words } from '@lianke/shared/errors/issue-text';
import type { FileId, MemberId, TaskId } from '@lianke/shared/ids';
import { asJson } from '@lianke/shared/json';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { ident, tenantName } from '../../kernel/database/ident.js';
import type { Tx } from '../../kernel/database/tx.js';
import { refusal } from '../../kernel/errors/app-error.js';
import type { Said } from '../../kernel/errors/said.js';
import { CLOCK } from '../../kernel/tokens.js';
import { memberOf, type TenantContext } from '../context.js';
import { sendAsk, submittedBy } from '../flows/approval-tasks.js';
import { FlowWorkers } from '../flows/flow-workers.js';
import { RunPlaces } from '../flows/run-places.js';
import { recordStep } from '../flows/run-steps.js';
import { visitOutput } from '../flows/visit-timers.js';
import type { Org } from '../org/org-directory.js';
import { Notifier } from '../ports.js';
import { CardCloser } from './card-closer.js';
import type { Seal } from './content-hash.js';
import { type HeldRun, type HeldTask, visitOf } from './held-task.js';
import { isOpen, type TaskRow } from './task-row.js';
import { titleOf } from './task-words.js';
import { ToldCuts } from './told-cuts.js';
import { planVisit } from './visit-plan.js';

/** What every change of an approval does with the tasks of its node: ask, close, judge, move the run on. */
@Injectable()
export class ApprovalDesk {
  constructor(
    readonly notifier: Notifier,
    private readonly workers: FlowWorkers,
    private readonly cards: CardCloser,
    readonly cuts: ToldCuts,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  now(): Date {
    return this.clock.now();
  }

  places(tx: Tx, ctx: TenantContext, run: HeldRun): RunPlaces {
    const head = { tenantId: ctx.tenantId, runId: run.id };
    return new RunPlaces(tx, head, run.definition, this.now(), this.cards.in(tx, ctx));
  }

  /** Another process may carry the run on at once after this commit. */
  ring(tx: Tx): void {
    tx.afterCommit(() => this.workers.ring());
  }

  /** Writes who answered a task how, with the evidence of it. */
  async mark(
    tx: Tx,
    ctx: TenantContext,
    held: HeldTask,
    state: TaskRow['state'],
    more: {
      comment?: string | undefined;
      /** One of the card's reasons in the place of a comment, by its id. */
      chosen?: string | undefined;
      seal?: Seal | null;
      signature?: FileId | undefined;
      attachments?: readonly FileId[] | undefined;
    } = {},
  ): Promise<void> {
    const { task, me } = held;
    await tx.run(
      `UPDATE lianke.task SET state = $2, comment = $3, comment_kind = $11, decided_at = $4, decided_by = $5, door = $6, content_hash = $7, content_fields = $10::text[], signature = $8, attachments = $9 WHERE id = $1`,
      [
        task.id,
        state,
        (more.chosen ?? more.comment?.trim()) || null,
        this.now(),
        me === task.member_id ? null : me,
        ctx.cause.door,
        more.seal?.hash ?? null,
        more.signature ?? null,
        more.attachments?.length ? [...more.attachments] : null,
        more.seal?.fields ? [...more.seal.fields] : null,
        more.chosen ? 'chosen' : null,
      ],
    );
    await this.keepFiles(tx, ctx, task, [...(more.attachments ?? []), ...(more.signature ? [more.signature] : [])]);
  }

  /** Says on every copy of a task's card how it ended; `takeBack` where it should not have been sent to him. */
  async tell(tx: Tx, ctx: TenantContext, task: TaskId, outcome: Said, takeBack = false): Promise<void> {
    await this.notifier.update(tx, ctx, { about: { kind: 'task', id: task }, outcome, by: memberOf(ctx), takeBack });
  }

  /** Asks a task's member. */
  async ask(
    tx: Tx,
    ctx: TenantContext,
    org: Org,
    held: { run: Pick<HeldRun, 'flow_id'>; node: HeldTask['node'] | undefined; at: HeldTask['at'] },
    task: Pick<TaskRow, 'id' | 'member_id' | 'title' | 'title_en' | 'facts' | 'kind' | 'starter_id'>,
    description?: Said,
    again?: string,
  ): Promise<void> {
    await sendAsk(this, tx, ctx, org, {
      task: { ...task, title: titleOf(task) },
      at: held.at,
      flowId: held.run.flow_id,
      node: held.node ?? { commentOnReject: false },
      description: description ?? submittedBy(org, task.starter_id),
      ...(again === undefined ? {} : { again }),
      now: this.now(),
    });
  }

  /** Sends whoever has to act on a waiting task a card anew, whatever it asks: an answer, fields, or to hand in again. */
  async askAgain(
    tx: Tx,
    ctx: TenantContext,
    org: Org,
    run: Pick<HeldRun, 'flow_id' | 'definition'>,
    task: TaskRow,
    { text, again }: { text?: Said; again: string },
  ): Promise<void> {
    const found = run.definition.nodes.find((item) => item.id === task.node);
    const node = found?.type === 'approval' ? found : undefined;
    const at = { runId: task.run_id, node: task.node, scope: task.scope, iteration: task.iteration };
    await this.ask(tx, ctx, org, { run, node, at }, task, text, again);
  }

  /**
   * Draws what follows from the tasks of the node as they are now: asks, closes, and when the node is decided moves the run
   * on. `text` is what the cards of those no longer needed say.
   */
  async settle(tx: Tx, ctx: TenantContext, org: Org, held: HeldTask, text: Words): Promise<void> {
    const { task, node, at, run } = held;
    const now = this.now();
    const visit = await visitOf(tx, task);
    const { changes, result } = planVisit(node, visit);
    // Only a consent can be taken back with what it brought; who is asked because signers were added is not.
    const consent = visit.some((other) => other.id === task.id && other.state === 'approved') ? task.id : null;
    for (const other of visit) {
      const state = changes.get(other.id);
      if (state === 'pending') {
        const woken = other.state === 'held';
        await tx.run(
          `UPDATE lianke.task SET was = state, state = 'pending', created_at = $2, asked_by = $3 WHERE id = $1`,
          [other.id, woken ? other.created_at : now, consent],
        );
        const again = woken || other.was !== null ? `again:${now.getTime()}` : undefined;
        await this.ask(tx, ctx, org, held, other, woken ? yoursNow(text) : undefined, again);
      } else if (state === 'closed') await this.close(tx, ctx, other, held.task.id, text);
    }
    if (!result) return;
    // Questions to the starter end with the node that asked them.
    for (const other of visit)
      if (isOpen(other) && !changes.has(other.id)) await this.close(tx, ctx, other, held.task.id, text);
    // What the visit kept stays: a consent that is taken back lets it wait on, its timers too.
    const kept = await visitOutput(tx, ctx, at);
    await recordStep(tx, ctx, at, node.type, { state: 'done', now, output: asJson({ ...kept, outcome: result }) });
    await this.places(tx, ctx, run).leave({ scope: at.scope, node: node.id }, result);
    this.ring(tx);
  }

  /** Closes a task that nobody has to answer any more because of another's answer. */
  async close(
    tx: Tx,
    ctx: TenantContext,
    task: TaskRow,
    because: TaskId | null,
    text: Said,
    takeBack = false,
  ): Promise<void> {
    await tx.run(
      `UPDATE lianke.task SET was = state, state = 'closed', closed_by = $2, decided_at = $3 WHERE id = $1 AND state IN ('pending','queued','held')`,
      [task.id, because, this.now()],
    );
    if (task.state === 'pending') await this.tell(tx, ctx, task.id, text, takeBack);
  }

  /** Files of an answer belong to the record it is about. Throws `invalid_request` when one is not the member's own. */
  private async keepFiles(tx: Tx, ctx: TenantContext, task: TaskRow, files: readonly FileId[]): Promise<void> {
    if (files.length === 0) return;
    const mine = await tx.sql('SELECT id FROM lianke.file WHERE id = ANY($1::uuid[]) AND uploader_id = $2', [
      [...files],
      memberOf(ctx) as MemberId,
    ]);
    if (mine.length !== new Set(files).size)
      throw refusal('invalid_request', {
        zh: '附件不存在，请重新上传',
        en: 'an attached file does not exist; upload it again',
      });
    await tx.run(
      `INSERT INTO ${ident(tenantName(ctx.tenantId))}.file_ref (file_id, form_id, record_id, field) SELECT f, $2, $3, $4 FROM unnest($1::uuid[]) AS f ON CONFLICT DO NOTHING`,
      [[...files], task.form_id, task.record_id, `task:${task.id}`],
    );
  }
}

/** Said to whoever waited for others: it is his turn. */
function yoursNow({ zh, en }: Words): Words {
  return { zh: `${zh}，请你决定`, en: `${en}; your decision is asked for` };
}
