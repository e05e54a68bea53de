import { fieldsOf } from '@lianke/shared/filter/ast';
import { evaluate } from '@lianke/shared/filter/evaluate';
import { answerAt, refOfAnswerKey } from '@lianke/shared/flows/answers';
import { Injectable } from '@nestjs/common';
import dayjs from 'dayjs';
import { filterFieldOf } from '../../records/sql/read-scope.js';
import type { NodeType, StepContext, StepOutcome } from '../node-type.js';
import { kindOf } from '../run-values.js';

type Of<Type> = StepContext<Extract<StepContext['node'], { type: Type }>>;

/** 条件分支 */
@Injectable()
export class BranchNode implements NodeType<'branch'> {
  readonly type = 'branch';

  async execute(step: Of<'branch'>): Promise<StepOutcome> {
    const port = await this.port(step);
    return { kind: 'next', port, output: { port } };
  }

  executeAll(steps: readonly Of<'branch'>[]): Promise<StepOutcome[]> {
    return Promise.all(steps.map((step) => this.execute(step)));
  }

  async preview(step: Of<'branch'>) {
    const port = await this.port(step);
    const hit = step.node.cases.find((item) => port === `case:${item.id}`);
    return { outcome: hit ? `走分支「${hit.name || hit.id}」` : '走「其他情况」', lines: [], port };
  }

  private async port(step: Of<'branch'>): Promise<string> {
    const paths = step.node.cases.flatMap((item) => fieldsOf(item.filter));
    const start = paths.some((path) => !refOfAnswerKey(path)) ? await step.values.values('trigger') : undefined;
    const answers = new Map(await Promise.all(paths.map(async (path) => [path, await answered(step, path)] as const)));
    const lookup = (path: string) => {
      const answer = answers.get(path);
      if (answer) return answer;
      const field = start?.form.field(path);
      return field && { field: filterFieldOf(field), value: start?.record.values[field.id] };
    };
    const hit = step.node.cases.find((item) => evaluate(item.filter, lookup, step.env));
    return hit ? `case:${hit.id}` : 'else';
  }
}

/** A variable or input that a condition is about; undefined for fields of the trigger's record. */
async function answered(step: StepContext, path: string) {
  const ref = refOfAnswerKey(path);
  const answer = ref && step.definition && answerAt(step.definition, ref.source, ref.path);
  if (!ref || !answer) return undefined;
  const { value } = await step.values.find(ref);
  return { field: filterFieldOf(kindOf(answer.type)), value };
}

/** 延时 */
@Injectable()
export class DelayNode implements NodeType<'delay'> {
  readonly type = 'delay';

  async execute(step: Of<'delay'>): Promise<StepOutcome> {
    const until = await this.until(step);
    if (until.getTime() <= step.now.getTime()) return { kind: 'next', port: 'next', output: null };
    return { kind: 'wait', until, output: { until: until.toISOString() } };
  }

  executeAll(steps: readonly Of<'delay'>[]): Promise<StepOutcome[]> {
    return Promise.all(steps.map((step) => this.execute(step)));
  }

  async resume(): Promise<StepOutcome> {
    return { kind: 'next', port: 'next', output: null };
  }

  resumeAll(steps: readonly Of<'delay'>[]): Promise<StepOutcome[]> {
    return Promise.all(steps.map(() => this.resume()));
  }

  async preview(step: Of<'delay'>) {
    return {
      outcome: '等到这个时间再继续',
      lines: [{ label: '时间', value: (await this.until(step)).toISOString() }],
      port: 'next',
    };
  }

  private async until(step: Of<'delay'>): Promise<Date> {
    const { wait } = step.node;
    if (wait.kind === 'for') return dayjs(step.now).add(wait.amount, wait.unit).toDate();
    return (await step.values.instant(wait.value)) ?? step.now;
  }
}

/** 结束 */
@Injectable()
export class EndNode implements NodeType<'end'> {
  readonly type = 'end';

  async execute(step: Of<'end'>): Promise<StepOutcome> {
    const message = step.node.message ?? null;
    return { kind: 'end', output: message, ...(step.node.failed ? { failed: message ?? '流程按设计失败' } : {}) };
  }

  async preview(step: Of<'end'>) {
    return { outcome: step.node.message ?? '结束', lines: [], port: null };
  }
}
