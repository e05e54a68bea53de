import type { RecordId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import { AppError } from '../../../kernel/errors/app-error.js';
import type { FormMeta } from '../../forms/form-meta.js';
import { RecordReader } from '../../records/record-reader.js';
import type { NodeType, Preview, StepContext, StepOutcome } from '../node-type.js';
import { matchFilter } from './match-filter.js';

type Step = StepContext<Extract<StepContext['node'], { type: 'findRecords' }>>;

/** 查找数据 */
@Injectable()
export class FindRecordsNode implements NodeType<'findRecords'> {
  readonly type = 'findRecords';

  constructor(private readonly reader: RecordReader) {}

  async execute(step: Step): Promise<StepOutcome> {
    const { form, ids } = await this.find(step);
    const output = { formId: form.id, records: ids };
    const [first] = ids;
    return first
      ? { kind: 'next', port: 'next', output: { ...output, record: { formId: form.id, recordId: first } } }
      : { kind: 'next', port: 'none', output };
  }

  async preview(step: Step): Promise<Preview> {
    const { form, ids } = await this.find(step);
    const [first] = ids;
    return {
      outcome: first ? `在【${form.name}】找到 ${ids.length} 条` : `在【${form.name}】没有找到`,
      lines: [],
      port: first ? 'next' : 'none',
      found: { formId: form.id, records: ids },
      ...(first ? { stands: { formId: form.id, recordId: first } } : {}),
    };
  }

  private async find(step: Step): Promise<{ form: FormMeta; ids: RecordId[] }> {
    const form = step.forms.get(step.node.formId);
    if (!form) throw new AppError('wrong_state', { detail: '查找的表单已删除' });
    const filter = await matchFilter(step, form, step.node.match, step.node.any);
    const ids = await this.reader.idsIn(step.tx, step.ctx, form.id, {
      filter,
      sort: step.node.sort,
      limit: step.node.limit,
    });
    return { form, ids };
  }
}
