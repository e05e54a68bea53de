import { fieldErrorCodes, fillMessage } from '@lianke/shared/errors/codes';
import type { Assignment } from '@lianke/shared/flows/values';
import type { BatchId, FormId, RecordId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import { Injectable } from '@nestjs/common';
import { reasonIn, refusal } from '../../../kernel/errors/app-error.js';
import { uuid7 } from '../../../kernel/ids/uuid7.js';
import type { FormMeta } from '../../forms/form-meta.js';
import type { WriteRequest, WriteRow } from '../../records/contracts.js';
import { RecordWriter } from '../../records/record-writer.js';
import { BatchRefused, toAppError } from '../../records/write/results.js';
import type { NodeType, Preview, StepContext, StepOutcome } from '../node-type.js';

/** The values of assignments by field id, each in its field's canonical form. */
export async function assigned(
  step: StepContext,
  form: FormMeta,
  assignments: readonly Assignment[],
): Promise<Record<string, Json>> {
  const values: Record<string, Json> = {};
  for (const item of assignments) {
    const field = form.field(item.field);
    if (!field)
      throw refusal('wrong_state', {
        zh: `“${form.name}”里没有字段 ${item.field}`,
        en: `there is no field ${item.field} in "${form.name}"`,
      });
    values[field.id] = await step.values.forField(item.value, field);
  }
  return values;
}

/** Assignments as people read them. */
export async function previewLines(step: StepContext, form: FormMeta, assignments: readonly Assignment[]) {
  return Promise.all(
    assignments.map(async (item) => ({
      label: form.field(item.field)?.name ?? item.field,
      value: await step.values.text(item.value),
    })),
  );
}

/** A refused row says which field and why, in the words of the run list. */
export function explain(error: unknown, form: FormMeta): never {
  if (!(error instanceof BatchRefused)) throw error;
  const row = error.refusals.get(0);
  const fields = (row?.fields ?? []).map(({ field, code, params }) => ({
    name: form.field(field)?.name ?? field,
    zh: fillMessage(fieldErrorCodes[code].zh, params),
    en: fillMessage(fieldErrorCodes[code].en, params),
  }));
  if (fields.length > 0)
    throw refusal('wrong_state', {
      zh: `“${form.name}”没有写入，${fields.map(({ name, zh }) => `${name}：${zh}`).join('；')}`,
      en: `"${form.name}" was not written, ${fields.map(({ name, en }) => `${name}: ${en}`).join('; ')}`,
    });
  throw refusal('wrong_state', {
    zh: error.results[0]?.error?.message ?? '',
    en: row ? reasonIn(toAppError(row), 'en') : '',
  });
}

/** A form that a node names, or the refusal that it is gone. */
export function need(step: StepContext, formId: string): FormMeta {
  const form = step.forms.get(formId);
  if (!form)
    throw refusal('wrong_state', {
      zh: '目标表单已删除',
      en: 'the target form was deleted; choose another in the flow',
    });
  return form;
}

const made = (formId: FormId, recordId: string | null): StepOutcome => ({
  kind: 'next',
  port: 'next',
  output: { record: { formId, recordId } },
});

/** Where the writes of several runs come from, by the record each writes: history and events name its own run. */
function originsOf(steps: readonly StepContext[], ids: readonly RecordId[]): WriteRequest['origins'] {
  return new Map(
    steps.map((step, index) => [ids[index] as RecordId, { runId: step.runId, batchId: uuid7() as BatchId }]),
  );
}

/** 新增数据 */
@Injectable()
export class CreateRecordNode implements NodeType<'createRecord'> {
  readonly type = 'createRecord';

  constructor(private readonly writer: RecordWriter) {}

  async execute(step: StepContext<Extract<StepContext['node'], { type: 'createRecord' }>>): Promise<StepOutcome> {
    const form = need(step, step.node.formId);
    const values = await assigned(step, form, step.node.assignments);
    const written = await this.writer
      .writeIn(step.tx, step.ctx, { formId: form.id, op: 'create', rows: [{ values }], atomic: true })
      .catch((error) => explain(error, form));
    return made(form.id, written.results[0]?.id ?? null);
  }

  async executeAll(
    steps: readonly StepContext<Extract<StepContext['node'], { type: 'createRecord' }>>[],
  ): Promise<StepOutcome[]> {
    const [first] = steps;
    if (!first) return [];
    const form = need(first, first.node.formId);
    const rows: WriteRow[] = [];
    const ids = steps.map(() => uuid7() as RecordId);
    for (const [index, step] of steps.entries())
      rows.push({ id: ids[index] as RecordId, values: await assigned(step, form, step.node.assignments) });
    const request = { formId: form.id, op: 'create', rows, atomic: true, origins: originsOf(steps, ids) } as const;
    const written = await this.writer.writeIn(first.tx, first.ctx, request);
    return written.results.map((result) => made(form.id, result.id));
  }

  async preview(step: StepContext<Extract<StepContext['node'], { type: 'createRecord' }>>): Promise<Preview> {
    const form = need(step, step.node.formId);
    return {
      outcome: { zh: `在【${form.name}】新增一条`, en: `Create a record in [${form.name}]` },
      lines: await previewLines(step, form, step.node.assignments),
      port: 'next',
      writes: { formId: form.id, recordId: null, values: await assigned(step, form, step.node.assignments) },
    };
  }
}

/** 修改数据 */
@Injectable()
export class UpdateRecordNode implements NodeType<'updateRecord'> {
  readonly type = 'updateRecord';

  constructor(private readonly writer: RecordWriter) {}

  async execute(step: StepContext<Extract<StepContext['node'], { type: 'updateRecord' }>>): Promise<StepOutcome> {
    const { formId, recordId } = step.values.record(step.node.target);
    const form = need(step, formId);
    const values = await assigned(step, form, step.node.assignments);
    await this.writer
      .writeIn(step.tx, step.ctx, { formId, op: 'update', rows: [{ id: recordId, values }], atomic: true })
      .catch((error) => explain(error, form));
    return made(formId, recordId);
  }

  async executeAll(
    steps: readonly StepContext<Extract<StepContext['node'], { type: 'updateRecord' }>>[],
  ): Promise<StepOutcome[]> {
    const [first] = steps;
    if (!first) return [];
    const targets = steps.map((step) => step.values.record(step.node.target));
    const formId = first.values.record(first.node.target).formId;
    const form = need(first, formId);
    const ids = targets.map((target) => target.recordId);
    // Two changes of one record follow one another, and a target may be of whatever form its node made.
    if (new Set(ids).size < ids.length || targets.some((target) => target.formId !== formId))
      throw refusal('wrong_state', { zh: '同一条数据', en: 'the same record twice' });
    const rows: WriteRow[] = [];
    for (const [index, step] of steps.entries())
      rows.push({ id: ids[index] as RecordId, values: await assigned(step, form, step.node.assignments) });
    const request = { formId, op: 'update', rows, atomic: true, origins: originsOf(steps, ids) } as const;
    await this.writer.writeIn(first.tx, first.ctx, request);
    return ids.map((id) => made(formId, id));
  }

  async preview(step: StepContext<Extract<StepContext['node'], { type: 'updateRecord' }>>): Promise<Preview> {
    const { formId, recordId } = step.values.record(step.node.target);
    const form = need(step, formId);
    return {
      outcome: { zh: `修改【${form.name}】的数据`, en: `Change the record of [${form.name}]` },
      lines: await previewLines(step, form, step.node.assignments),
      port: 'next',
      writes: { formId, recordId, values: await assigned(step, form, step.node.assignments) },
    };
  }
}

/** 删除数据: into the recycle bin. */
@Injectable()
export class DeleteRecordNode implements NodeType<'deleteRecord'> {
  readonly type = 'deleteRecord';

  constructor(private readonly writer: RecordWriter) {}

  async execute(step: StepContext<Extract<StepContext['node'], { type: 'deleteRecord' }>>): Promise<StepOutcome> {
    const { formId, recordId } = step.values.record(step.node.target);
    const form = need(step, formId);
    await this.writer
      .writeIn(step.tx, step.ctx, { formId, op: 'delete', rows: [{ id: recordId, values: {} }], atomic: true })
      .catch((error) => explain(error, form));
    return { kind: 'next', port: 'next', output: { deleted: recordId } };
  }

  async preview(step: StepContext<Extract<StepContext['node'], { type: 'deleteRecord' }>>): Promise<Preview> {
    const form = need(step, step.values.record(step.node.target).formId);
    const { record } = await step.values.values(step.node.target);
    const title = form.title ? String(record.values[form.title.id] ?? '') : '';
    return {
      outcome: {
        zh: `删除【${form.name}】的数据，放进回收站`,
        en: `Delete the record of [${form.name}], into the recycle bin`,
      },
      lines: [{ label: { zh: '数据', en: 'Record' }, value: title }],
      port: 'next',
    };
  }
}
