import type { FormView } from '@lianke/shared/forms/definition';
import type { RecordId } from '@lianke/shared/ids';
import { rolePermissions } from '@lianke/shared/org/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestAccount, WholeApp } from '../../../test/support/whole-app.js';
import { OrgService } from '../org/org.service.js';
import { TenantDirectory } from '../org/tenant-directory.js';
import { RecordWriter } from './record-writer.js';

let whole: WholeApp;
let admin: TestAccount;
let customers: FormView;
let visits: FormView;

beforeAll(async () => {
  whole = await WholeApp.start();
  admin = await whole.company('acme', '甲公司');
  const app = (await admin.call('POST', '/api/v1/apps', { name: '客户' })).json;
  const form = async (key: string, fields: unknown[]) =>
    (await admin.call('POST', '/api/v1/forms', { appId: app.id, key, name: key, fields })).json as FormView;
  const options = ['A', 'B'].map((id) => ({ id, label: id }));
  customers = await form('customer', [
    { key: 'name', name: '名称', type: 'text' },
    { key: 'note', name: '备注', type: 'longText' },
    { key: 'grade', name: '分级', type: 'select', config: { options } },
    { key: 'kinds', name: '类别', type: 'multiSelect', config: { options } },
    { key: 'amount', name: '金额', type: 'money' },
    { key: 'size', name: '人数', type: 'number' },
    { key: 'since', name: '日期', type: 'date' },
    { key: 'met', name: '时间', type: 'datetime' },
    { key: 'active', name: '启用', type: 'switch' },
    { key: 'tags', name: '标签', type: 'tags' },
    { key: 'phone', name: '电话', type: 'phone' },
    { key: 'mail', name: '邮箱', type: 'email' },
    { key: 'site', name: '网址', type: 'url' },
    { key: 'place', name: '地址', type: 'address' },
    { key: 'code', name: '编号', type: 'autonumber' },
    { key: 'seller', name: '销售', type: 'member' },
    { key: 'photo', name: '照片', type: 'attachment' },
  ]);
  visits = await form('visit', [
    { key: 'name', name: '主题', type: 'text' },
    { key: 'customer', name: '客户', type: 'relation', config: { formId: customers.id } },
  ]);
});
afterAll(() => whole.close());

const url = (form: FormView) => `/api/v1/forms/${form.id}/records`;
/** What reading answers, without what the reader may do with the record: a write is not asked that. */
const read = async (form: FormView, id: string) => {
  const { actions: _, ...record } = (await admin.call('GET', `${url(form)}/${id}`)).json;
  return record;
};

describe('the answer to a write', () => {
  it('is what reading the record would answer, for every type of field', async () => {
    const png = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    );
    const file = (await admin.upload('/api/v1/files', '店面.png', png)).json;
    const values = {
      name: '华兴科技',
      note: '第一行\n第二行',
      grade: 'A',
      kinds: ['B', 'A'],
      amount: '1200.50',
      size: 42,
      since: '2026-03-04',
      met: '2026-03-04T10:00:00+08:00',
      active: true,
      tags: ['高意向', '老客户'],
      phone: '13800000000',
      mail: 'a@example.com',
      site: 'https://example.com/',
      place: { province: '浙江省', city: '杭州市', district: '西湖区', detail: '文三路 1 号' },
      seller: admin.memberId,
      photo: [file.id],
    };
    const created = await admin.call('POST', url(customers), { values });
    expect(created.status, created.text).toBe(200);
    expect(created.json.values.photo).toMatchObject([{ id: file.id, name: '店面.png' }]);
    expect(created.json.values.code).toMatch(/\d/);
    expect(created.json).toEqual(await read(customers, created.json.id));

    const changes = { amount: '88', tags: null, place: null, active: false, seller: null };
    const updated = await admin.call('PATCH', `${url(customers)}/${created.json.id}`, { values: changes });
    expect(updated.json.version).toBe(2);
    expect(updated.json).toEqual(await read(customers, created.json.id));
    const same = await admin.call('PATCH', `${url(customers)}/${created.json.id}`, { values: changes });
    expect(same.json).toEqual(await read(customers, created.json.id));
  });

  it('names related records', async () => {
    const customer = (await admin.call('POST', url(customers), { values: { name: '远大' } })).json;
    const visit = (await admin.call('POST', url(visits), { values: { name: '拜访', customer: customer.id } })).json;
    expect(visit.values.customer).toEqual({ id: customer.id, label: '远大' });
    expect(visit).toEqual(await read(visits, visit.id));
  });

  it('tells a writer who may not view the form no more than id and version', async () => {
    const org = whole.get(OrgService);
    const permissions = rolePermissions.parse({ forms: { [customers.id]: { actions: ['create'], scope: 'all' } } });
    const roleId = await org.createRole({ tenantId: admin.tenantId }, { name: '只新增', permissions });
    const memberId = await org.createMember({ tenantId: admin.tenantId }, { name: '录入员', roleIds: [roleId] });
    const clerk = await whole.account(admin.tenantId, memberId);
    const answer = await clerk.call('POST', url(customers), { values: { name: '只写' } });
    expect([answer.status, answer.json.values]).toEqual([200, {}]);
    expect(answer.json).not.toHaveProperty('label', '只写');
    expect((await read(customers, answer.json.id)).values.name).toBe('只写');
  });
});

it('many writers at once right after a change of rights do not wait for each other’s connections for ever', async () => {
  const { tenantId, memberId } = admin;
  const ids: RecordId[] = [];
  for (let index = 0; index < 30; index++)
    ids.push((await admin.call('POST', url(visits), { values: { name: `拜访 ${index}` } })).json.id);
  await whole.get(OrgService).createMember({ tenantId }, { name: '新人', roleIds: [] });
  const ctx = await whole.get(TenantDirectory).context(tenantId, { kind: 'member', memberId }, { door: 'api' });
  const written = await Promise.all(
    ids.map((id) =>
      whole.get(RecordWriter).writeOne(ctx, { formId: visits.id, op: 'update', row: { id, values: { name: '改' } } }),
    ),
  );
  expect(written.every((result) => result.version === 2)).toBe(true);
});
