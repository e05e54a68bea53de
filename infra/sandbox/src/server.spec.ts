import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultSeed } from './seed.js';
import { AGENT, type Bench, bench, CORP } from './testing/support.js';

let sandbox: Bench;
beforeEach(async () => {
  sandbox = await bench();
});
afterEach(() => sandbox.close());

/** A request whose Host and Origin are chosen freely, as `fetch` would not allow. */
function raw(options: {
  method?: string;
  path: string;
  headers?: http.OutgoingHttpHeaders;
}): Promise<{ status: number; headers: http.IncomingHttpHeaders }> {
  const { hostname, port } = new URL(sandbox.url);
  return new Promise((resolve, reject) => {
    const request = http.request({ hostname, port, ...options }, (response) => {
      response.resume();
      resolve({ status: response.statusCode ?? 0, headers: response.headers });
    });
    request.on('error', reject);
    request.end();
  });
}

const send = (touser: string) =>
  sandbox.wecom('message/send', { body: { touser, agentid: AGENT, msgtype: 'text', text: { content: 'x' } } });

describe('the sandbox', () => {
  it('hands out its seed and its people', async () => {
    expect((await sandbox.api('GET', 'seed')).json).toEqual(defaultSeed);
    const { items } = (await sandbox.api('GET', 'people')).json as { items: { name: string; corps: unknown[] }[] };
    expect(items.map((person) => person.name)).toEqual([
      '管理员',
      '老板',
      '陈主管',
      '财务',
      '刘洋',
      '陈静',
      '张敏',
      '王芳',
      '李伟',
    ]);
    expect(items.every((person) => person.corps.length === 2)).toBe(true);
  });

  it('counts unread messages per person and company until they are read', async () => {
    await send('wangfang');
    const unread = async () =>
      ((await sandbox.api('GET', 'people')).json.items as { userid: string; unread: number }[]).find(
        (each) => each.userid === 'wangfang',
      )?.unread;
    expect(await unread()).toBe(1);
    expect((await sandbox.api('POST', 'people/wangfang/read', { corpId: CORP, agentId: AGENT })).json).toEqual({
      read: 1,
    });
    expect(await unread()).toBe(0);
  });

  it('tells open pages what changed', async () => {
    const stream = await fetch(`${sandbox.url}/sandbox/api/events`);
    const reader = stream.body?.getReader();
    let text = '';
    const until = async (words: string): Promise<void> => {
      while (!text.includes(words)) text += new TextDecoder().decode((await reader?.read())?.value);
    };
    await until('retry');
    await send('wangfang');
    await until('"kind":"message"');
    expect(text).toContain('"userids":["wangfang"]');
    await reader?.cancel();
  });

  it('masks secrets in the log', async () => {
    const token = await sandbox.token();
    await send('wangfang');
    const log = JSON.stringify((await sandbox.api('GET', 'log')).json);
    expect(log).not.toContain(token);
    expect(log).not.toContain('sandbox-secret-1000002');
    expect(log).toContain(`${token.slice(0, 4)}••••`);
  });

  it('filters the log', async () => {
    await send('wangfang');
    await send('ghost');
    const count = async (query: string) => ((await sandbox.api('GET', `log?${query}`)).json.items as unknown[]).length;
    expect(await count('text=message/send')).toBe(2);
    expect(await count('failed=1')).toBe(1);
    expect(await count('direction=out')).toBe(0);
    expect(await count('limit=1')).toBe(1);
    await sandbox.api('DELETE', 'log');
    expect(await count('')).toBe(0);
  });

  it('resets to the seed; settings and tokens stay unless everything goes', async () => {
    await send('wangfang');
    const token = await sandbox.token();
    await sandbox.api('PATCH', `corps/${CORP}/apps/${AGENT}`, { homeUrl: 'http://127.0.0.1:9/m/?c=1' });
    await sandbox.api('PATCH', 'switches', { callbackDuplicate: true });
    await sandbox.api('POST', 'reset', {});
    expect((await sandbox.api('GET', 'effects')).json).toMatchObject({ asked: 0 });
    const { items } = (await sandbox.api('GET', `people/wangfang/chats?corpId=${CORP}`)).json;
    expect((items as { external?: object }[]).filter((chat) => !chat.external)).toMatchObject([
      { messages: [] },
      { group: {}, messages: [] },
    ]);
    expect((await sandbox.api('GET', 'switches')).json).toMatchObject({
      switches: { callbackDuplicate: false },
      faults: [],
    });
    expect(await sandbox.token()).toBe(token);
    expect((await sandbox.api('GET', `corps/${CORP}/apps/${AGENT}`)).json.homeUrl).toBe('http://127.0.0.1:9/m/?c=1');
    await sandbox.api('POST', 'reset', { everything: true });
    expect(await sandbox.token()).not.toBe(token);
    expect((await sandbox.api('GET', `corps/${CORP}/apps/${AGENT}`)).json.homeUrl).toBeNull();
  });

  it.each([
    ['POST', 'clock/advance', {}, 400],
    ['POST', 'clock/advance', { days: -1 }, 400],
    ['PATCH', 'switches', { nonsense: 1 }, 400],
    ['GET', 'people/ghost/chats', undefined, 404],
    ['GET', `people/ghost/mini-app?corpId=${CORP}`, undefined, 404],
    ['POST', 'corps/wwnobody/codes', { kind: 'oauth', userid: 'x' }, 404],
    ['POST', `corps/${CORP}/codes`, { kind: 'oauth' }, 400],
    ['POST', `corps/${CORP}/apps/7/expire-token`, {}, 404],
    ['PUT', `corps/${CORP}/members/new`, { name: 'x', departments: [99] }, 400],
    ['DELETE', `corps/${CORP}/departments/3`, undefined, 409],
  ])('%s %s %o answers %i with a sentence', async (method, path, body, status) => {
    const answer = await sandbox.api(method, path, body);
    expect(answer.status).toBe(status);
    expect((answer.json.error as { message: string }).message.length).toBeGreaterThan(4);
  });
});

describe('who may ask', () => {
  it('is this machine by a name of this machine', async () => {
    expect((await raw({ path: '/sandbox/api/health', headers: { host: 'evil.example' } })).status).toBe(403);
    expect((await raw({ path: '/sandbox/api/health', headers: { host: 'localhost:1' } })).status).toBe(200);
  });

  it('is no foreign web page', async () => {
    const post = (origin: string) => raw({ method: 'POST', path: '/sandbox/api/reset', headers: { origin } });
    expect((await post('https://evil.example')).status).toBe(403);
    expect((await post('http://127.0.0.1:3000')).status).toBe(200);
  });
});

describe('the page', () => {
  it('says how to build it when it is not built', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lianke-web-'));
    const other = await bench({ webRoot: folder });
    expect(await (await fetch(`${other.url}/`)).text()).toContain('npm run build -w infra/sandbox');
    await other.close();
    rmSync(folder, { recursive: true });
  });

  it('is served at / and /drawer, its assets beside it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lianke-web-'));
    mkdirSync(join(folder, 'assets'));
    writeFileSync(join(folder, 'index.html'), '<title>page</title>');
    writeFileSync(join(folder, 'assets', 'a.js'), 'run()');
    const other = await bench({ webRoot: folder });
    for (const path of ['/', '/drawer?user=liwei'])
      expect(await (await fetch(other.url + path)).text()).toBe('<title>page</title>');
    expect(await (await fetch(`${other.url}/assets/a.js`)).text()).toBe('run()');
    await other.close();
    rmSync(folder, { recursive: true });
  });

  it('moves to the application’s host name, so that cookies work in its frames', async () => {
    const { port } = new URL(sandbox.url);
    const answer = await raw({ path: '/drawer?user=liwei', headers: { host: `localhost:${port}` } });
    expect(answer.status).toBe(302);
    expect(answer.headers.location).toBe(`http://127.0.0.1:${port}/drawer?user=liwei`);
  });
});
