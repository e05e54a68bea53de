import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestAccount, WholeApp } from '../../../test/support/whole-app.js';

let whole: WholeApp;
let admin: TestAccount;

beforeAll(async () => {
  whole = await WholeApp.start();
  admin = await whole.company('acme', '甲公司');
});
afterAll(() => whole.close());

const trail = async (query = '') => (await admin.call('GET', `/api/v1/audit${query}`)).json;

it('tells who changed roles and members, with what they were before', async () => {
  const { json: role } = await admin.call('POST', '/api/v1/roles', { name: '质检', permissions: {} });
  await admin.call('PATCH', `/api/v1/roles/${role.id}`, { permissions: { members: true } });
  const { json: member } = await admin.call('POST', '/api/v1/members', { name: '小吴', roleIds: [] });
  await admin.call('PATCH', `/api/v1/members/${member.id}`, { roleIds: [role.id] });
  await admin.call('DELETE', `/api/v1/roles/${role.id}`);
  const { items } = await trail(`?memberId=${admin.memberId}`);
  expect(items.map((item: { action: string; subject: string }) => [item.action, item.subject])).toEqual([
    ['role.delete', '质检'],
    ['member.update', '小吴'],
    ['member.create', '小吴'],
    ['role.update', '质检'],
    ['role.create', '质检'],
    ['login', null],
  ]);
  const factsOf = (index: number) =>
    Object.fromEntries(items[index].facts.map((fact: { name: string; text: string }) => [fact.name, fact.text]));
  expect(JSON.parse(factsOf(1).before).roles).toEqual([]);
  expect(JSON.parse(factsOf(1).after).roles).toEqual(['质检']);
  expect(JSON.parse(factsOf(3).before).permissions.members).toBe(false);
  expect(JSON.parse(factsOf(3).after).permissions.members).toBe(true);
  expect((await trail('?action=role.delete')).items).toHaveLength(1);
});

it('is for administrators only, and refuses a cursor that is none', async () => {
  const { json: member } = await admin.call('POST', '/api/v1/members', { name: '小周', roleIds: [] });
  const other = await whole.account(admin.tenantId, member.id);
  expect((await other.call('GET', '/api/v1/audit')).status).toBe(403);
  expect((await admin.call('GET', '/api/v1/audit?cursor=x')).json.code).toBe('invalid_cursor');
});

it('renames an app and deletes it once it holds nothing, both on the trail', async () => {
  const { json: app } = await admin.call('POST', '/api/v1/apps', { name: '合同' });
  const { json: empty } = await admin.call('POST', '/api/v1/apps', { name: '订单' });
  const rename = (name: string) => admin.call('PATCH', `/api/v1/apps/${app.id}`, { name });
  expect((await rename('订单')).json.code).toBe('already_exists');
  expect((await rename('合同管理')).json.name).toBe('合同管理');
  const { json: form } = await admin.call('POST', '/api/v1/forms', {
    appId: app.id,
    name: '合同',
    fields: [{ name: '名称', type: 'text' }],
  });
  const remove = (id = app.id) => admin.call('DELETE', `/api/v1/apps/${id}`);
  expect((await remove()).json).toMatchObject({ code: 'in_use', detail: expect.stringContaining('1 个表单') });
  await admin.call('DELETE', `/api/v1/forms/${form.id}`);
  expect((await remove()).json).toMatchObject({ code: 'in_use', detail: expect.stringContaining('回收站里 1 项') });
  expect((await remove(empty.id)).status).toBe(204);
  expect((await trail('?action=app.delete')).items[0].subject).toBe('订单');
});
