import type { RecordId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import { refusal } from '../../../kernel/errors/app-error.js';
import type { FormMeta } from '../../forms/form-meta.js';
import { RecordReader } from '../../records/record-reader.js';
import type { NodeType, Preview, StepContext, StepOutcome } from '../node-type.js';
import { keepList } from '../run-lists.js';
import { matchFilter } from './match-filter.js';

type Step = StepContext<Extract<StepContext['node'], { type: 'findRecords' }>>;

/** 查找数据 */
@Injectable()
export class FindRecordsNode implements NodeType<'findRecords'> {
  readonly type = 'findRecords';
  /** Records that a step's result holds itself; what is more gets a list of its own. */
  mostKept = 5000;

  constructor(private readonly reader: RecordReader) {}

  async execute(step: Step): Promise<StepOutcome> {
    const { form, ids } = await this.find(step, step.node.limit);
    const [first] = ids;
    const output = ids.length > this.mostKept ? await this.listed(step, form, ids) : { formId: form.id, records: ids };
    return first
      ? { kind: 'next', port: 'next', output: { ...output, record: { formId: form.id, recordId: first } } }
      : { kind: 'next', port: 'none', output };
  }

  async preview(step: Step): Promise<Preview> {
    const { form, ids } = await this.find(step, Math.min(step.node.limit, this.mostKept + 1));
    const [first] = ids;
    const [more, many] =
      ids.length > this.mostKept
        ? [`超过 ${this.mostKept} 条`, `more than ${this.mostKept}`]
        : [`${ids.length} 条`, String(ids.length)];
    return {
      outcome: first
        ? { zh: `在【${form.name}】找到 ${more}`, en: `Found ${many} in [${form.name}]` }
        : { zh: `在【${form.name}】没有找到`, en: `Found nothing in [${form.name}]` },
      lines: [],
      port: first ? 'next' : 'none',
      found: { formId: form.id, records: ids },
      ...(first ? { stands: { formId: form.id, recordId: first } } : {}),
    };
  }

  /** The records in a list of their own; the result says how many and where. */
  private async listed(step: Step, form: FormMeta, ids: readonly RecordId[]) {
    const { node, scope, iteration } = step.at;
    const at = { node, scope, iteration };
    await keepList(step.tx, { tenantId: step.ctx.tenantId, runId: step.runId }, at, ids, step.now);
    return { formId: form.id, count: ids.length, listed: at };
  }

  private async find(step: Step, limit: number): Promise<{ form: FormMeta; ids: RecordId[] }> {
    const form = step.forms.get(step.node.formId);
    if (!form)
      throw refusal('wrong_state', {
        zh: '查找的表单已删除',
        en: 'the form to search was deleted; choose another in the flow',
      });
    const filter = await matchFilter(step, form, step.node.match, step.node.any);
    const ids = await this.reader.idsIn(step.tx, step.ctx, form.id, {
      filter,
      sort: step.node.sort,
      limit,
    });
    return { form, ids };
  }
}
