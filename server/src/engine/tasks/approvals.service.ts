import type { TaskId } from '@lianke/shared/ids';
import type { DecideBody } from '@lianke/shared/tasks/api';
import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import { AppError, reasonIn, refusal } from '../../kernel/errors/app-error.js';
import { memberOf, type TenantContext } from '../context.js';
import { PublishedFlows } from '../flows/published-flows.js';
import type { FormMeta } from '../forms/form-meta.js';
import { FormRegistry } from '../forms/form-registry.js';
import { OrgDirectory } from '../org/org-directory.js';
import { RecordReader } from '../records/record-reader.js';
import { RecordWriter } from '../records/record-writer.js';
import { doneBy, nameOfActor } from './answer.js';
import { ApprovalDesk } from './approval-desk.js';
import { type Seal, sealOf } from './content-hash.js';
import { CopiesService } from './copies.service.js';
import { writeGranted } from './granted-fields.js';
import { type HeldTask, holdTask } from './held-task.js';
import { type Titled, titleIn } from './task-words.js';
import { mustOffer } from './transfers.service.js';
import type { Called } from './written-fields.js';

const outcomes = {
  approved: { zh: '已同意', en: 'Approved' },
  rejected: { zh: '已拒绝', en: 'Rejected' },
} as const;
const advised = { zh: '已提交意见', en: 'Advice given' };
export type Decision = keyof typeof outcomes;

/** Decisions on approval tasks: the run row is locked first, then the task is compared and set, then the node judged. */
@Injectable()
export class ApprovalsService {
  constructor(
    private readonly database: Database,
    private readonly org: OrgDirectory,
    private readonly registry: FormRegistry,
    private readonly reader: RecordReader,
    private readonly writer: RecordWriter,
    private readonly desk: ApprovalDesk,
    private readonly copies: CopiesService,
    private readonly flows: PublishedFlows,
  ) {}

  /**
   * Agrees or refuses as the task's member or for him. Exactly one of any number of simultaneous decisions wins; the others
   * answer `already_handled` with who decided and how. What the node demands is checked before anything is written.
   */
  async decide(
    ctx: TenantContext,
    id: TaskId,
    decision: Decision,
    body: DecideBody & { chosen?: string | undefined } = {},
  ): Promise<void> {
    const me = memberOf(ctx);
    const org = await this.org.of(ctx);
    const forms = await this.registry.all(ctx);
    const called = await this.flows.lookup(ctx);
    await this.database.withTenant(ctx, async (tx) => {
      const held = await holdTask(tx, id, me, org, this.desk.now(), ['approve', 'before', 'after', 'advise']);
      const advice = held.task.kind === 'advise';
      const form = forms.get(held.task.form_id);
      if (!advice) this.demand(held, decision, body);
      if (body.cc?.length) mustOffer(held, 'cc');
      if (!advice && form) {
        const { run, task, node } = held;
        const filling = { run, task, rights: node.fields ?? {}, form, values: body.values ?? {} };
        const services = { reader: this.reader, writer: this.writer };
        await writeGranted(tx, ctx, services, { ...filling, demand: decision === 'approved' });
      }
      const seal = form ? await this.seal(tx, ctx, held, form, called) : null;
      await this.desk.mark(tx, ctx, held, decision, { ...body, seal });
      const text = doneBy(nameOfActor(held, org), advice ? advised : outcomes[decision]);
      await this.desk.tell(tx, ctx, id, text);
      if (body.cc?.length) await this.copies.send(tx, ctx, org, held, body.cc, body.comment);
      await this.desk.settle(tx, ctx, org, held, text);
    });
  }

  /** 批量同意: each on its own, in order; what asks for more than that is left, with the reason. */
  async approveMany(
    ctx: TenantContext,
    ids: readonly TaskId[],
    comment: string | undefined,
    language: 'zh' | 'en' = 'zh',
  ) {
    const done: TaskId[] = [];
    const left: { id: string; title: string; reason: string }[] = [];
    for (const id of new Set(ids)) {
      try {
        await this.decide(ctx, id, 'approved', comment ? { comment } : {});
        done.push(id);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        const [task] = await this.database.withTenant(ctx, (tx) =>
          tx.sql<Titled>('SELECT title, title_en FROM lianke.task WHERE id = $1', [id]),
        );
        // What another company or colleague owns has no title for the reader.
        left.push({
          id,
          title: error.code === 'not_found' ? '' : task ? titleIn(task, language) : '',
          reason: reasonIn(error, language),
        });
      }
    }
    return { done, left };
  }

  private demand({ node }: HeldTask, decision: Decision, body: DecideBody): void {
    const comment = body.comment?.trim();
    if (decision === 'rejected' && node.commentOnReject && !comment)
      throw refusal('invalid_request', { zh: '拒绝需要填写原因', en: 'a refusal needs a reason; write one' });
    if (decision === 'approved' && node.commentOnApprove && !comment)
      throw refusal('invalid_request', { zh: '同意需要填写意见', en: 'approving needs an opinion; write one' });
    if (node.signature && !body.signature)
      throw refusal('invalid_request', { zh: '需要手写签名', en: 'a signature is needed; sign before you decide' });
  }

  private async seal(
    tx: Tx,
    ctx: TenantContext,
    { run, task }: HeldTask,
    form: FormMeta,
    called: Called,
  ): Promise<Seal | null> {
    const [record] = await this.reader.stored(tx, ctx, form.id, [task.record_id]);
    return record ? sealOf(form, record.values, run.definition, called) : null;
  }
}
