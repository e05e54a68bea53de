import { createCanvas, loadImage } from '@napi-rs/canvas';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { bundle } from './mini-host/bundle.js';
import { MiniHost } from './mini-host/host.js';
import { MiniPhone } from './mini-host/phone.js';
import { openBrowser, openDesk, patience } from './support/browser.js';
import { call, type Item, logInWithPassword, mine, type Selling, startOver, startSelling } from './support/company.js';
import { system } from './support/environment.js';
import { miniProgramCode, toSystem } from './support/mini-programs.js';

/** Who uses which mini-program, and for which customer. */
const users = {
  weapp: { channel: 'wecom', userid: 'wangfang', name: '王芳', customer: '东篱茶业' },
  dd: { channel: 'dingtalk', userid: 'chenzg', name: '陈主管', customer: '云汀纺织' },
} as const;

let browser: Browser;
let desk: Page;
let selling: Selling;
let dashboard: string;
const connections = new Map<string, string>();
const customers = new Map<string, string>();

beforeAll(async () => {
  browser = await openBrowser();
  desk = await openDesk(browser);
  await logInWithPassword(desk);
  await startOver(desk);
  selling = await startSelling(desk, ['王芳', '陈主管']);
  for (const { name, customer } of Object.values(users)) {
    const values = { name: customer, owner: selling.people.get(name) };
    const made = await call<Item>(desk, 'POST', `/forms/${selling.forms.get('customer')}/records`, { values });
    customers.set(customer, made.id);
  }
  const { items } = await call<{ items: { id: string; channel: string; tenant: { key: string } }[] }>(
    desk,
    'GET',
    '/auth/connections',
  );
  for (const each of items) if (each.tenant.key === mine) connections.set(each.channel, each.id);
  dashboard = await aDashboard();
});
afterAll(() => browser.close());

/** One of every kind of chart, for everybody. */
async function aDashboard(): Promise<string> {
  const appId = (await call(desk, 'GET', '/apps')).items[0]?.id ?? '';
  const formId = selling.forms.get('customer');
  const chart = (type: string, index: number) => ({
    ...{ id: type, type, formId, title: `${type} 图`, limit: 20 },
    ...{ place: { x: (index % 2) * 12, y: index * 6, w: 12, h: 6 } },
    ...{ dimension: { field: 'owner' }, measure: { fn: 'count' } },
  });
  const definition = { filters: [], widgets: ['bar', 'pie', 'line', 'funnel'].map(chart) };
  return (await call<Item>(desk, 'POST', '/dashboards', { appId, name: '销售看板', definition })).id;
}

interface Approval {
  state: string;
  taskId: string;
}

/** A form whose new records wait for the signature of one person, with one of them; answers what its approvals are. */
async function anApproval(person: string, name: string): Promise<() => Promise<Approval[]>> {
  const appId = (await call(desk, 'GET', '/apps')).items[0]?.id ?? '';
  const fields = [{ key: 'name', name: '合同名称', type: 'text', rules: { required: true } }];
  const key = `contract${person}`;
  const form = await call<Item>(desk, 'POST', '/forms', { appId, key, name: `合同 ${name}`, fields });
  const title = { kind: 'text', parts: [{ text: '合同 ' }, { ref: { source: 'trigger', path: 'name' } }] };
  const approvers = [{ kind: 'member', ids: [selling.people.get(name)] }];
  const node = { id: 'ok', name: '审批', type: 'approval', approvers, title, signature: true };
  const definition = {
    trigger: { type: 'recordCreated', formId: form.id },
    nodes: [node],
    edges: [{ from: 'trigger', to: 'ok' }],
  };
  const flow = await call<Item>(desk, 'POST', '/flows', { appId, name: `合同审批 ${name}`, definition });
  await call(desk, 'POST', `/flows/${flow.id}/publish`, {});
  const record = await call<Item>(desk, 'POST', `/forms/${form.id}/records`, { values: { name: '年度框架' } });
  const path = `/forms/${form.id}/records/${record.id}/approvals`;
  const approvals = async () => (await call<{ items: Approval[] }>(desk, 'GET', path)).items;
  await expect.poll(approvals, { timeout: patience }).toMatchObject([{ state: 'open' }]);
  return approvals;
}

/** A picture that the camera took: white, larger than anybody wants to send. */
function photo(): Buffer {
  const canvas = createCanvas(3000, 4000);
  const context = canvas.getContext('2d');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  return canvas.toBuffer('image/jpeg', 95);
}

/** A stored file as its picture: its size, and whether a pixel of it is neither white nor clear. */
async function stored(id: string) {
  const answer = await desk.request.get(`${system.consoleUrl}/api/v1/files/${id}`);
  expect(answer.status()).toBe(200);
  const image = await loadImage(await answer.body());
  const canvas = createCanvas(image.width, image.height);
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  const inked = (x: number, y: number) => {
    const at = (y * image.width + x) * 4;
    return (data[at + 3] ?? 0) > 60 && (data[at] ?? 255) < 200;
  };
  return { width: image.width, height: image.height, inked };
}

describe.each(['weapp', 'dd'] as const)('the %s bundle on the real server', (platform) => {
  const { channel, userid, name, customer } = users[platform];
  const phone = new MiniPhone();
  let host: MiniHost;
  const start = () => {
    host = new MiniHost({
      ...{ root: bundle(platform), platform, backend: toSystem, phone },
      loginCode: () => miniProgramCode(platform, userid),
      query: { connection: connections.get(channel) ?? '' },
    });
    host.open('pages/workbench/index');
  };
  const until = <Answer>(check: () => Answer | Promise<Answer>) =>
    vi.waitFor(check, { timeout: patience, interval: 30 });
  const shows = (text: string) => until(() => expect(host.text()).toContain(text));
  const visits = async () => {
    const filter = { field: 'customer', op: 'eq', value: customers.get(customer) };
    const path = `/forms/${selling.forms.get('followUp')}/records/query`;
    return (await call(desk, 'POST', path, { filter })).items.map(({ values }) => values);
  };
  const visit = async (content: string) => {
    host.open('pages/visit/index');
    await shows('内容摘要');
    await until(() => host.tap(customer));
    await shows('已定位，误差约 30 米');
    host.write('聊了什么，结果怎样', content);
    phone.camera = photo();
    host.tap('拍照');
    await until(() => expect(host.find((node) => String(node.attributes.src).startsWith('http://usr/'))).toBeTruthy());
    host.tap('3 天后');
  };
  const photoOf = async (content: string) => {
    const kept = await until(async () => {
      const found = (await visits()).filter((values) => values.content === content);
      expect(found).toHaveLength(1);
      return found[0];
    });
    const [file] = Object.values(kept ?? {}).find(isFiles) ?? [];
    expect(file?.mime).toBe('image/jpeg');
    const picture = await stored(file?.id ?? '');
    expect(Math.max(picture.width, picture.height)).toBeLessThanOrEqual(1600);
    expect(picture.inked(2, picture.height - 3)).toBe(true);
    expect(kept).toMatchObject({ place: { lat: 31.23346, lng: 121.50477, accuracy: 30 } });
    return kept;
  };

  beforeAll(start, 300_000);
  afterAll(() => host.kill());

  test('logs in with a code of its chat app and lists the customers', async () => {
    await shows(`${name} · 我的企业`);
    host.open('pages/customers/index');
    await shows(customer);
  });

  test('logs a visit with a photo from the camera, made small, and the place', async () => {
    await visit('看了样品');
    await until(() => expect(host.text()).not.toMatch(/\d%/));
    host.tap('保存');
    await photoOf('看了样品');
  });

  test('keeps a visit without a network, outlives being killed, and sends it once', async () => {
    phone.online = false;
    await visit('仓库里断网');
    host.tap('保存');
    await until(() => expect(phone.values.get('lianke.outbox')).toContain('仓库里断网'));
    host.kill();
    expect(await visits()).toHaveLength(1);
    phone.online = true;
    start();
    await photoOf('仓库里断网');
    expect(await visits()).toHaveLength(2);
  });

  test('agrees with a signature by finger', async () => {
    const approvals = await anApproval(userid, name);
    host.open('pages/tasks/index');
    await until(() => host.tap('合同 年度框架'));
    await shows('点此签名');
    host.tap('同意');
    await shows('请先签名');
    host.tap('点此签名');
    await shows('请在这里签名');
    host.draw([{ x: 20, y: 30 }, ...[120, 220, 320].map((x) => ({ x, y: 30 + x / 4 }))]);
    await until(() => host.tap('确定'));
    await shows('重新签名');
    host.tap('同意');
    await shows('已同意');
    const [decided] = await approvals();
    expect(decided?.state).toBe('approved');
    const path = `/tasks/${decided?.taskId}`;
    const { progress } = await call<{ progress: { signature: string | null }[] }>(desk, 'GET', path);
    const picture = await stored(progress.find((entry) => entry.signature)?.signature ?? '');
    const column = (x: number) => [...Array(picture.height).keys()].some((y) => picture.inked(x, y));
    expect([column(2 * 60), column(2 * 315), column(8)]).toEqual([true, true, false]);
  });

  test('draws a dashboard of every kind of chart', async () => {
    host.open(`report/pages/dashboard/index?id=${dashboard}`);
    await shows('bar 图');
    await until(() => expect(host.paintedCanvases()).toBeGreaterThanOrEqual(4));
  });

  test('has nothing to complain of', () => expect(host.problems).toEqual([]));
});

type File = { id: string; mime: string };
function isFiles(value: unknown): value is File[] {
  return Array.isArray(value) && value.some((each) => typeof each === 'object' && each !== null && 'mime' in each);
}
