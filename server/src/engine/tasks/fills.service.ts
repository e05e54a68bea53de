import type { TaskId } from '@lianke/shared/ids';
import type { FillTaskBody } from '@lianke/shared/tasks/api';
import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import { refusal } from '../../kernel/errors/app-error.js';
import { memberOf, type TenantContext } from '../context.js';
import { PublishedFlows } from '../flows/published-flows.js';
import { recordStep } from '../flows/run-steps.js';
import type { FormMeta } from '../forms/form-meta.js';
import { FormRegistry } from '../forms/form-registry.js';
import { OrgDirectory } from '../org/org-directory.js';
import { RecordReader } from '../records/record-reader.js';
import { RecordWriter } from '../records/record-writer.js';
import { doneBy, nameOfActor } from './answer.js';
import { ApprovalDesk } from './approval-desk.js';
import { lastSeal, sealHolds, sealOf } from './content-hash.js';
import { writeGranted } from './granted-fields.js';
import { type HeldTask, holdTask, visitOf } from './held-task.js';
import type { TaskRow } from './task-row.js';
import type { Called } from './written-fields.js';

/** What people fill in for a flow: the run's row is locked first, so of two at the same instant one comes second. */
@Injectable()
export class FillsService {
  constructor(
    private readonly database: Database,
    private readonly org: OrgDirectory,
    private readonly registry: FormRegistry,
    private readonly reader: RecordReader,
    private readonly writer: RecordWriter,
    private readonly desk: ApprovalDesk,
    private readonly flows: PublishedFlows,
  ) {}

  /** Fills the record's fields in as the task's member or for him, and lets the run go on when that was all it waited for. */
  async fill(ctx: TenantContext, id: TaskId, body: FillTaskBody): Promise<void> {
    const [org, forms, called] = await Promise.all([this.org.of(ctx), this.registry.all(ctx), this.flows.lookup(ctx)]);
    await this.database.withTenant(ctx, async (tx) => {
      const held = await holdTask(tx, id, memberOf(ctx), org, this.desk.now(), ['fill']);
      const { task, run, at } = held;
      const node = run.definition.nodes.find((item) => item.id === task.node);
      const form = forms.get(task.form_id);
      if (node?.type !== 'fill' || !form)
        throw refusal('wrong_state', {
          zh: '填写的节点或表单已不存在',
          en: 'the step or the form to be filled in is gone',
        });
      const filling = { run, task, rights: node.fields, form, values: body.values, demand: true };
      const untouched = await this.isAsAgreed(tx, ctx, held, form, called);
      await writeGranted(tx, ctx, { reader: this.reader, writer: this.writer }, filling);
      const [now] = untouched ? await this.reader.stored(tx, ctx, form.id, [task.record_id]) : [];
      const seal = now ? sealOf(form, now.values, run.definition, called) : null;
      await this.desk.mark(tx, ctx, held, 'done', { comment: body.comment, seal });
      const text = doneBy(nameOfActor(held, org), { zh: '已填写', en: 'Filled in' });
      await this.desk.tell(tx, ctx, id, text);
      const others = (await visitOf(tx, task)).filter((other) => other.id !== id && other.state === 'pending');
      if (node.who === 'all' && others.length > 0) return;
      for (const other of others) await this.desk.close(tx, ctx, other, id, text);
      const output = { record: { formId: task.form_id, recordId: task.record_id }, filledBy: held.me };
      await recordStep(tx, ctx, at, 'fill', { state: 'done', now: this.desk.now(), output });
      await this.desk.places(tx, ctx, run).leave({ scope: at.scope, node: node.id }, 'next');
      this.desk.ring(tx);
    });
  }

  /** What is filled in changes no record behind an approver's back, unless somebody else has done so before. */
  private async isAsAgreed(
    tx: Tx,
    ctx: TenantContext,
    { run, task }: HeldTask,
    form: FormMeta,
    called: Called,
  ): Promise<boolean> {
    const tasks = await tx.sql<TaskRow>(
      'SELECT * FROM lianke.task WHERE run_id = $1 AND record_id = $2 AND content_hash IS NOT NULL',
      [run.id, task.record_id],
    );
    const seal = lastSeal(tasks, task.record_id);
    if (!seal) return false;
    const [record] = await this.reader.stored(tx, ctx, form.id, [task.record_id]);
    return record !== undefined && sealHolds(seal, form, record.values, run.definition, called);
  }
}
