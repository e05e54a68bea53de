import type { CardWords } from '@lianke/shared/chat/cards';
import type { Words } from '@lianke/shared/errors/issue-text';
import type { MemberId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import { Injectable } from '@nestjs/common';
import { Notifier } from '../../ports.js';
import { planReminders, taskButtons } from '../../tasks/reminder-plan.js';
import type { NodeType, Preview, StepContext, StepOutcome } from '../node-type.js';
import { resolvePeople } from '../people.js';
import { effectKey } from '../run-steps.js';
import { notYetTold } from '../said-today.js';
import { cardFacts, type Told, toldApart } from '../told.js';

type Step = StepContext<Extract<StepContext['node'], { type: 'message' }>>;

/** 发消息 */
@Injectable()
export class MessageNode implements NodeType<'message'> {
  readonly type = 'message';

  constructor(private readonly notifier: Notifier) {}

  async execute(step: Step): Promise<StepOutcome> {
    const to = await resolvePeople(step.node.to, step.values, step.org, step.starterId);
    if (to.length === 0) return { kind: 'next', port: 'next', output: { sent: 0, note: nobody } };
    const about = step.values.record(step.node.record);
    const fresh: MemberId[] = [];
    for (const { to: some, told } of await toldApart(step, to, step.node)) {
      const card = this.card(step, told);
      const members = await notYetTold(step.tx, step.ctx, some, card, step.now);
      fresh.push(...members);
      if (members.length > 0)
        await this.notifier.enqueue(step.tx, step.ctx, {
          card,
          to: members,
          key: effectKey(step.at),
          about: { kind: 'record', id: about.recordId },
          // Many at once (an import, a hand-over) arrive as one digest.
          mergeable: true,
          urgent: step.node.urgent === true,
        });
      if (step.node.kind === 'task' && step.node.remind) {
        const { everyHours, times, manager } = step.node.remind;
        const plan = { everyMinutes: everyHours * 60, times, manager };
        await planReminders(step.tx, step.ctx, { ...about, members, card }, plan, step.now);
      }
    }
    const held = to.filter((id) => !fresh.includes(id)).map((id) => step.org.nameOf(id));
    const output: { [key: string]: Json } = { sent: fresh.length };
    if (held.length > 0) output.note = alreadyTold(held);
    return { kind: 'next', port: 'next', output };
  }

  async executeAll(steps: readonly Step[]): Promise<StepOutcome[]> {
    const outcomes: StepOutcome[] = [];
    // One after the other: the second sees that the first has said the same.
    for (const step of steps) outcomes.push(await this.execute(step));
    return outcomes;
  }

  async preview(step: Step): Promise<Preview> {
    const to = await resolvePeople(step.node.to, step.values, step.org, step.starterId);
    const title = await step.values.text(step.node.title);
    const names = to.map((id) => step.org.nameOf(id));
    return {
      outcome: {
        zh: `发给 ${names.join('、') || '（没有找到收件人）'}`,
        en: `Send to ${names.join(', ') || '(nobody was found)'}`,
      },
      lines: [
        { label: { zh: '标题', en: 'Title' }, value: title },
        ...(await cardFacts(step.values, step.node.facts)),
        ...(step.node.kind === 'task' && step.node.remind
          ? [{ label: { zh: '没完成时', en: 'If not done' }, value: remindWords(step.node.remind) }]
          : []),
      ],
      port: 'next',
    };
  }

  private card(step: Step, told: Told): CardWords {
    const { formId, recordId } = step.values.record(step.node.record);
    return {
      kind: step.node.kind,
      ...told,
      path: `/pages/record/index?formId=${formId}&id=${recordId}`,
      buttons: step.node.kind === 'task' ? taskButtons(formId, recordId) : [],
    };
  }
}

function remindWords({ everyHours, times, manager }: NonNullable<Step['node']['remind']>): Words {
  return {
    zh: `每 ${everyHours} 小时再提醒，最多 ${times} 次${manager ? '，之后告诉上级' : ''}`,
    en: `reminded every ${everyHours} h, at most ${times} times${manager ? ', then the manager is told' : ''}`,
  };
}

const nobody = { zh: '没有找到收件人', en: 'Nobody was found' };

const alreadyTold = (names: readonly string[]) => ({
  zh: `今天已经发过同样的内容，没有再发给：${names.join('、')}`,
  en: `The same was sent today already, so it was not sent again to: ${names.join(', ')}`,
});
