import { contracts } from '@lianke/shared/api/contracts';
import { routes } from '@lianke/shared/api/routes';
import { problem } from '@lianke/shared/errors/problem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sessionCookie } from '../src/kernel/http/session-guard.js';
import { uuid7 } from '../src/kernel/ids/uuid7.js';
import { type TestAccount, WholeApp } from './support/whole-app.js';

let whole: WholeApp;
let admin: TestAccount;

beforeAll(async () => {
  whole = await WholeApp.start();
  admin = await whole.company('acme', '甲公司');
});
afterAll(() => whole.close());

describe('the language of a member', () => {
  it('is his own choice, kept for what is sent to him; nobody has one before', async () => {
    expect((await admin.call('GET', '/api/v1/me')).json.member.language).toBeNull();
    const saved = await admin.call('POST', '/api/v1/me/language', { language: 'en' });
    expect([saved.status, saved.json]).toEqual([200, { language: 'en' }]);
    expect((await admin.call('GET', '/api/v1/me')).json.member.language).toBe('en');
    expect((await admin.call('POST', '/api/v1/me/language', { language: 'fr' })).status).toBe(400);
    expect((await admin.call('GET', '/api/v1/me')).json.member.language).toBe('en');
  });
});

describe('failures', () => {
  it('are problem JSON in the caller’s language, with status, code and trace', async () => {
    const path = `/api/v1/forms/${uuid7()}`;
    const zh = await admin.call('GET', path);
    expect(zh.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(problem.parse(zh.json)).toMatchObject({
      status: 404,
      code: 'not_found',
      traceId: zh.headers['x-request-id'],
    });
    const en = await admin.call('GET', path, undefined, { 'accept-language': 'en-GB' });
    expect(zh.json.title).toMatch(/\p{Script=Han}/u);
    expect(en.json.title).not.toMatch(/\p{Script=Han}/u);
  });

  it('are none for text that no database keeps: it is kept without it (names with U+0000 answered 500)', async () => {
    const made = await admin.call('POST', '/api/v1/departments', { name: '销\u0000售\ud800部' });
    expect([made.status, made.json.name]).toEqual([200, '销售\ufffd部']);
    expect((await admin.call('GET', '/api/v1/members?search=a%00b')).status).toBe(200);
    expect((await admin.call('GET', '/api/v1/forms/a%00b')).status).toBe(404);
    const page = (await admin.call('POST', '/api/v1/apps', { name: '看板' })).json;
    const board = (await admin.call('POST', '/api/v1/dashboards', { appId: page.id, name: '看板' })).json;
    const beyond = await admin.call('PATCH', `/api/v1/dashboards/${board.id}`, { version: 2_147_483_648 });
    expect([beyond.status, beyond.json.code]).toEqual([400, 'invalid_request']);
  });

  it('are none of ours for days, numbers, ids and names that nobody expects (each answered 500)', async () => {
    const app = (await admin.call('POST', '/api/v1/apps', { name: '怪名' })).json;
    const fields = [{ key: 'name', name: '名称', type: 'text' }];
    const form = (await admin.call('POST', '/api/v1/forms', { appId: app.id, name: "'; drop table x;--'", fields }))
      .json;
    const asked: [string, string, unknown, number][] = [
      ['GET', '/changes?since=2024-02-30', undefined, 200],
      ['GET', `/forms/${form.id}/import-template.xlsx`, undefined, 200],
      ['POST', '/departments', { name: '销售', sort: 2_147_483_648 }, 400],
      ['PATCH', `/forms/${form.id}`, { layout: { sections: [] }, draft: 2_147_483_648 }, 400],
      ['POST', `/forms/${form.id}/formula-trial`, { expression: 'name', recordId: '../../etc/passwd' }, 400],
    ];
    for (const [method, path, body, status] of asked)
      expect([path, (await admin.call(method, `/api/v1${path}`, body)).status]).toEqual([path, status]);
  });

  it('name the fields that are wrong', async () => {
    const app = (await admin.call('POST', '/api/v1/apps', { name: '客户' })).json;
    const form = (
      await admin.call('POST', '/api/v1/forms', {
        appId: app.id,
        name: '客户',
        fields: [
          { key: 'name', name: '名称', type: 'text', rules: { required: true } },
          { key: 'amount', name: '金额', type: 'money' },
        ],
      })
    ).json;
    const answer = await admin.call('POST', `/api/v1/forms/${form.id}/records`, { values: { amount: '很多', x: 1 } });
    expect(answer.status).toBe(400);
    const fields = problem.parse(answer.json).fields ?? [];
    expect(fields.map((field) => field.field).sort()).toEqual(['amount', 'name', 'x']);
    expect(fields.every((field) => field.message.length > 0)).toBe(true);
  });

  it.each(['1', 'null', "' OR 1=1 --", '../me', '%00', uuid7().toUpperCase()])(
    'an id that is no id (%s) answers 404 like an unknown one',
    async (id) => {
      const answer = await admin.call('GET', `/api/v1/forms/${encodeURIComponent(id)}`);
      expect([answer.status, answer.json.code]).toEqual([404, 'not_found']);
    },
  );

  it('unknown API paths, broken JSON and wrong bodies are told apart from pages', async () => {
    expect((await admin.call('GET', '/api/v1/nothing')).json.code).toBe('not_found');
    const broken = await whole.call('POST', '/api/v1/apps', {
      payload: Buffer.from('{"name":'),
      headers: { authorization: `Bearer ${admin.token}`, 'content-type': 'application/json' },
    });
    expect([broken.status, broken.json.code]).toEqual([400, 'invalid_request']);
    expect(broken.json.detail).toBe('请求内容有误：请求内容不是正确的 JSON');
    const sent = async (type: string, payload: string) =>
      (
        await whole.call('POST', '/api/v1/apps', {
          payload: Buffer.from(payload),
          headers: { authorization: `Bearer ${admin.token}`, 'content-type': type },
        })
      ).json.detail;
    expect(await sent('application/json', '')).toMatch(/^请求内容有误：请求内容是空的/);
    expect(await sent('text/csv', 'a,b')).toMatch(/^请求内容有误：不接受这种 Content-Type/);
    const wrong = await admin.call('POST', '/api/v1/apps', { name: 7 });
    expect([wrong.status, wrong.json.code]).toEqual([400, 'invalid_request']);
    expect(wrong.json.detail).toBe('请求内容有误：name：应为文字，收到的是数字');
  });
});

describe('a reason', () => {
  it('is told in the language of who asks', async () => {
    const said = async (language: string, body: unknown) =>
      (
        await whole.call('POST', '/api/v1/forms', {
          body,
          headers: { authorization: `Bearer ${admin.token}`, 'accept-language': language },
        })
      ).json.detail;
    const app = (await admin.call('POST', '/api/v1/apps', { name: 'Orders' })).json;
    const twice = [
      { name: 'Amount', type: 'number' },
      { name: 'Amount', type: 'number' },
    ];
    const form = { appId: app.id, name: 'Orders', fields: twice };
    expect(await said('zh-CN', form)).toBe('设计内容有误：字段名称“Amount”重复');
    expect(await said('en', form)).toBe('The definition is not valid: the field name "Amount" is used twice');
  });
});

describe('an id in a body that is no id', () => {
  it('is named, with what would be right, in the language of who asks', async () => {
    const body = { appId: '12', key: 'x', name: 'x', fields: [] };
    const answer = async (language: string) =>
      (
        await whole.call('POST', '/api/v1/forms', {
          body,
          headers: { authorization: `Bearer ${admin.token}`, 'accept-language': language },
        })
      ).json;
    const zh = await answer('zh-CN');
    expect(zh.detail).toMatch(/^请求内容有误：appId：不是编号，应为小写的 UUID，如 [0-9a-f-]{36}$/);
    const en = await answer('en-US');
    expect(en.detail).toMatch(
      /^The request is not valid: appId: is no id, expected a lower-case UUID such as [0-9a-f-]{36}$/,
    );
    expect(en.params.detail).not.toMatch(/[\u4e00-\u9fff]/);
  });
});

describe('sessions by cookie', () => {
  const send = (headers: Record<string, string>) =>
    whole.call('POST', '/api/v1/apps', {
      body: { name: `应用 ${uuid7().slice(-6)}` },
      headers: { cookie: `${sessionCookie}=${admin.token}`, host: 'crm.example.com', ...headers },
    });

  it('change something only from our own origin', async () => {
    for (const origin of ['https://evil.example', 'null', 'https://crm.example.com.evil.example'])
      expect((await send({ origin })).json.code, origin).toBe('bad_origin');
    expect((await send({})).json.code).toBe('bad_origin');
    expect((await send({ origin: 'https://crm.example.com' })).status).toBe(200);
    expect((await send({ origin: whole.kernel.config.publicUrl })).status).toBe(200);
  });

  it('may read from anywhere, and end at the next request once revoked', async () => {
    const headers = { cookie: `${sessionCookie}=${admin.token}` };
    expect((await whole.call('GET', '/api/v1/me', { headers })).status).toBe(200);
    const { tenantId, memberId } = admin;
    const other = await whole.account(tenantId, memberId);
    expect((await other.call('DELETE', '/api/v1/auth/session')).status).toBe(204);
    const after = await other.call('GET', '/api/v1/me');
    expect([after.status, after.json.code]).toEqual([401, 'session_expired']);
    expect((await admin.call('GET', '/api/v1/me')).status).toBe(200);
  });
});

describe('the OpenAPI document', () => {
  it('describes every route of the contract, with references that resolve', async () => {
    const answer = await whole.call('GET', '/api/openapi.json');
    const document = answer.json;
    expect(document.openapi).toBe('3.1.0');
    const operations = new Map<string, { method: string; path: string; operation: Record<string, never> }>();
    for (const [path, methods] of Object.entries(
      document.paths as Record<string, Record<string, Record<string, never>>>,
    ))
      for (const [method, operation] of Object.entries(methods))
        operations.set(String(operation.operationId), { method, path, operation });
    expect([...operations.keys()].sort()).toEqual(Object.keys(routes).sort());
    for (const [name, [method, path]] of Object.entries(routes)) {
      const found = operations.get(name);
      expect([found?.method, found?.path], name).toEqual([method.toLowerCase(), path.replace(/:(\w+)/g, '{$1}')]);
      const inPath = [...path.matchAll(/:(\w+)/g)].map((match) => match[1]);
      const named = (found?.operation.parameters as { name: string; in: string }[] | undefined)
        ?.filter((each) => each.in === 'path')
        .map((each) => each.name);
      expect(named, name).toEqual(inPath);
      expect(found?.operation.summary, name).toBe(contracts[name as keyof typeof contracts].summary);
    }
    const resolve = (scope: unknown, reference: string) =>
      reference
        .slice(2)
        .split('/')
        .reduce((at: unknown, part) => (at as Record<string, unknown> | undefined)?.[decodeURIComponent(part)], scope);
    const dangling: string[] = [];
    // A reference inside a route’s own schema is relative to that schema or to the document.
    const walk = (node: unknown, roots: unknown[]): void => {
      if (typeof node !== 'object' || node === null) return;
      const here = '$defs' in node ? [...roots, node] : roots;
      for (const [key, value] of Object.entries(node)) {
        if (key === '$ref' && typeof value === 'string') {
          if (!here.some((root) => resolve(root, value) !== undefined)) dangling.push(value);
        } else walk(value, here);
      }
    };
    walk(document, [document]);
    expect(dangling).toEqual([]);
  });

  it('is true of the server: every route is served', async () => {
    for (const [name, [method, path]] of Object.entries(routes)) {
      const url = path.replace(/:(\w+)/g, () => uuid7());
      const served = whole.app
        .getHttpAdapter()
        .getInstance()
        .findRoute({ method: method as 'GET', url: path });
      expect(served, `${name} ${url}`).not.toBeNull();
    }
  });
});

describe('the address of a record’s QR code', () => {
  const [form, record] = [uuid7(), uuid7()];

  it.each([
    ['Mozilla/5.0 (Windows NT 10.0; Win64; x64)', `/forms/${form}/records/${record}`],
    ['Mozilla/5.0 (iPhone) wxwork/4.1 MicroMessenger', `/m/#/pages/record/index?formId=${form}&id=${record}`],
  ])('leads %s to its page', async (agent, page) => {
    const answer = await whole.call('GET', `/r/${form}/${record}`, { headers: { 'user-agent': agent } });
    expect([answer.status, answer.headers.location]).toEqual([302, page]);
    expect((await whole.call('GET', '/r/x/y', { headers: { 'user-agent': agent } })).status).toBe(404);
  });
});

describe('operators', () => {
  it('find health, readiness and metrics without log-in', async () => {
    expect((await whole.call('GET', '/healthz')).json).toEqual({ status: 'ok' });
    expect((await whole.call('GET', '/readyz')).json).toEqual({ status: 'ok' });
    const metrics = await whole.call('GET', '/metrics');
    expect(metrics.text).toMatch(/^# HELP /m);
    expect(metrics.text).toContain('route="/api/v1/forms/:formId"');
    expect(metrics.text).not.toContain(admin.token);
  });
});
