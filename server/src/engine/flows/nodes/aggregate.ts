import type { Json } from '@lianke/shared/json';
import { Injectable } from '@nestjs/common';
import { refusal } from '../../../kernel/errors/app-error.js';
import { RecordReader } from '../../records/record-reader.js';
import type { NodeType, Preview, StepContext, StepOutcome } from '../node-type.js';
import { matchFilter } from './match-filter.js';
import { need } from './records.js';

type Step = StepContext<Extract<StepContext['node'], { type: 'aggregate' }>>;

/** 统计 */
@Injectable()
export class AggregateNode implements NodeType<'aggregate'> {
  readonly type = 'aggregate';

  constructor(private readonly reader: RecordReader) {}

  async execute(step: Step): Promise<StepOutcome> {
    return { kind: 'next', port: 'next', output: { value: await this.value(step) } };
  }

  async preview(step: Step): Promise<Preview> {
    const form = need(step, step.node.formId);
    const value = await this.value(step);
    return {
      outcome: { zh: `统计【${form.name}】`, en: `Aggregate [${form.name}]` },
      lines: [
        {
          label: { zh: '结果', en: 'Result' },
          value: value === null ? { zh: '（没有数据）', en: '(no records)' } : String(value),
        },
      ],
      port: 'next',
      answers: { value },
    };
  }

  private async value(step: Step): Promise<Json> {
    const form = need(step, step.node.formId);
    const { fn, field, match, any } = step.node;
    if (fn !== 'count' && (!field || !form.field(field)))
      throw refusal('wrong_state', {
        zh: `“${form.name}”里没有要统计的字段`,
        en: `the field to aggregate is no longer in "${form.name}"; choose another in the flow`,
      });
    const [item] = await this.reader.aggregateIn(step.tx, step.ctx, form.id, {
      filter: await matchFilter(step, form, match, any),
      groupBy: [],
      metrics: [{ fn, ...(fn === 'count' ? {} : { field }), as: 'value' }],
      sort: [],
      limit: 1,
    });
    return item?.metrics.value ?? (fn === 'count' ? 0 : null);
  }
}
