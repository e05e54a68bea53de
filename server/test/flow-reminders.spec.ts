import { flowDefinition } from '@lianke/shared/flows/definition';
import type { MemberId, RecordId } from '@lianke/shared/ids';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { TenantContext } from '../src/engine/context.js';
import { FlowsService } from '../src/engine/flows/flows.service.js';
import { OrgService } from '../src/engine/org/org.service.js';
import { type Notification, Notifier } from '../src/engine/ports.js';
import { RecordWriter } from '../src/engine/records/record-writer.js';
import { CardReminders } from '../src/engine/tasks/card-reminders.js';
import { TaskCardActions } from '../src/engine/tasks/task-card-actions.js';
import { TodosService } from '../src/engine/tasks/todos.service.js';
import type { TestEngine, TestTenant } from './support/engine.js';
import { comeToRest, createFlowEngine, type FollowUpForms, followUpForms } from './support/flows.js';
import { type ChineseNotification, inChinese } from './support/in-chinese.js';

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
let forms: FollowUpForms;
let rep: MemberId;
let boss: MemberId;

beforeAll(async () => {
  engine = await createFlowEngine({ start: '2026-03-03T02:00:00Z', notifier: outbox });
  tenant = await engine.tenant('acme');
  forms = await followUpForms(tenant);
  boss = await tenant.memberWith('陈经理', {});
  rep = await tenant.memberWith('王芳', { [forms.tasks.id]: { actions: ['view', 'create', 'edit'], scope: 'own' } });
  await engine.get(OrgService).updateMember({ tenantId: tenant.id } as never, rep, { managerId: boss } as never);
  const definition = flowDefinition.parse({
    trigger: { type: 'recordUpdated', formId: forms.tasks.id, fields: ['due'] },
    nodes: [
      {
        ...{
          id: 'say',
          type: 'message',
          kind: 'task',
          to: [{ kind: 'field', ref: { source: 'trigger', path: 'owner' } }],
        },
        ...{ title: { kind: 'ref', ref: { source: 'trigger', path: 'title' } }, record: 'trigger' },
        remind: { everyHours: 4, times: 2, manager: true },
      },
    ],
    edges: [{ from: 'trigger', to: 'say' }],
  });
  const flows = engine.get(FlowsService);
  const flow = await flows.create(await tenant.ctx(), { appId: forms.appId, name: '催办', definition });
  expect(flow.faults).toEqual([]);
  await flows.publish(await tenant.ctx(), flow.id);
});
afterAll(() => engine.close());
beforeEach(() => {
  outbox.sent.length = 0;
});

const write = async (op: 'create' | 'update', row: object) => {
  const { id } = await engine
    .get(RecordWriter)
    .writeOne(await tenant.ctx(rep), { formId: forms.tasks.id, op, row: row as never });
  await comeToRest(engine);
  return id as RecordId;
};
const task = async (title: string): Promise<RecordId> => {
  const id = await write('create', { values: { title } });
  await write('update', { id, values: { due: '2026-03-10' } });
  return id;
};
const later = async (hours: number) => {
  engine.kernel.clock.advance(hours * 3_600_000);
  await engine.get(CardReminders).work();
};
const sent = () =>
  outbox.sent.map(({ to, card }) => [to[0], card.title, card.buttons.map((button) => button.text).join()]);

it('a card comes again until its task is done, to its owner and at the end to his manager, who cannot do it for him', async () => {
  await task('回访甲');
  expect(sent()).toEqual([[rep, '回访甲', '完成,稍后']]);
  for (let n = 0; n < 4; n++) await later(4.1);
  expect(sent().slice(1)).toEqual([
    [rep, '回访甲', '完成,稍后'],
    [rep, '回访甲', '完成,稍后'],
    [boss, '王芳 还没有完成：回访甲', ''],
  ]);
});

it('a task that is done, or gone, is not spoken of again', async () => {
  const done = await task('回访乙');
  await engine.get(TodosService).complete(await tenant.ctx(rep), forms.tasks.id, done);
  await task('回访丙');
  await engine.kernel.database.withTenant({ tenantId: tenant.id }, (tx) =>
    tx.run(`UPDATE lianke.reminder SET record_id = gen_random_uuid() WHERE card->>'title' = '回访丙'`),
  );
  outbox.sent.length = 0;
  await later(4.1);
  await later(4.1);
  expect(sent()).toEqual([]);
});

it('稍后 puts the card off for its reader, and says until when', async () => {
  const id = await task('回访丁');
  outbox.sent.length = 0;
  const ctx = await tenant.ctx(rep);
  const action = { messageId: 'm', action: `later:${forms.tasks.id}:${id}`, memberId: rep, raw: null };
  const about = { kind: 'record' as const, id };
  const handled = await engine.get(TaskCardActions).onCardAction(ctx, { ...action, about, responseCode: 'r' });
  expect(handled).toEqual({
    said: { zh: expect.stringMatching(/^\d\d:\d\d 再提醒$/), en: expect.stringMatching(/^Later, at \d\d:\d\d$/) },
  });
  await later(1.9);
  expect(sent()).toEqual([]);
  await later(0.2);
  expect(sent()).toEqual([[rep, '回访丁', '完成,稍后']]);
  const stranger = await tenant.ctx(await tenant.memberWith('外人', {}));
  await expect(
    engine.get(TaskCardActions).onCardAction(stranger, { ...action, about, responseCode: 'r' }),
  ).rejects.toMatchObject({
    code: expect.stringMatching(/not_found|forbidden/),
  });
});

it('nobody is told the same about the same record twice a day; who was held back is noted, and tomorrow it is said again', async () => {
  const id = await task('回访戊');
  outbox.sent.length = 0;
  await write('update', { id, values: { due: '2026-03-11' } });
  expect(sent()).toEqual([]);
  const [step] = await engine.kernel.database.withTenant({ tenantId: tenant.id }, (tx) =>
    tx.sql<{ output: unknown }>(`SELECT output FROM lianke.step ORDER BY started_at DESC, run_id DESC LIMIT 1`),
  );
  expect(step?.output).toEqual({
    sent: 0,
    note: {
      zh: '今天已经发过同样的内容，没有再发给：王芳',
      en: 'The same was sent today already, so it was not sent again to: 王芳',
    },
  });
  engine.kernel.clock.advance(24 * 3_600_000);
  await write('update', { id, values: { due: '2026-03-12' } });
  expect(sent()).toEqual([[rep, '回访戊', '完成,稍后']]);
});
