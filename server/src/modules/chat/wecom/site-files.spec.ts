import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestAccount, WholeApp } from '../../../../test/support/whole-app.js';

let whole: WholeApp;
let acme: TestAccount;
let other: TestAccount;

beforeAll(async () => {
  whole = await WholeApp.start();
  acme = await whole.company('acme');
  other = await whole.company('other');
});
afterAll(() => whole.close());

const name = 'WW_verify_AbCd1234EfGh5678.txt';
const content = 'AbCd1234EfGh5678';

interface View {
  id: string;
  siteFiles: { name: string; content: string; url: string }[];
}

async function connect(account: TestAccount, more: Record<string, unknown> = {}): Promise<string> {
  const corpId = `ww${account.tenantId.slice(-8)}`;
  const body = { channel: 'wecom', name: '企业微信', corpId, agentId: '1000001', ...more };
  const answer = await account.call('POST', '/api/v1/connections', body);
  expect(answer.status, answer.text).toBeLessThan(300);
  return (answer.json as View).id;
}

const put = (account: TestAccount, id: string, file: { name: string; content: string }) =>
  account.call('POST', `/api/v1/connections/${id}/files`, file);

describe('the file that proves a domain', () => {
  let id: string;

  it('stands at the root as it was uploaded, before any page', async () => {
    id = await connect(acme);
    const unknown = await whole.call('GET', `/${name}`);
    expect([unknown.status, unknown.text]).toEqual([404, 'not found']);
    const view = (await put(acme, id, { name, content: `${content}\r\n` })).json as View;
    expect(view.siteFiles).toEqual([{ name, content: `${content}\r\n`, url: expect.stringMatching(`/${name}$`) }]);
    const read = await whole.call('GET', `/${name}`);
    expect([read.status, read.text]).toEqual([200, `${content}\r\n`]);
    expect(read.headers['content-type']).toBe('text/plain; charset=utf-8');
  });

  it.each(['WW_verify_short.txt', 'WW_verify_AbCd1234EfGh5678.html', 'WW_verify_%2e%2e%2fetc.txt'])(
    'is not looked for as %s',
    async (wrong) => {
      const answer = await whole.call('GET', `/${wrong}`);
      expect([answer.status, answer.text]).toEqual([404, 'not found']);
    },
  );

  it.each([
    ['another name', { name: 'index.html', content }],
    ['a path', { name: '../WW_verify_AbCd1234EfGh5678.txt', content }],
    ['markup outside of ASCII', { name, content: '中文' }],
    ['a long text', { name, content: 'a'.repeat(201) }],
    ['nothing in it', { name, content: '' }],
  ])('is refused with %s', async (_, file) => {
    const answer = await put(acme, id, file);
    expect([answer.status, answer.json?.code]).toEqual([400, 'invalid_request']);
  });

  it('has one content for all companies: whoever came first, and the same again is welcome', async () => {
    const theirs = await connect(other);
    const answer = await put(other, theirs, { name, content: 'something else' });
    expect([answer.status, answer.json?.code]).toEqual([409, 'wrong_state']);
    expect(answer.text).toContain('已由另一个连接上传');
    expect((await whole.call('GET', `/${name}`)).text).toBe(`${content}\r\n`);
    expect((await put(other, theirs, { name, content: `${content}\r\n` })).status).toBeLessThan(300);
    // Whose the file is too can only change it alone.
    expect((await put(acme, id, { name, content })).status).toBe(409);
    await other.call('DELETE', `/api/v1/connections/${theirs}/files/${name}`);
    expect((await put(acme, id, { name, content })).status).toBeLessThan(300);
    expect((await whole.call('GET', `/${name}`)).text).toBe(content);
  });

  it('of two companies that upload at once is the one of one of them', async () => {
    const contested = 'WW_verify_Contested1234.txt';
    const ids = [await connect(acme, { agentId: '1000007' }), await connect(other, { agentId: '1000007' })];
    const answers = await Promise.all(
      [acme, other].map((account, index) =>
        put(account, ids[index] ?? '', { name: contested, content: `of ${index}` }),
      ),
    );
    expect(answers.map((each) => each.status < 300).sort()).toEqual([false, true]);
    const winner = answers.findIndex((each) => each.status < 300);
    expect((await whole.call('GET', `/${contested}`)).text).toBe(`of ${winner}`);
  });

  it('is nothing for a platform that asks for none', async () => {
    const ding = await connect(acme, { channel: 'dingtalk', corpId: 'dingacme', appKey: 'dingkey' });
    expect((await put(acme, ding, { name, content })).status).toBe(409);
  });

  it('ends with its connection', async () => {
    await acme.call('DELETE', `/api/v1/connections/${id}`);
    expect((await whole.call('GET', `/${name}`)).status).toBe(404);
  });
});
