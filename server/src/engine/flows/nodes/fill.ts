import type { Words } from '@lianke/shared/errors/issue-text';
import type { TaskId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import { refusal } from '../../../kernel/errors/app-error.js';
import { cutSaid } from '../../../kernel/errors/said.js';
import { uuid7 } from '../../../kernel/ids/uuid7.js';
import { Notifier } from '../../ports.js';
import { ToldCuts } from '../../tasks/told-cuts.js';
import { insertTask, sendAsk } from '../approval-tasks.js';
import type { NodeType, Preview, StepContext, StepOutcome } from '../node-type.js';
import { resolvePeople } from '../people.js';
import { cardFacts, toldTo } from '../told.js';
import { need } from './records.js';

type Step = StepContext<Extract<StepContext['node'], { type: 'fill' }>>;

/** 填写: one task each, in 任务中心 and on the phone; `FillsService` takes what they fill in. */
@Injectable()
export class FillNode implements NodeType<'fill'> {
  readonly type = 'fill';

  constructor(
    readonly notifier: Notifier,
    readonly cuts: ToldCuts,
  ) {}

  async execute(step: Step): Promise<StepOutcome> {
    const { formId, recordId } = step.values.record(step.node.target);
    need(step, formId);
    const people = await this.people(step);
    for (const [position, memberId] of people.entries()) {
      const told = await toldTo(step, memberId, step.node);
      const [title, { facts }] = [cutSaid(told.title, 200), told];
      const id = uuid7() as TaskId;
      const { starterId, now, at, tx, ctx } = step;
      const task = { id, at, memberId, state: 'pending' as const, kind: 'fill' as const, position };
      await insertTask(tx, ctx, { ...task, title, facts, formId, recordId, starterId }, now);
      await sendAsk(this, tx, ctx, step.org, {
        task: { id, member_id: memberId, title, facts, kind: 'fill' },
        at,
        flowId: step.flowId,
        node: { commentOnReject: false },
        description: wanted(starterId && step.org.nameOf(starterId)),
        now,
      });
    }
    return { kind: 'wait', until: null, output: { record: { formId, recordId }, asked: people } };
  }

  async preview(step: Step): Promise<Preview> {
    const { formId, recordId } = step.values.record(step.node.target);
    const form = need(step, formId);
    const people = await this.people(step);
    const named = Object.entries(step.node.fields).flatMap(([id, right]) => {
      const field = form.field(id);
      return field && (right === 'edit' || right === 'required')
        ? [`${field.name}${right === 'required' ? '*' : ''}`]
        : [];
    });
    const names = people.map((id) => step.org.nameOf(id));
    return {
      outcome: {
        zh: `请 ${names.join('、')} 填写【${form.name}】，${step.node.who === 'all' ? '都填完后' : '一人填完后'}继续`,
        en: `Ask ${names.join(', ')} to fill in [${form.name}]; on when ${step.node.who === 'all' ? 'all' : 'one'} of them did`,
      },
      lines: [
        { label: { zh: '标题', en: 'Title' }, value: await step.values.text(step.node.title) },
        { label: { zh: '要填的字段', en: 'To be filled in' }, value: named.join('、') },
        ...(await cardFacts(step.values, step.node.facts)),
      ],
      port: 'next',
      stands: { formId, recordId },
    };
  }

  /** Nobody found: the administrators, so that the run does not wait for nobody. */
  private async people(step: Step) {
    const found = await resolvePeople(step.node.people, step.values, step.org, step.starterId);
    const people = found.length > 0 ? found : step.org.admins();
    if (people.length === 0)
      throw refusal('wrong_state', { zh: '没有找到填写的人', en: 'nobody was found to fill it in' });
    return people;
  }
}

function wanted(starter: string | null): Words {
  return starter
    ? { zh: `${starter} 发起，请填写`, en: `Started by ${starter}; please fill in` }
    : { zh: '请填写', en: 'Please fill in' };
}
