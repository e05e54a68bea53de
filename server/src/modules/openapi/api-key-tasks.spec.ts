import { flowDefinition } from '@lianke/shared/flows/definition';
import type { MemberId } from '@lianke/shared/ids';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { comeToRest } from '../../../test/support/flows.js';
import { sound } from '../../../test/support/paired-world.js';
import { type Answer, type TestAccount, WholeApp } from '../../../test/support/whole-app.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';

let whole: WholeApp;
let admin: TestAccount;
let boss: MemberId;
let rep: MemberId;
let contracts: string;
let other: string;
let button: string;

const post = async (url: string, body: unknown) => sound(await admin.call('POST', `/api/v1${url}`, body)).json;
const codeOf = (answer: Answer) => [answer.status, answer.json?.code];
let n = 0;

async function keyOf(memberId: MemberId, more: Record<string, unknown> = {}) {
  const made = await post('/api-keys', { name: `对接 ${++n}`, memberId, access: 'write', ...more });
  const headers = { authorization: `Bearer ${made.secret}` };
  return (method: string, url: string, body?: unknown) =>
    whole.call(method, `/api/v1${url}`, { headers, ...(body === undefined ? {} : { body }) });
}

async function live(definition: object): Promise<string> {
  const flow = await post('/flows', { appId, name: `流程 ${++n}`, definition: flowDefinition.parse(definition) });
  expect(flow.faults).toEqual([]);
  await post(`/flows/${flow.id}/publish`, {});
  return flow.id;
}
let appId: string;

beforeAll(async () => {
  whole = await WholeApp.start();
  admin = await whole.company('keys');
  appId = (await post('/apps', { name: '合同' })).id;
  const form = async (name: string) =>
    (
      await post('/forms', {
        ...{ appId, name },
        fields: [
          { key: 'name', name: '名称', type: 'text' },
          { key: 'note', name: '备注', type: 'text' },
        ],
      })
    ).id;
  contracts = await form('合同');
  other = await form('付款');
  const actions = ['view', 'create', 'edit'];
  const see = { actions, scope: 'all' };
  const role = await post('/roles', { name: '员工', permissions: { forms: { [contracts]: see, [other]: see } } });
  boss = (await post('/members', { name: '老板', roleIds: [role.id] })).id;
  rep = (await post('/members', { name: '王芳', roleIds: [role.id] })).id;
  for (const formId of [contracts, other])
    await live({
      trigger: { type: 'recordCreated', formId },
      nodes: [
        {
          ...{ id: 'ask', type: 'approval', approvers: [{ kind: 'member', ids: [boss] }] },
          title: { kind: 'literal', value: '请批' },
        },
      ],
      edges: [{ from: 'trigger', to: 'ask' }],
    });
  button = await live({
    trigger: { type: 'button', formId: contracts, label: '登记', inputs: [{ key: 'word', label: '字', type: 'text' }] },
    nodes: [
      {
        ...{ id: 'write', type: 'updateRecord', target: 'trigger' },
        assignments: [{ field: 'note', value: { kind: 'ref', ref: { source: 'input', path: 'word' } } }],
      },
    ],
    edges: [{ from: 'trigger', to: 'write' }],
  });
}, 120_000);
afterAll(() => whole.close());

async function asked(formId: string): Promise<{ record: string; task: string }> {
  const record = (await post(`/forms/${formId}/records`, { values: { name: `单 ${++n}` } })).id;
  await comeToRest(whole);
  const own = await keyOf(boss);
  const { items } = sound(await own('GET', '/tasks?state=pending&limit=100')).json;
  const task = items.find((item: { subject: { id: string } }) => item.subject?.id === record)?.id;
  return { record, task };
}

describe('tasks by key', () => {
  it('are those of its member, and decided as he would', async () => {
    const { record, task } = await asked(contracts);
    const own = await keyOf(boss);
    const theirs = await keyOf(rep);
    expect(sound(await theirs('GET', '/tasks')).json.items).toEqual([]);
    expect(codeOf(await theirs('POST', `/tasks/${task}/approve`, {}))).toEqual([404, 'not_found']);
    expect(sound(await own('GET', `/tasks/${task}`)).json).toMatchObject({ id: task });
    sound(await own('POST', `/tasks/${task}/approve`, { comment: '同意' }));
    expect(codeOf(await own('POST', `/tasks/${task}/approve`, {}))[0]).toBe(409);
    await comeToRest(whole);
    const done = sound(await own('GET', '/tasks?state=done')).json.items;
    expect(done.find((item: { subject: { id: string } }) => item.subject.id === record)).toMatchObject({
      state: 'approved',
    });
  });

  it('of other forms are not there for a key that is limited to some', async () => {
    const { task } = await asked(other);
    const limited = await keyOf(boss, { forms: [contracts] });
    const { items, total } = sound(await limited('GET', '/tasks?state=pending')).json;
    expect([items.every((item: { subject: { formId: string } }) => item.subject.formId === contracts), total]).toEqual([
      true,
      items.length,
    ]);
    for (const [method, url, body] of [
      ['GET', `/tasks/${task}`, undefined],
      ['POST', `/tasks/${task}/approve`, {}],
      ['POST', `/tasks/${task}/reject`, { comment: '不' }],
      ['POST', `/tasks/${task}/return`, { to: 'starter', comment: '改' }],
      ['POST', `/tasks/${task}/fill`, { values: {} }],
    ] as const)
      expect((await limited(method, url, body)).status, url).toBe(404);
    sound(await (await keyOf(boss))('POST', `/tasks/${task}/reject`, { comment: '不' }));
  });

  it('are read, not decided, by a key that only reads', async () => {
    const { record, task } = await asked(contracts);
    const reads = await keyOf(boss, { access: 'read' });
    sound(await reads('GET', `/tasks/${task}`));
    expect(codeOf(await reads('POST', `/tasks/${task}/approve`, {}))).toEqual([403, 'api_key_read_only']);
    sound(await reads('GET', `/forms/${contracts}/records/${record}/buttons`));
    const press = { pressId: uuid7(), values: { word: '一' } };
    expect(codeOf(await reads('POST', `/forms/${contracts}/records/${record}/buttons/${button}`, press))).toEqual([
      403,
      'api_key_read_only',
    ]);
  });
});

describe('buttons by key', () => {
  it('start the flow once a press, on records that the key sees', async () => {
    const { record } = await asked(contracts);
    const own = await keyOf(rep);
    const { items } = sound(await own('GET', `/forms/${contracts}/records/${record}/buttons`)).json;
    expect(items).toMatchObject([{ flowId: button, label: '登记' }]);
    const press = { pressId: uuid7(), values: { word: '已登记' } };
    const url = `/forms/${contracts}/records/${record}/buttons/${button}`;
    const runs = [sound(await own('POST', url, press)).json.runId, sound(await own('POST', url, press)).json.runId];
    expect(runs[0]).toBe(runs[1]);
    await comeToRest(whole);
    expect(sound(await own('GET', `/forms/${contracts}/records/${record}`)).json.values.note).toBe('已登记');
    const limited = await keyOf(rep, { forms: [other] });
    expect((await limited('POST', url, { ...press, pressId: uuid7() })).status).toBeGreaterThanOrEqual(403);
  });
});
