import type { FormView } from '@lianke/shared/forms/definition';
import type { MemberId } from '@lianke/shared/ids';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TestEngine, TestTenant } from '../../../test/support/engine.js';
import { createFlowEngine, followUpForms } from '../../../test/support/flows.js';
import { type ChineseNotification, inChinese } from '../../../test/support/in-chinese.js';
import type { TenantContext } from '../context.js';
import { FormsService } from '../forms/forms.service.js';
import { type Notification, Notifier } from '../ports.js';
import { RecordWriter } from '../records/record-writer.js';
import { TaskReminders } from './task-reminders.js';
import { TodosService } from './todos.service.js';

/** Like the outbox: the same key reaches the same member once. */
class Outbox extends Notifier {
  readonly sent: ChineseNotification[] = [];
  async enqueue(_tx: unknown, _ctx: TenantContext, notification: Notification): Promise<void> {
    this.sent.push(inChinese(notification));
  }
  async update(): Promise<void> {}
}

const outbox = new Outbox();
let engine: TestEngine;
let tenant: TestTenant;
let tasks: FormView;
let rep: MemberId;

// Tuesday 3 March 2026, 08:30 in Shanghai.
beforeAll(async () => {
  engine = await createFlowEngine({ start: '2026-03-03T00:30:00Z', notifier: outbox });
  tenant = await engine.tenant('acme');
  ({ tasks } = await followUpForms(tenant));
  rep = await tenant.memberWith('王芳', { [tasks.id]: { actions: ['view', 'create', 'edit'], scope: 'own' } });
});
afterAll(() => engine.close());
beforeEach(() => {
  outbox.sent.length = 0;
});

const work = () => engine.get(TaskReminders).work();
const to = (time: string) => engine.kernel.clock.set(new Date(time));
const add = async (title: string, due: string, as: MemberId = rep) =>
  (
    await engine
      .get(RecordWriter)
      .writeOne(await tenant.ctx(as), { formId: tasks.id, op: 'create', row: { values: { title, due } } })
  ).id;

describe('reminders of due tasks', () => {
  it('wait for nine o’clock of the company, then name what falls due today, once', async () => {
    const id = await add('回访', '2026-03-03');
    await add('还早', '2026-03-05');
    expect(await work()).toBe(false);
    to('2026-03-03T01:00:00Z');
    expect(await work()).toBe(true);
    expect(outbox.sent).toMatchObject([
      {
        to: [rep],
        about: { kind: 'record', id },
        card: {
          kind: 'task',
          title: '待办今天到期：回访',
          buttons: [{ action: `complete:${tasks.id}:${id}` }, { action: `later:${tasks.id}:${id}` }],
        },
      },
    ]);
    expect(await work()).toBe(false);
    expect(outbox.sent).toHaveLength(1);
  });

  it('are made up for once after days on which nobody was told, overdue ones with them, done ones not', async () => {
    const done = await add('做完的', '2026-03-04');
    await engine.get(TodosService).complete(await tenant.ctx(rep), tasks.id, done);
    to('2026-03-06T10:00:00Z');
    expect(await work()).toBe(true);
    expect(outbox.sent).toHaveLength(1);
    expect(outbox.sent[0]?.card).toMatchObject({
      kind: 'digest',
      title: '2 项待办到期',
      facts: [
        { label: '2026-03-05 逾期', value: '还早' },
        { label: '2026-03-03 逾期', value: '回访' },
      ],
      path: '/pages/tasks/index',
    });
  });

  it('do not repeat what was told, except on Monday', async () => {
    to('2026-03-07T02:00:00Z');
    expect(await work()).toBe(false);
    to('2026-03-09T02:00:00Z');
    expect(await work()).toBe(true);
    expect(outbox.sent).toMatchObject([{ card: { title: '2 项待办到期' } }]);
  });

  it('count what a card cannot name, and tell each owner of his own only', async () => {
    const other = await tenant.memberWith('李伟', { [tasks.id]: { actions: ['view', 'create'], scope: 'own' } });
    for (let index = 1; index <= 6; index++) await add(`第 ${index} 件`, '2026-03-10', other);
    to('2026-03-10T02:00:00Z');
    await work();
    expect(outbox.sent).toHaveLength(1);
    expect(outbox.sent[0]).toMatchObject({ to: [other], card: { title: '6 项待办到期' } });
    expect(outbox.sent[0]?.card.facts).toHaveLength(6);
    expect(outbox.sent[0]?.card.facts.at(-1)).toEqual({ label: '还有', value: '1 项' });
  });

  it('stay away where the form does not want them', async () => {
    await engine.get(FormsService).update(await tenant.ctx(), tasks.id, {
      settings: {
        ...tasks.settings,
        task: { title: 'title', owner: 'owner', due: 'due', done: 'done', remind: false },
      },
    } as never);
    await add('不提醒', '2026-03-11');
    to('2026-03-11T02:00:00Z');
    expect(await work()).toBe(false);
  });
});
