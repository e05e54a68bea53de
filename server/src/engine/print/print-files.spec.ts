import { afterAll, beforeAll, expect, it } from 'vitest';
import { sound } from '../../../test/support/paired-world.js';
import { pdfText } from '../../../test/support/pdf-text.js';
import { type TestAccount, WholeApp } from '../../../test/support/whole-app.js';

let whole: WholeApp;
let admin: TestAccount;
let form: string;
const ids: string[] = [];

const post = async (url: string, body: unknown) => sound(await admin.call('POST', `/api/v1${url}`, body)).json;

beforeAll(async () => {
  whole = await WholeApp.start();
  admin = await whole.company('papers', '甲公司');
  const { id: appId } = await post('/apps', { name: '设备' });
  const fields = [{ key: 'name', name: '名称', type: 'text' }];
  form = (await post('/forms', { appId, name: '设备', fields })).id;
  for (const name of ['空压机', '冷库']) ids.push((await post(`/forms/${form}/records`, { values: { name } })).id);
});
afterAll(() => whole.close());

async function member(name: string, actions: string[]) {
  const role = await post('/roles', { name, permissions: { forms: { [form]: { actions, scope: 'all' } } } });
  const { id } = await post('/members', { name, roleIds: [role.id] });
  return whole.account(admin.tenantId, id);
}
const print = (who: Pick<TestAccount, 'call'>, body: object) =>
  who.call('POST', `/api/v1/forms/${form}/print-files`, body);

it('a batch is a file that only whoever printed it can fetch', async () => {
  const rep = await member('打印的人', ['view', 'print']);
  const other = await member('另一个人', ['view', 'print']);
  const made = sound(await print(rep, { ids })).json;
  expect(made).toMatchObject({ mime: 'application/pdf', name: expect.stringMatching(/^设备 2 条 .*\.pdf$/) });
  const file = sound(await rep.call('GET', `/api/v1/files/${made.id}`));
  expect(file.bytes.length).toBe(made.size);
  expect(pdfText(file.bytes).join()).toContain('空压机');
  expect(pdfText(file.bytes).join()).toContain('冷库');
  expect((await other.call('GET', `/api/v1/files/${made.id}`)).status).toBe(404);
});

it('labels are one PDF too', async () => {
  const made = sound(await print(admin, { ids, layout: 'labels' })).json;
  const { bytes } = sound(await admin.call('GET', `/api/v1/files/${made.id}`));
  expect(pdfText(bytes).join()).toContain('空压机');
});

it('whoever may not print makes none', async () => {
  const reader = await member('只看的人', ['view']);
  const answer = await print(reader, { ids });
  expect([answer.status, answer.json.code]).toEqual([403, 'forbidden']);
});
