import type { Json } from '@lianke/shared/json';
import { Injectable } from '@nestjs/common';
import { refusal } from '../../../kernel/errors/app-error.js';
import { readInputs } from '../flow-inputs.js';
import { maxDepth } from '../loop-guard.js';
import type { NodeType, Preview, StepContext, StepOutcome } from '../node-type.js';
import { PublishedFlows } from '../published-flows.js';
import { eventIdOf, insertRuns } from '../run-starts.js';
import { effectKey } from '../run-steps.js';

type Step = StepContext<Extract<StepContext['node'], { type: 'subflow' }>>;

/** 调用子流程. Its run is unique by this step, so a step done twice starts it once. */
@Injectable()
export class SubflowNode implements NodeType<'subflow'> {
  readonly type = 'subflow';

  constructor(private readonly flows: PublishedFlows) {}

  async execute(step: Step): Promise<StepOutcome> {
    const { flow, record, input } = await this.asked(step);
    if (step.ctx.cause.depth >= maxDepth)
      throw refusal('wrong_state', {
        zh: `流程互相调用超过 ${maxDepth} 层，请检查是否形成循环`,
        en: `flows call one another more than ${maxDepth} levels deep; check whether they form a loop`,
      });
    const eventId = eventIdOf('subflow', effectKey(step.at));
    const start = {
      ...{ flowId: flow.id, version: flow.version, eventId, formId: record.formId, recordId: record.recordId },
      ...{ batchId: null, starterId: step.starterId, door: 'flow', depth: step.ctx.cause.depth, input },
    };
    await insertRuns(step.tx, step.ctx, [start], step.now);
    const [child] = await step.tx.sql<{ id: string; state: string }>(
      `UPDATE lianke.run SET parent_run_id = $3, parent_node = $4, parent_scope = $5
       WHERE tenant_id = $1 AND flow_id = $2 AND event_id = $6 RETURNING id, state`,
      [step.ctx.tenantId, flow.id, step.node.wait ? step.runId : null, step.node.id, step.at.scope, eventId],
    );
    const output = { run: child?.id ?? null };
    return step.node.wait && child?.state !== 'done'
      ? { kind: 'wait', until: null, output }
      : { kind: 'next', port: 'next', output };
  }

  async preview(step: Step): Promise<Preview> {
    const { flow, input } = await this.asked(step);
    return {
      outcome: {
        zh: `启动子流程“${flow.name}”${step.node.wait ? '，等它结束后继续' : '，不等它结束'}`,
        en: `Start the sub-flow "${flow.name}"${step.node.wait ? ' and wait for its end' : ' without waiting'}`,
      },
      lines: Object.entries(input).map(([key, value]) => ({
        label:
          flow.definition.trigger.type === 'called'
            ? (flow.definition.trigger.inputs.find((item) => item.key === key)?.label ?? key)
            : key,
        value: String(value ?? ''),
      })),
      port: 'next',
    };
  }

  private async asked(step: Step) {
    const flow = await this.flows.find(step.ctx, step.node.flowId);
    const trigger = flow?.definition.trigger;
    if (!flow || trigger?.type !== 'called')
      throw refusal('wrong_state', { zh: '子流程已停用或已删除', en: 'the sub-flow was switched off or deleted' });
    const record = step.values.record(step.node.record);
    if (record.formId !== trigger.formId)
      throw refusal('wrong_state', {
        zh: '子流程要的是另一张表单的数据',
        en: 'the sub-flow expects a record of another form',
      });
    const given = new Map<string, Json>();
    for (const item of step.node.inputs) given.set(item.key, await step.values.plain(item.value));
    return { flow, record, input: readInputs(trigger.inputs, (item) => given.get(item.key)) };
  }
}
