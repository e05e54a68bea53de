import type { FormId } from '@lianke/shared/ids';
import type { NearbyItem } from '@lianke/shared/records/nearby';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Answer, type TestAccount, WholeApp } from '../../../test/support/whole-app.js';
import { OrgService } from '../org/org.service.js';

type Account = Omit<TestAccount, 'adminRoleId'>;
let whole: WholeApp;
let admin: TestAccount;
let rep: Account;
const forms = new Map<string, FormId>();

/** 上海: the Oriental Pearl Tower, and metres to the north or east of it. */
const here = { lat: 31.2397, lng: 121.4998 };
const north = (metres: number) => ({ lat: here.lat + metres / 111_320, lng: here.lng });
const east = (metres: number) => ({
  lat: here.lat,
  lng: here.lng + metres / (111_320 * Math.cos((here.lat * Math.PI) / 180)),
});

beforeAll(async () => {
  whole = await WholeApp.start();
  admin = await whole.company('demo', '演示企业');
  ok(await admin.call('POST', '/api/v1/app-templates/crm/install'));
  const roles = ok(await admin.call('GET', '/api/v1/roles')).json.items;
  const sales = roles.find((role: { key: string }) => role.key === 'sales').id;
  rep = await whole.account(
    admin.tenantId,
    await whole.get(OrgService).createMember(admin, { name: '王芳', roleIds: [sales] }),
  );
  for (const form of ok(await admin.call('GET', '/api/v1/forms')).json.items) forms.set(form.key, form.id);
  const app = ok(await admin.call('GET', '/api/v1/apps')).json.items[0];
  const shops = ok(
    await admin.call('POST', '/api/v1/forms', {
      appId: app.id,
      name: '门店',
      fields: [
        { key: 'name', name: '名称', type: 'text' },
        { key: 'at', name: '位置', type: 'location' },
      ],
    }),
  ).json;
  forms.set('shop', shops.id);
});
afterAll(() => whole.close());

function ok(answer: Answer): Answer {
  if (answer.status >= 300) throw new Error(answer.text);
  return answer;
}
const create = async (by: Account, form: string, values: object) =>
  ok(await by.call('POST', `/api/v1/forms/${forms.get(form)}/records`, { values })).json.id as string;
const around = (by: Account, form: string, more: object = {}) =>
  by.call('POST', `/api/v1/forms/${forms.get(form)}/records/nearby`, { ...here, ...more });
const items = async (by: Account, form: string, more: object = {}) =>
  ok(await around(by, form, more)).json.items as NearbyItem[];

it('lists records by their own location, nearest first, within the circle', async () => {
  await create(admin, 'shop', { name: '三公里', at: east(3000) });
  await create(admin, 'shop', { name: '隔壁', at: { ...north(80), name: '陆家嘴' } });
  await create(admin, 'shop', { name: '八公里', at: north(8000) });
  await create(admin, 'shop', { name: '没有位置' });
  // Inside the box and outside the circle.
  await create(admin, 'shop', { name: '角落', at: { lat: north(4500).lat, lng: east(4500).lng } });
  const found = await items(admin, 'shop');
  expect(found.map((item) => item.record.label)).toEqual(['隔壁', '三公里']);
  expect(found[0]).toMatchObject({ place: { name: '陆家嘴' } });
  expect(Math.abs((found[0]?.distance ?? 0) - 80)).toBeLessThan(2);
  expect(Math.abs((found[1]?.distance ?? 0) - 3000)).toBeLessThan(15);
  expect(await items(admin, 'shop', { within: 10_000 })).toHaveLength(4);
  expect(await items(admin, 'shop', { limit: 1 })).toHaveLength(1);
  expect(await items(admin, 'shop', { filter: { field: 'name', op: 'contains', value: '公里' } })).toHaveLength(1);
  expect((await around(admin, 'shop', { lat: 91 })).status).toBe(400);
});

it('takes the place of the newest visit for customers, and only of visits that the reader sees', async () => {
  const customer = await create(rep, 'customer', { name: '格尔软件' });
  const visit = (by: Account, place: object, content: string) =>
    create(by, 'followUp', { customer, time: '2026-03-04T02:00:00Z', content, place });
  await visit(rep, north(9000), '第一次');
  await visit(rep, north(500), '第二次');
  const [found] = await items(rep, 'customer');
  expect(found).toMatchObject({ record: { id: customer }, from: { name: '跟进记录' } });
  expect(Math.abs((found?.distance ?? 0) - 500)).toBeLessThan(5);
  // A visit of the administrator's is newer, but not for her to see; he himself gets it.
  await visit(admin, north(1500), '第三次');
  expect((await items(rep, 'customer'))[0]?.distance).toBe(found?.distance);
  expect(Math.abs(((await items(admin, 'customer'))[0]?.distance ?? 0) - 1500)).toBeLessThan(10);
});

it('keeps to the rows and the forms of the reader', async () => {
  const others = await create(admin, 'customer', { name: '别人的客户' });
  await create(admin, 'followUp', { customer: others, time: '2026-03-04T02:00:00Z', content: 'x', place: north(100) });
  expect((await items(rep, 'customer')).map((item) => item.record.label)).toEqual(['格尔软件']);
  expect((await around(rep, 'shop')).status).toBe(404);
  expect(await items(admin, 'contract')).toEqual([]);
});

it('finds neighbours across the date line', async () => {
  await create(admin, 'shop', { name: '东边', at: { lat: 0, lng: -179.99 } });
  const found = await items(admin, 'shop', { lat: 0, lng: 179.99, within: 5000 });
  expect(found.map((item) => item.record.label)).toEqual(['东边']);
});
