import { Injectable } from '@nestjs/common';
import dayjs from 'dayjs';
import type { NodeType, Preview, StepContext, StepOutcome } from '../node-type.js';
import { conditionsAt } from './case-conditions.js';

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

  async preview(step: Of<'branch'>): Promise<Preview> {
    const port = await this.port(step);
    const hit = step.node.cases.find((item) => port === `case:${item.id}`);
    const name = hit && (hit.name || hit.id);
    const outcome = name
      ? { zh: `走分支「${name}」`, en: `Takes the way "${name}"` }
      : { zh: '走「其他情况」', en: 'Takes the way "Otherwise"' };
    return { outcome, lines: [], port };
  }

  private async port(step: Of<'branch'>): Promise<string> {
    const holds = await conditionsAt(
      step,
      step.node.cases.map((item) => item.filter),
    );
    const hit = step.node.cases.find((item) => holds(item.filter));
    return hit ? `case:${hit.id}` : 'else';
  }
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

  async preview(step: Of<'delay'>): Promise<Preview> {
    return {
      outcome: { zh: '等到这个时间再继续', en: 'Waits until this time' },
      lines: [{ label: { zh: '时间', en: 'Time' }, value: (await this.until(step)).toISOString() }],
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
    return {
      kind: 'end',
      output: message,
      ...(step.node.failed
        ? { failed: message ?? { zh: '流程按设计失败', en: 'the flow fails here as designed' } }
        : {}),
    };
  }

  async preview(step: Of<'end'>): Promise<Preview> {
    return { outcome: step.node.message ?? { zh: '结束', en: 'The flow ends here' }, lines: [], port: null };
  }
}
