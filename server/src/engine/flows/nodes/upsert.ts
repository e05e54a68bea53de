import { Injectable } from '@nestjs/common';
import { refusal } from '../../../kernel/errors/app-error.js';
import { RecordReader } from '../../records/record-reader.js';
import { RecordWriter } from '../../records/record-writer.js';
import type { NodeType, Preview, StepContext, StepOutcome } from '../node-type.js';
import { assigned, explain, need, previewLines } from './records.js';

type Step = StepContext<Extract<StepContext['node'], { type: 'upsertRecord' }>>;

/** 新增或修改 */
@Injectable()
export class UpsertRecordNode implements NodeType<'upsertRecord'> {
  readonly type = 'upsertRecord';

  constructor(
    private readonly writer: RecordWriter,
    private readonly reader: RecordReader,
  ) {}

  async execute(step: Step): Promise<StepOutcome> {
    const form = need(step, step.node.formId);
    const matchOn = form.field(step.node.matchOn);
    if (!matchOn)
      throw refusal('wrong_state', {
        zh: `“${form.name}”里没有用来查重的字段`,
        en: `the field that tells whether a record exists is no longer in "${form.name}"; choose another in the flow`,
      });
    const values = await assigned(step, form, step.node.assignments);
    const written = await this.writer
      .writeIn(step.tx, step.ctx, {
        formId: form.id,
        op: 'upsert',
        matchOn: [matchOn.id],
        rows: [{ values }],
        atomic: true,
      })
      .catch((error) => explain(error, form));
    const [result] = written.results;
    const output = { record: { formId: form.id, recordId: result?.id ?? null }, outcome: result?.status ?? null };
    return { kind: 'next', port: 'next', output };
  }

  async preview(step: Step): Promise<Preview> {
    const form = need(step, step.node.formId);
    const matchOn = form.field(step.node.matchOn);
    const values = await assigned(step, form, step.node.assignments);
    const value = matchOn && values[matchOn.id];
    const [known] =
      matchOn && value !== null && value !== undefined
        ? await this.reader.idsIn(step.tx, step.ctx, form.id, {
            filter: { field: matchOn.id, op: 'eq', value: value as never },
            sort: [],
            limit: 1,
          })
        : [];
    return {
      outcome: known
        ? {
            zh: `修改【${form.name}】里“${matchOn?.name}”相同的一条`,
            en: `Update the record of [${form.name}] with the same "${matchOn?.name}"`,
          }
        : { zh: `在【${form.name}】新增一条`, en: `Create a record in [${form.name}]` },
      lines: await previewLines(step, form, step.node.assignments),
      port: 'next',
      writes: { formId: form.id, recordId: known ?? null, values },
    };
  }
}
