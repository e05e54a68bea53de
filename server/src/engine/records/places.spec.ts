import type { FormId } from '@lianke/shared/ids';
import type { PlacesAnswer } from '@lianke/shared/records/places';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Answer, type TestAccount, WholeApp } from '../../../test/support/whole-app.js';
import { OrgService } from '../org/org.service.js';

type Account = Omit<TestAccount, 'adminRoleId'>;
let whole: WholeApp;
let admin: TestAccount;
let rep: Account;
let shops: FormId;

const shanghai: [number, number, number, number] = [121, 31, 122, 32];

beforeAll(async () => {
  whole = await WholeApp.start();
  admin = await whole.company('demo', '演示企业');
  const app = ok(await admin.call('POST', '/api/v1/apps', { name: '门店' })).json;
  shops = ok(
    await admin.call('POST', '/api/v1/forms', {
      appId: app.id,
      name: '门店',
      fields: [
        { key: 'name', name: '名称', type: 'text' },
        { key: 'spot', name: '位置', type: 'location' },
        { key: 'home', name: '地址', type: 'address' },
        { key: 'secret', name: '仓库', type: 'location' },
        { key: 'kind', name: '类型', type: 'select', config: { options: ['A', 'B'].map((id) => ({ id, label: id })) } },
      ],
    }),
  ).json.id;
  const role = ok(
    await admin.call('POST', '/api/v1/roles', {
      name: '店员',
      permissions: { forms: { [shops]: { actions: ['view', 'create'], scope: 'own', fields: { secret: 'hidden' } } } },
    }),
  ).json;
  rep = await whole.account(
    admin.tenantId,
    await whole.get(OrgService).createMember(admin, { name: '王芳', roleIds: [role.id] }),
  );
  const rows = [
    { name: '外滩', kind: 'A', spot: { lat: 31.2397, lng: 121.4998 }, home: { city: '上海市' } },
    { name: '外滩隔壁', kind: 'B', spot: { lat: 31.2398, lng: 121.4999 }, home: { city: '上海市' } },
    { name: '浦东', spot: { lat: 31.2001, lng: 121.7 }, home: { province: '上海市' } },
    { name: '西湖', kind: 'A', spot: { lat: 30.25, lng: 120.15 }, home: { city: '杭州市' } },
    { name: '不知道', home: { detail: '某处' } },
  ];
  for (const values of rows) await create(admin, values);
});
afterAll(() => whole.close());

function ok(answer: Answer): Answer {
  if (answer.status >= 300) throw new Error(answer.text);
  return answer;
}
async function create(by: Account, values: object): Promise<void> {
  ok(await by.call('POST', `/api/v1/forms/${shops}/records`, { values }));
}
const ask = (by: Account, body: object) => by.call('POST', `/api/v1/forms/${shops}/records/places`, body);
const places = async (by: Account, body: object) => ok(await ask(by, body)).json as PlacesAnswer;

it('counts what has a place, what is in sight and what is not, and says what holds all of it', async () => {
  const found = await places(admin, { field: 'spot' });
  expect(found).toMatchObject({ spots: [], total: 5, placed: 4, inside: 0, cut: false });
  expect(found.extent).toEqual([120.15, 30.25, 121.7, 31.2398]);
  expect(await places(admin, { field: 'spot', box: shanghai })).toMatchObject({ total: 5, placed: 4, inside: 3 });
  expect(await places(admin, { field: 'secret' })).toMatchObject({ total: 5, placed: 0, extent: null });
});

it('gathers what lies close together, and tells it apart the closer one looks', async () => {
  const far = await places(admin, { field: 'spot', box: shanghai, zoom: 4, color: 'kind' });
  expect(far.spots.reduce((sum, spot) => sum + spot.count, 0)).toBe(3);
  const near = await places(admin, { field: 'spot', box: shanghai, zoom: 12, color: 'kind' });
  expect(near.spots.map((spot) => spot.count)).toEqual([2, 1]);
  expect(near.spots[0]?.colors).toEqual([
    { id: 'A', count: 1 },
    { id: 'B', count: 1 },
  ]);
  expect(near.spots[0]?.record).toBeUndefined();
  expect(near.spots[1]).toMatchObject({ lat: 31.2001, lng: 121.7, record: { label: '浦东' } });
  expect(near.spots[1]?.colors).toEqual([{ id: '', count: 1 }]);
  const [both] = near.spots;
  // A square's own edges find the same records again.
  const filter = { field: 'spot', op: 'within', value: both?.box };
  const list = ok(await admin.call('POST', `/api/v1/forms/${shops}/records/query`, { filter })).json;
  expect(list.items.map((item: { label: string }) => item.label).sort()).toEqual(['外滩', '外滩隔壁']);
});

it('places addresses in the middle of their city', async () => {
  const found = await places(admin, { field: 'home', box: [100, 20, 130, 40], zoom: 8 });
  expect(found).toMatchObject({ total: 5, placed: 4, inside: 4 });
  expect(found.spots).toMatchObject([
    { lat: 31.23, lng: 121.47, count: 3 },
    { lat: 30.29, lng: 120.15, count: 1, record: { label: '西湖' } },
  ]);
});

it('keeps to the rows and fields of the reader, and to his filter', async () => {
  expect(await places(rep, { field: 'spot', box: shanghai })).toMatchObject({ total: 0, placed: 0, extent: null });
  await create(rep, { name: '我的店', kind: 'B', spot: { lat: 31.5, lng: 121.5 } });
  const found = await places(rep, { field: 'spot', box: shanghai, zoom: 10 });
  expect(found.spots).toMatchObject([{ count: 1, record: { label: '我的店' } }]);
  expect((await ask(rep, { field: 'secret' })).json).toMatchObject({ code: 'unknown_field' });
  const filter = { field: 'kind', op: 'eq', value: 'A' };
  expect(await places(admin, { field: 'spot', box: shanghai, filter })).toMatchObject({
    total: 2,
    placed: 2,
    inside: 1,
  });
});

it('refuses what is no place, no colour and no box, and says so', async () => {
  for (const body of [{ field: 'name' }, { field: 'spot', color: 'name' }])
    expect((await ask(admin, body)).json).toMatchObject({ code: 'operator_not_allowed' });
  expect((await ask(admin, { field: 'spot', box: [0, 10, 1, 9] })).status).toBe(400);
  expect((await ask(admin, { field: 'spot', zoom: 30 })).status).toBe(400);
});

it('has the company’s own map under it, set by administrators alone', async () => {
  const tiles = {
    url: 'https://maps.example.com/{z}/{x}/{y}.png?k=1',
    attribution: '© 某图',
    datum: 'wgs84',
    maxZoom: 16,
  };
  const path = '/api/v1/map-tiles';
  expect(ok(await rep.call('GET', path)).json).toEqual({ tiles: null });
  expect((await rep.call('POST', path, { tiles })).status).toBe(403);
  expect(ok(await admin.call('POST', path, { tiles })).json).toEqual({ tiles });
  expect(ok(await rep.call('GET', path)).json).toEqual({ tiles });
  const refused = await admin.call('POST', path, { tiles: { ...tiles, url: 'http://maps.example.com/{z}/{x}/{y}' } });
  expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('{x}、{y}、{z}')]);
  expect(ok(await admin.call('POST', path, { tiles: null })).json).toEqual({ tiles: null });
});
