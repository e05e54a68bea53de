import type { ExportId, MemberId } from '@lianke/shared/ids';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ExportRunner } from '../src/engine/exports/export-runner.js';
import { FormChanges } from '../src/engine/live/form-changes.js';
import { sound } from './support/paired-world.js';
import { type TestAccount, WholeApp } from './support/whole-app.js';

let whole: WholeApp;
let admin: TestAccount;
let rep: Omit<TestAccount, 'adminRoleId'>;
let form: string;
let role: string;
let record: string;
let others: string;
let file: string;
let origin: string;
let n = 0;

beforeAll(async () => {
  whole = await WholeApp.start();
  await whole.app.listen(0, '127.0.0.1');
  origin = (await whole.app.getUrl()).replace('[::1]', '127.0.0.1');
}, 120_000);
afterAll(() => whole.close());

const post = async (url: string, body: unknown) => sound(await admin.call('POST', `/api/v1${url}`, body)).json;

// Each test has a company of its own: a rep with his customer, and one that is shared with him.
beforeEach(async () => {
  admin = await whole.company(`revoked${++n}`);
  const app = await post('/apps', { name: '销售' });
  form = (
    await post('/forms', {
      appId: app.id,
      name: '客户',
      fields: [
        { key: 'name', name: '名称', type: 'text' },
        { key: 'photo', name: '照片', type: 'attachment' },
      ],
    })
  ).id;
  const forms = { [form]: { actions: ['view', 'edit', 'export', 'share', 'print'], scope: 'own' } };
  role = (await post('/roles', { name: '销售', permissions: { forms } })).id;
  const member = (await post('/members', { name: '王芳', roleIds: [role] })).id as MemberId;
  rep = await whole.account(admin.tenantId, member);
  file = sound(await admin.upload('/api/v1/files', 'a.txt', Buffer.from('照片'))).json.id;
  const values = { name: '我的', owner: member, photo: [file] };
  record = (await post(`/forms/${form}/records`, { values })).id;
  others = (await post(`/forms/${form}/records`, { values: { name: '别人的' } })).id;
});

const takeRole = async () => sound(await admin.call('PATCH', `/api/v1/members/${rep.memberId}`, { roleIds: [] }));
const status = async (url: string, method = 'GET', body?: unknown) =>
  (await rep.call(method, `/api/v1${url}`, body)).status;
const at = () => `/forms/${form}/records/${record}`;

describe('what is taken away is gone at the next request', () => {
  it('a role: list, record, change, history, file and print', async () => {
    const paths = [at(), `${at()}/history`, `${at()}/print`, `/files/${file}`];
    for (const path of paths) expect(await status(path), path).toBe(200);
    await takeRole();
    for (const path of paths) expect(await status(path), path).toBe(404);
    expect(await status(`/forms/${form}/records/query`, 'POST', {})).toBe(404);
    expect(await status(at(), 'PATCH', { values: { name: '改' } })).toBe(404);
  });

  it('one field of it: the value is not there any more, nor is the file', async () => {
    const forms = { [form]: { actions: ['view', 'edit'], scope: 'own', fields: { photo: 'hidden' } } };
    sound(await admin.call('PATCH', `/api/v1/roles/${role}`, { permissions: { forms } }));
    expect(sound(await rep.call('GET', `/api/v1${at()}`)).json.values).not.toHaveProperty('photo');
    expect(await status(`/files/${file}`)).toBe(404);
  });

  it('a share', async () => {
    const path = `/forms/${form}/records/${others}`;
    expect(await status(path)).toBe(404);
    const { items } = await post(`${path}/shares`, { to: [{ kind: 'member', id: rep.memberId }] });
    expect(await status(path)).toBe(200);
    sound(await admin.call('DELETE', `/api/v1/shares/${items[0].id}`));
    expect(await status(path)).toBe(404);
  });

  it('a share that ends by itself', async () => {
    const path = `/forms/${form}/records/${others}`;
    const expiresAt = new Date(whole.kernel.clock.now().getTime() + 3_600_000).toISOString();
    await post(`${path}/shares`, { to: [{ kind: 'member', id: rep.memberId }], cause: '代班', expiresAt });
    expect(await status(path)).toBe(200);
    whole.kernel.clock.advance(3_600_001);
    expect(await status(path)).toBe(404);
  });

  it('everything, with whoever is dismissed', async () => {
    sound(await admin.call('PATCH', `/api/v1/members/${rep.memberId}`, { state: 'left' }));
    expect(await status(at())).toBe(401);
  });

  it('an export that waits in the queue writes nothing, and one that was made is not handed out', async () => {
    const made = sound(await rep.call('POST', `/api/v1/forms/${form}/exports`, { format: 'csv' })).json.id as ExportId;
    const queued = sound(await rep.call('POST', `/api/v1/forms/${form}/exports`, { format: 'csv' })).json
      .id as ExportId;
    const run = (id: ExportId) =>
      whole
        .get(ExportRunner)
        .run(admin.tenantId, id, new AbortController().signal)
        .catch(() => undefined);
    await run(made);
    expect(await status(`/exports/${made}/file`)).toBe(200);
    await takeRole();
    await run(queued);
    for (const id of [made, queued]) expect(await status(`/exports/${id}/file`)).not.toBe(200);
  });

  it('a link that he gave away opens no more', async () => {
    const expiresAt = new Date(whole.kernel.clock.now().getTime() + 86_400_000).toISOString();
    const link = sound(await rep.call('POST', `/api/v1${at()}/links`, { fields: ['name'], expiresAt })).json;
    const token = String(link.url).split('/').at(-1);
    const open = () => whole.call('POST', `/api/v1/shared/${token}/open`, { body: {} });
    expect((await open()).text).toContain('我的');
    await takeRole();
    expect((await open()).text).not.toContain('我的');
  });

  it('a key of the open interface, and the rights of the member it acts as', async () => {
    const asked = { memberId: rep.memberId, access: 'write' };
    const made = await post('/api-keys', { name: '对接', ...asked });
    const other = await post('/api-keys', { name: '另一个', ...asked });
    const by = async (secret: string, method: string, path: string, body?: unknown) => {
      const headers = { authorization: `Bearer ${secret}` };
      const answer = await whole.call(method, `/api/v1${path}`, { headers, ...(body ? { body } : {}) });
      return [answer.status, answer.json?.code];
    };
    const change = { values: { name: '由接口改' } };
    expect(await by(made.secret, 'GET', at())).toEqual([200, undefined]);
    expect(await by(made.secret, 'GET', `/forms/${form}/records/${others}`)).toEqual([404, 'not_found']);
    await post(`/api-keys/${made.key.id}/revoke`, {});
    expect(await by(made.secret, 'GET', at())).toEqual([401, 'api_key_revoked']);
    expect(await by(made.secret, 'PATCH', at(), change)).toEqual([401, 'api_key_revoked']);
    expect(await by(other.secret, 'PATCH', at(), change)).toEqual([200, undefined]);
    await takeRole();
    expect(await by(other.secret, 'GET', at())).toEqual([404, 'not_found']);
    expect(await by(other.secret, 'PATCH', at(), change)).toEqual([404, 'not_found']);
    sound(await admin.call('PATCH', `/api/v1/members/${rep.memberId}`, { state: 'left' }));
    expect(await by(other.secret, 'GET', at())).toEqual([401, 'api_key_member_gone']);
  });

  it('the live stream tells of the form no more within a second', async () => {
    const abort = new AbortController();
    const stream = await fetch(`${origin}/api/v1/events`, {
      headers: { authorization: `Bearer ${rep.token}` },
      signal: abort.signal,
    });
    const reader = (stream.body as ReadableStream<Uint8Array>).getReader();
    const next = async () => new TextDecoder().decode((await reader.read()).value);
    const change = async () => {
      sound(await admin.call('PATCH', `/api/v1${at()}`, { values: { name: `改 ${++n}` } }));
      await whole.get(FormChanges).settled();
    };
    expect(await next()).toContain('retry');
    await change();
    // Several changes may come one by one; the last is told before anything is taken away.
    const { items } = sound(await admin.call('GET', '/api/v1/changes')).json;
    const { counter } = items.find((item: { formId: string }) => item.formId === form);
    while (!(await next()).includes(`{"formId":"${form}","counter":${counter}}`));
    await takeRole();
    whole.kernel.clock.advance(1001);
    await change();
    // What a dismissed session is told next ends the stream; nothing of the form comes before.
    sound(await admin.call('PATCH', `/api/v1/members/${rep.memberId}`, { state: 'left' }));
    whole.kernel.clock.advance(1001);
    await change();
    expect(await next()).toBe('event: ended\ndata: {}\n\n');
    abort.abort();
  });
});
