import type { TaskId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import { Notifier } from '../../ports.js';
import { insertCopies } from '../copies.js';
import type { NodeType, Preview, StepContext, StepOutcome } from '../node-type.js';
import { resolvePeople } from '../people.js';
import { cardFacts, toldApart } from '../told.js';

type Step = StepContext<Extract<StepContext['node'], { type: 'cc' }>>;

/** 抄送 */
@Injectable()
export class CcNode implements NodeType<'cc'> {
  readonly type = 'cc';

  constructor(private readonly notifier: Notifier) {}

  async execute(step: Step): Promise<StepOutcome> {
    const to = await resolvePeople(step.node.to, step.values, step.org, step.starterId);
    if (to.length > 0 && step.flow) {
      const { formId, recordId } = step.values.record('trigger');
      const [task] = await step.tx.sql<{ id: TaskId }>(
        'SELECT id FROM lianke.task WHERE tenant_id = $1 AND run_id = $2 ORDER BY created_at DESC, id LIMIT 1',
        [step.ctx.tenantId, step.runId],
      );
      for (const { to: some, told } of await toldApart(step, to, step.node))
        await insertCopies(this.notifier, step.tx, step.ctx, step.org, {
          runId: step.runId,
          flowId: step.flow.id,
          source: `node:${step.at.scope}${step.at.node}`,
          to: some,
          by: null,
          ...told,
          comment: null,
          formId,
          recordId,
          taskId: task?.id ?? null,
          now: step.now,
        });
    }
    return { kind: 'next', port: 'next', output: { sent: to.length } };
  }

  async preview(step: Step): Promise<Preview> {
    const to = await resolvePeople(step.node.to, step.values, step.org, step.starterId);
    const names = to.map((id) => step.org.nameOf(id));
    return {
      outcome: {
        zh: `抄送给 ${names.join('、') || '（没有找到人）'}`,
        en: `Send copies to ${names.join(', ') || '(nobody was found)'}`,
      },
      lines: [
        { label: { zh: '标题', en: 'Title' }, value: await step.values.text(step.node.title) },
        ...(await cardFacts(step.values, step.node.facts)),
      ],
      port: 'next',
    };
  }
}
