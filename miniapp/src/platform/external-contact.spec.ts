// @vitest-environment jsdom
import { afterEach, expect, test, vi } from 'vitest';

const getCurExternalContact = vi.fn<() => Promise<{ userId: string }>>();
vi.mock('./wecom-page.js', () => ({ wecomClient: async () => ({ getCurExternalContact }) }));
vi.mock('./host.js', () => ({ isH5: true, isDd: false, isWeapp: false, chatHost: () => 'wecom' }));
vi.stubEnv('TARO_ENV', 'h5');
const { contactBeside } = await import('./external-contact.js');

afterEach(() => vi.useRealTimers());

test('tells with whom one chats', async () => {
  getCurExternalContact.mockResolvedValue({ userId: 'wm1' });
  expect(await contactBeside()).toEqual({ kind: 'contact', externalUserid: 'wm1' });
});

test('a client that never answers ends in a sentence and 重试 (the skeleton stayed for ever)', async () => {
  vi.useFakeTimers();
  getCurExternalContact.mockReturnValue(new Promise(() => undefined));
  const beside = contactBeside();
  await vi.advanceTimersByTimeAsync(8000);
  expect(await beside).toEqual({ kind: 'refused', reason: '没有等到它的应答' });
});
