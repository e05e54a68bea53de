import type { FlowDefinition } from '@lianke/shared/flows/definition';
import type { MemberId, RecordId } from '@lianke/shared/ids';
import type { TaskItem } from '@lianke/shared/tasks/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RecordWriter } from '../src/engine/records/record-writer.js';
import { ApprovalApp, approvalNode } from './support/approval-app.js';

let app: ApprovalApp;
let a: MemberId;

beforeAll(async () => {
  app = await ApprovalApp.start();
  [a] = app.people as [MemberId];
  const fields = app.contracts.fields
    .filter((field) => !field.system)
    .map(({ writable: _, ...field }): object => field)
    .concat({ key: 'pay', name: '月薪', type: 'money', encrypted: true });
  const answer = await app.admin.call('PATCH', `/api/v1/forms/${app.contracts.id}`, { fields });
  expect(answer.status).toBe(200);
});
afterAll(() => app.whole.close());

const ref = (path: string, source = 'trigger') => ({ source, path });
const text = (...parts: object[]) => ({ kind: 'text', parts }) as never;

async function submit(): Promise<RecordId> {
  const row = { values: { name: '王芳', pay: '12345.60' } };
  const ctx = await app.ctx(app.admin.memberId);
  const { id } = await app.whole
    .get(RecordWriter)
    .writeOne(ctx, { formId: app.contracts.id, op: 'create' as const, row });
  await app.drain();
  return id as RecordId;
}

/** The task as the list and as its page tell it. */
async function told(record: RecordId): Promise<TaskItem[]> {
  const id = await app.taskOf(record, a);
  const list = (await app.as(a, 'GET', '/api/v1/tasks')).json.items as TaskItem[];
  const detail = (await app.as(a, 'GET', `/api/v1/tasks/${id}`)).json as TaskItem;
  return [...list.filter((item) => item.id === id), detail];
}

describe('a card about fields that are stored encrypted', () => {
  it('tells which of its facts and whether its title hold their values', async () => {
    const node = approvalNode('ok', [a], {
      title: text({ text: '调薪到 ' }, { ref: ref('pay') }),
      facts: [
        { label: '姓名', ref: ref('name') },
        { label: '月薪', ref: ref('pay') },
      ],
    });
    await app.with(app.chain(node), async () => {
      for (const item of await told(await submit())) {
        expect(item.title).toContain('12,345.6');
        expect(item.titleSealed).toBe(true);
        expect(item.facts.map((fact) => [fact.label, fact.sealed])).toEqual([
          ['姓名', undefined],
          ['月薪', true],
        ]);
      }
    });
  });

  it('knows them behind variables too', async () => {
    const node = approvalNode('ok', [a], {
      title: text({ text: '合同 ' }, { ref: ref('name') }),
      facts: [
        { label: '备注', ref: ref('note', 'v') },
        { label: '姓名', ref: ref('name') },
      ],
    });
    const chain = app.chain(node);
    const definition: FlowDefinition = {
      ...chain,
      nodes: [
        {
          id: 'v',
          name: '',
          type: 'setVariables',
          items: [{ key: 'note', name: '备注', type: 'text', value: text({ text: '月薪 ' }, { ref: ref('pay') }) }],
        },
        ...chain.nodes,
      ],
      edges: [
        { from: 'trigger', to: 'v' },
        { from: 'v', to: 'ok' },
        ...chain.edges.filter((edge) => edge.from !== 'trigger'),
      ],
    };
    await app.with(definition, async () => {
      for (const item of await told(await submit())) {
        expect(item.titleSealed).toBeUndefined();
        expect(item.facts.map((fact) => [fact.label, fact.sealed])).toEqual([
          ['备注', true],
          ['姓名', undefined],
        ]);
      }
    });
  });
});
