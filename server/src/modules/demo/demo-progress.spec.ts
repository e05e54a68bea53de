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

const state = async (key: string) =>
  (await whole.get(DemoProgress).steps('zh')).find((step) => step.key === key)?.state;

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
