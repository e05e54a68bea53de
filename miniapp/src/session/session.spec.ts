import { afterEach, beforeEach, expect, test } from 'vitest';
import { stored, taro } from '../../test/fake-taro.js';
import { ensureSession, session } from './session.js';

const me = {
  member: { id: 'm1', name: '王芳', title: null, account: null },
  tenant: { id: 't', key: 'demo', name: '演示企业', timeZone: 'Asia/Shanghai' },
  tenants: [],
};
const answer = (status: number, code: string) =>
  taro.request.mockResolvedValue({ statusCode: status, data: { type: 'about:blank', title: code, status, code } });

beforeEach(() => {
  session.set({ state: 'unknown', me: null, problem: null });
  stored.set('lianke.token', 'secret');
  stored.set('lianke.me', me);
});
afterEach(() => {
  stored.clear();
  taro.request.mockReset();
  session.set({ state: 'unknown', me: null, problem: null });
});

test.each([429, 500, 502, 503, 504])('a server that answers %d at the start logs nobody out', async (status) => {
  answer(status, 'internal');
  await ensureSession();
  expect(session.get().state).toBe('in');
  expect(session.get().me?.member.name).toBe('王芳');
  expect(stored.get('lianke.token')).toBe('secret');
});

test('a refusal other than “who are you” keeps the token for the next start', async () => {
  answer(403, 'forbidden');
  await ensureSession();
  expect(session.get().state).toBe('out');
  expect(stored.get('lianke.token')).toBe('secret');
});

test('a session that the server does not know any more ends', async () => {
  answer(401, 'unauthenticated');
  await ensureSession();
  expect(session.get().state).toBe('out');
  expect(stored.has('lianke.token')).toBe(false);
});
