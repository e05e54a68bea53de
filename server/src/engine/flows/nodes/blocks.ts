import { bodyPortsOf } from '@lianke/shared/flows/definition';
import type { FormId, RecordId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import { AppError } from '../../../kernel/errors/app-error.js';
import type { NodeType, StepContext, StepOutcome } from '../node-type.js';

type Of<Type> = StepContext<Extract<StepContext['node'], { type: Type }>>;

/** 并行分支 */
@Injectable()
export class ParallelNode implements NodeType<'parallel'> {
  readonly type = 'parallel';

  async execute(step: Of<'parallel'>): Promise<StepOutcome> {
    const bodies = step.node.ways.map((way) => ({ key: way.id, port: `way:${way.id}` }));
    return { kind: 'open', bodies, output: {} };
  }

  async preview(step: Of<'parallel'>) {
    const { ways, join } = step.node;
    return {
      outcome: `同时走 ${ways.length} 个分支，${join === 'all' ? '全部走完' : '任一走完'}后继续`,
      lines: [],
      port: 'next',
      bodies: bodyPortsOf(step.node),
    };
  }
}

/** 循环 over what a 查找数据 node found. */
@Injectable()
export class LoopNode implements NodeType<'loop'> {
  readonly type = 'loop';

  async execute(step: Of<'loop'>): Promise<StepOutcome> {
    const { formId, records } = await this.found(step);
    const bodies = records.length > 0 ? [{ key: 0, port: 'each' }] : [];
    return { kind: 'open', bodies, output: { rounds: records.length, formId, records } };
  }

  async preview(step: Of<'loop'>) {
    const { formId, records } = await this.found(step);
    const name = step.forms.get(formId)?.name ?? '';
    return {
      outcome: `对找到的 ${records.length} 条【${name}】逐条执行${records.length > 1 ? '，试运行只演示第一条' : ''}`,
      lines: [],
      port: 'next',
      bodies: records.length > 0 ? ['each'] : [],
      ...(records[0] ? { stands: { formId, recordId: records[0] } } : {}),
    };
  }

  private async found(step: Of<'loop'>): Promise<{ formId: FormId; records: RecordId[] }> {
    const found = step.values.output(step.node.over) as { formId?: FormId; records?: RecordId[] } | undefined;
    if (!found?.formId) throw new AppError('wrong_state', { detail: '循环的数据来自一个没有执行过的查找节点' });
    return { formId: found.formId, records: found.records ?? [] };
  }
}
