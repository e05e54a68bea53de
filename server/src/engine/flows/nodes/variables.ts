import type { Words } from '@lianke/shared/errors/issue-text';
import type { TransformHow, VariableType } from '@lianke/shared/flows/nodes/variables';
import type { ValueExpr } from '@lianke/shared/flows/values';
import type { Json } from '@lianke/shared/json';
import { Injectable } from '@nestjs/common';
import { refusal } from '../../../kernel/errors/app-error.js';
import type { NodeType, Preview, StepContext, StepOutcome } from '../node-type.js';
import { formulaResult } from '../run-formula.js';
import { asVariable, transformed } from '../variable-values.js';

type Of<Type> = StepContext<Extract<StepContext['node'], { type: Type }>>;
type Items = readonly { key: string; name: string; type: VariableType }[];

async function previewOf(step: StepContext, items: Items, values: Record<string, Json>): Promise<Preview> {
  const lines = items.map((item) => ({ label: item.name, value: variableText(step, item.type, values[item.key]) }));
  const n = items.length;
  const outcome = { zh: `得到 ${n} 个变量`, en: n === 1 ? 'Sets 1 variable' : `Sets ${n} variables` };
  return { outcome, lines, port: 'next', answers: values };
}

/** A variable as people read it in a trial run. */
function variableText(step: StepContext, type: VariableType, value: Json | undefined): string | Words {
  if (value === null || value === undefined) return { zh: '（空）', en: '(empty)' };
  if (type === 'member') return step.org.nameOf(String(value));
  if (type === 'switch') return value === true ? { zh: '是', en: 'Yes' } : { zh: '否', en: 'No' };
  return Array.isArray(value) ? value.join('、') : String(value);
}

/** What an expression gives for a variable: texts as people read them, everything else as it is kept. */
function valueFor(step: StepContext, type: VariableType, expr: ValueExpr): Promise<Json> {
  return type === 'text' ? step.values.text(expr) : step.values.plain(expr);
}

/** 设置变量 */
@Injectable()
export class SetVariablesNode implements NodeType<'setVariables'> {
  readonly type = 'setVariables';

  async execute(step: Of<'setVariables'>): Promise<StepOutcome> {
    return { kind: 'next', port: 'next', output: await this.values(step) };
  }

  async preview(step: Of<'setVariables'>): Promise<Preview> {
    return previewOf(step, step.node.items, await this.values(step));
  }

  private async values(step: Of<'setVariables'>): Promise<Record<string, Json>> {
    const values: Record<string, Json> = {};
    for (const item of step.node.items) {
      const raw =
        item.value.kind === 'formula'
          ? await this.formula(step, item.value.formula)
          : await valueFor(step, item.type, item.value);
      values[item.key] = asVariable(item, raw, step);
    }
    return values;
  }

  private formula(step: Of<'setVariables'>, source: string): Promise<Json> {
    if (!step.definition)
      throw refusal('wrong_state', { zh: '流程的定义已不存在', en: 'the definition of the flow is gone' });
    const { forms, now, ctx } = step;
    return formulaResult(step.values, source, step.definition, { forms, now, timeZone: ctx.timeZone });
  }
}

/** 数据转换 */
@Injectable()
export class TransformNode implements NodeType<'transform'> {
  readonly type = 'transform';

  async execute(step: Of<'transform'>): Promise<StepOutcome> {
    return { kind: 'next', port: 'next', output: await this.values(step) };
  }

  async preview(step: Of<'transform'>): Promise<Preview> {
    return previewOf(step, step.node.items, await this.values(step));
  }

  private async values(step: Of<'transform'>): Promise<Record<string, Json>> {
    const values: Record<string, Json> = {};
    for (const item of step.node.items) {
      const raw = await this.source(step, item.from, item.how);
      values[item.key] = asVariable(item, transformed(item.name, raw, item.how), step);
    }
    return values;
  }

  /** JSON and lists are taken as they are; what is cut or split is taken as people read it. */
  private source(step: Of<'transform'>, from: ValueExpr, how: TransformHow): Promise<Json> {
    const whole = how.op === 'json' || how.op === 'join' || how.op === 'keep';
    return whole ? step.values.plain(from) : step.values.text(from);
  }
}
