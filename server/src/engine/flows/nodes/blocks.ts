import { bodyPortsOf } from '@lianke/shared/flows/definition';
import type { FormId, RecordId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import { Injectable } from '@nestjs/common';
import { refusal } from '../../../kernel/errors/app-error.js';
import type { NodeType, Preview, StepContext, StepOutcome } from '../node-type.js';
import type { FoundRecords, ListPlace } from '../run-lists.js';
import { conditionsAt } from './case-conditions.js';

type Of<Type> = StepContext<Extract<StepContext['node'], { type: Type }>>;

/** 并行分支 */
@Injectable()
export class ParallelNode implements NodeType<'parallel'> {
  readonly type = 'parallel';

  async execute(step: Of<'parallel'>): Promise<StepOutcome> {
    const begun = await this.begun(step);
    const bodies = begun.map((way) => ({ key: way.id, port: `way:${way.id}` }));
    const ways = begun.map((way, index) => way.name || `${index + 1}`);
    return { kind: 'open', bodies, output: begun.length === step.node.ways.length ? {} : { ways } };
  }

  async preview(step: Of<'parallel'>): Promise<Preview> {
    const { join } = step.node;
    const ways = await this.begun(step);
    const begun = new Set(ways.map((way) => `way:${way.id}`));
    return {
      outcome:
        ways.length === 0
          ? { zh: '没有一个分支的条件成立，直接继续', en: 'No condition of a branch holds; goes on at once' }
          : {
              zh: `同时走 ${ways.length} 个分支，${join === 'all' ? '全部走完' : '任一走完'}后继续`,
              en: `${ways.length} branches at once, on when ${join === 'all' ? 'all have' : 'one has'} ended`,
            },
      lines: [],
      port: 'next',
      bodies: bodyPortsOf(step.node).filter((port) => begun.has(port)),
    };
  }

  /** The ways whose condition holds, and those that have none. */
  private async begun(step: Of<'parallel'>) {
    const holds = await conditionsAt(
      step,
      step.node.ways.flatMap((way) => way.when ?? []),
    );
    return step.node.ways.filter((way) => !way.when || holds(way.when));
  }
}

/** 循环 over what a 查找数据 node found. */
@Injectable()
export class LoopNode implements NodeType<'loop'> {
  readonly type = 'loop';

  async execute(step: Of<'loop'>): Promise<StepOutcome> {
    const { formId, records, count, listed } = await this.found(step);
    const bodies = count > 0 ? [{ key: 0, port: 'each' }] : [];
    // What was found beyond what one result holds stays in its list, of which each round reads its own line.
    const output: Json = listed ? { rounds: count, formId, listed: { ...listed } } : { rounds: count, formId, records };
    return { kind: 'open', bodies, output };
  }

  async preview(step: Of<'loop'>): Promise<Preview> {
    const { formId, records, count } = await this.found(step);
    const name = step.forms.get(formId)?.name ?? '';
    return {
      outcome: {
        zh: `对找到的 ${count} 条【${name}】逐条执行${count > 1 ? '，试运行只演示第一条' : ''}`,
        en: `For each of the ${count} found in [${name}]${count > 1 ? '; a trial shows the first one only' : ''}`,
      },
      lines: [],
      port: 'next',
      bodies: records.length > 0 ? ['each'] : [],
      ...(records[0] ? { stands: { formId, recordId: records[0] } } : {}),
    };
  }

  private async found(
    step: Of<'loop'>,
  ): Promise<{ formId: FormId; records: RecordId[]; count: number; listed?: ListPlace }> {
    const found = step.values.output(step.node.over) as Partial<FoundRecords> | undefined;
    if (!found?.formId)
      throw refusal('wrong_state', {
        zh: '循环的数据来自一个没有执行过的查找节点',
        en: 'the loop goes over the records of a search that was not carried out',
      });
    const records = found.records ?? [];
    const { formId, listed, count = records.length } = found;
    return { formId, records, count, ...(listed ? { listed } : {}) };
  }
}
