import { type FlowDefinition, flowDefinition } from '@lianke/shared/flows/definition';
import type { FormView } from '@lianke/shared/forms/definition';
import type { FlowId, MemberId, RecordId, RoleId, TaskId } from '@lianke/shared/ids';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CommentsService } from '../src/engine/comments/comments.service.js';
import { FlowsService } from '../src/engine/flows/flows.service.js';
import { Replays } from '../src/engine/flows/replays.js';
import { OrgService } from '../src/engine/org/org.service.js';
import { RecordReader } from '../src/engine/records/record-reader.js';
import { FillsService } from '../src/engine/tasks/fills.service.js';
import { TaskDetailsService } from '../src/engine/tasks/task-details.service.js';
import { TasksService } from '../src/engine/tasks/tasks.service.js';
import { ApprovalApp } from './support/approval-app.js';

let app: ApprovalApp;
let people: MemberId[];
let form: FormView;
beforeAll(async () => {
  app = await ApprovalApp.start();
  people = app.people;
  form = app.contracts;
});
afterAll(() => app.whole.close());

const admin = () => app.ctx(app.admin.memberId);
const key = (name: string) => form.fields.find((field) => field.key === name)?.id as string;
const line = (...ids: string[]) => ids.map((to, at) => ({ from: at === 0 ? 'trigger' : ids[at - 1], to }));
const literal = (value: string) => ({ kind: 'literal', value });
const after = { id: 'after', type: 'updateRecord', assignments: [{ field: 'name', value: literal('往下走了') }] };
const define = (nodes: object[], edges: object[]): FlowDefinition =>
  flowDefinition.parse({ trigger: { type: 'recordCreated', formId: form.id }, nodes, edges });
const fill = (more: object = {}) => ({
  ...{ id: 'fill', type: 'fill', people: [{ kind: 'member', ids: people.slice(0, 2) }], title: literal('请补充') },
  ...{ fields: { [key('state')]: 'required' }, ...more },
});
const valuesOf = async (id: RecordId) => (await app.whole.get(RecordReader).get(await admin(), form.id, id)).values;
const hand = async (member: MemberId, task: TaskId, values: Record<string, string>) => {
  await app.whole.get(FillsService).fill(await app.ctx(member), task, { values });
  await app.drain();
};

describe('filling in', () => {
  it('is a task of those asked; required fields are enforced, other fields cannot be written; the flow goes on once', async () => {
    await app.with(define([fill(), after], line('fill', 'after')), async () => {
      const id = await app.submit('甲合同');
      const [first, second] = await app.tasks(id);
      const mine = await app.whole
        .get(TasksService)
        .list(await app.ctx(people[0] as MemberId), { state: 'pending', limit: 50 });
      expect(mine.items).toMatchObject([{ id: first?.id, ask: 'fill', title: '请补充', simple: false }]);
      const task = first?.id as TaskId;
      const detail = await app.whole.get(TaskDetailsService).get(await app.ctx(people[0] as MemberId), task);
      expect(detail).toMatchObject({
        mayDecide: false,
        fields: { state: 'required' },
        stages: [{}, { kind: 'fill', state: 'current' }],
      });
      expect(detail.actions).toContain('fill');
      await expect(hand(people[0] as MemberId, task, {})).rejects.toMatchObject({
        code: 'validation_failed',
        more: { fields: [{ field: 'state', code: 'required' }] },
      });
      await expect(hand(people[0] as MemberId, task, { state: '好', name: '偷改' })).rejects.toMatchObject({
        more: { fields: [{ field: 'name', code: 'not_writable' }] },
      });
      await expect(hand(people[2] as MemberId, task, { state: '别人' })).rejects.toMatchObject({ code: 'not_found' });
      expect((await valuesOf(id)).state).toBeNull();
      // Both at the same instant: one comes second and is told so.
      const results = await Promise.allSettled([
        hand(people[0] as MemberId, task, { state: '填好' }),
        hand(people[1] as MemberId, second?.id as TaskId, { state: '也填' }),
      ]);
      expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
      // The one who came second held the run for a moment, so that the first one's round passed it over.
      await app.drain();
      expect(await valuesOf(id)).toMatchObject({ name: '往下走了' });
      expect((await app.tasks(id)).map((item) => item.state).sort()).toEqual(['closed', 'done']);
    });
  });

  it('of all goes on when the last has filled in, and a fault names what is missing before publishing', async () => {
    await app.with(define([fill({ who: 'all' }), after], line('fill', 'after')), async () => {
      const id = await app.submit('乙合同');
      const [first, second] = await app.tasks(id);
      await hand(people[0] as MemberId, first?.id as TaskId, { state: '一' });
      expect((await valuesOf(id)).name).toBe('乙合同');
      await hand(people[1] as MemberId, second?.id as TaskId, { state: '二' });
      expect(await valuesOf(id)).toMatchObject({ name: '往下走了', state: '二' });
    });
    const flows = app.whole.get(FlowsService);
    const bad = define([fill({ fields: {}, people: [] })], line('fill'));
    const { faults } = await flows.create(await admin(), { appId: form.appId, name: '坏', definition: bad });
    expect(faults.map((fault) => fault.message)).toEqual(['请选择由谁填写', '请选择要填写哪些字段']);
  });
});

describe('comments of flows', () => {
  it('stand under the record in the flow’s name; those called who may see it are told', async () => {
    const stranger = await app.whole
      .get(OrgService)
      .createMember({ tenantId: app.admin.tenantId }, { name: '外人', roleIds: [] as RoleId[] });
    const comment = {
      ...{ id: 'say', type: 'comment', mention: [{ kind: 'member', ids: [people[0], stranger] }] },
      text: { kind: 'text', parts: [{ text: '已归档：' }, { ref: { source: 'trigger', path: 'name' } }] },
    };
    const definition = define([comment], line('say'));
    await app.with(definition, async () => {
      const id = await app.submit('丙合同');
      const [view] = (await app.whole.get(CommentsService).list(await admin(), form.id, id)).items;
      expect(view).toMatchObject({
        author: { label: '流程“审批”' },
        mine: false,
        text: expect.stringContaining('已归档：丙合同'),
      });
      expect(view?.mentions.map((item) => item.told)).toEqual([true, false]);
      const sent = await app.sql<{ member_id: string; card: { title: string } }>(
        `SELECT member_id, card FROM lianke.message WHERE about_id = $1`,
        [id],
      );
      expect(sent).toMatchObject([{ member_id: people[0], card: { title: '流程“审批”在评论中提到了你' } }]);
      const items = await app.whole
        .get(Replays)
        .run(await admin(), '00000000-0000-7000-8000-000000000000' as FlowId, definition, 1);
      expect(items[0]?.steps[0]?.lines[0]).toMatchObject({ label: '内容', value: expect.stringContaining('已归档：') });
      expect((await app.whole.get(CommentsService).list(await admin(), form.id, id)).items).toHaveLength(1);
    });
  });
});
