import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestAccount, WholeApp } from '../../../test/support/whole-app.js';
import { DemoProgress } from './demo-progress.js';

let whole: WholeApp;
let mine: TestAccount;
beforeAll(async () => {
  whole = await WholeApp.start();
  mine = await whole.company('mine', '我的企业');
});
afterAll(() => whole.close());

const step = async (key: string) => (await whole.get(DemoProgress).steps('zh')).find((each) => each.key === key);
const state = async (key: string) => (await step(key))?.state;

it('counts a tag field as added only when the form was there without it', async () => {
  const app = (await mine.call('POST', '/api/v1/apps', { name: '客户' })).json;
  const fields = [
    { key: 'name', name: '名称', type: 'text' },
    { key: 'tags', name: '标签', type: 'tags' },
  ];
  const form = (await mine.call('POST', '/api/v1/forms', { appId: app.id, name: '客户', fields })).json;
  expect(await state('extend')).toBe('todo');
  const kept = (form.fields as { id: string; key: string; name: string; type: string }[])
    .filter((field) => fields.some((made) => made.key === field.key))
    .map(({ id, key, name, type }) => ({ id, key, name, type }));
  const added = [...kept, { name: '重点关注', type: 'tags' }];
  expect((await mine.call('PATCH', `/api/v1/forms/${form.id}`, { fields: added })).status).toBe(200);
  expect(await state('extend')).toBe('done');
});

it('counts a follow-up in a form that was built by hand, as the phone does: by its name', async () => {
  const app = (await mine.call('POST', '/api/v1/apps', { name: '跟进' })).json;
  const fields = [{ key: 'content', name: '内容', type: 'text' }];
  const form = (await mine.call('POST', '/api/v1/forms', { appId: app.id, name: '跟进记录', fields })).json;
  expect(await state('visit')).toBe('todo');
  await mine.call('POST', `/api/v1/forms/${form.id}/records`, { values: { content: '看了样机' } });
  expect(await state('visit')).toBe('done');
});

it('takes no flow of a template for one that somebody built, and leads to where one is built', async () => {
  const { app } = (await mine.call('POST', '/api/v1/app-templates/crm/install', {})).json;
  expect(await state('flow')).toBe('todo');
  const forms = (await mine.call('GET', '/api/v1/forms')).json.items as { id: string; key: string; appId: string }[];
  const customer = forms.find((form) => form.key === 'customer' && form.appId === app.id);
  const manage = `/apps/${app.id}/forms/${customer?.id}/manage`;
  expect(await step('flow')).toMatchObject({ url: `${manage}/flows?company=mine` });
  expect(await step('extend')).toMatchObject({ url: `${manage}/design?company=mine` });
  expect(await step('import')).toMatchObject({ url: `/apps/${app.id}/import?company=mine` });

  const node = { id: 'note', name: '提醒', type: 'message', position: { x: 0, y: 140 }, kind: 'notice' };
  const definition = {
    trigger: { type: 'recordCreated', formId: customer?.id },
    triggerPosition: { x: 0, y: 0 },
    nodes: [
      {
        ...node,
        to: [{ kind: 'field', ref: { source: 'trigger', path: 'owner' } }],
        title: { kind: 'text', parts: [{ text: '新客户' }] },
        facts: [],
        record: 'trigger',
      },
    ],
    edges: [{ from: 'trigger', to: 'note' }],
  };
  const made = await mine.call('POST', '/api/v1/flows', { appId: app.id, name: '建档提醒', definition });
  const flow = made.json.id ?? made.json.flow?.id;
  expect((await mine.call('POST', `/api/v1/flows/${flow}/publish`, {})).status).toBe(200);
  expect(await state('flow')).toBe('done');
});

it('counts a customer written by hand, and no approval or reminder that was not there', async () => {
  expect(await state('customer')).toBe('todo');
  const forms = (await mine.call('GET', '/api/v1/forms')).json.items as { id: string; key: string }[];
  const customer = forms.find((form) => form.key === 'customer');
  await mine.call('POST', `/api/v1/forms/${customer?.id}/records`, { values: { name: '测试客户' } });
  expect(await state('customer')).toBe('done');
  for (const key of ['contract', 'overdue']) expect(await state(key)).toBe('todo');
});
