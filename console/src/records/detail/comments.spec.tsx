// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { App } from 'antd';
import { act } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type FormView, keys } from '../../api/queries.js';
import '../i18n.js';
import { i18n } from '../../i18n/index.js';
import { CommentBox } from './comments.js';

class NoSizes {
  observe() {}
  unobserve() {}
  disconnect() {}
}
const form = { id: 'form', appId: 'app', fields: [], actions: [] } as unknown as FormView;
const made = { id: 'c', text: '', mentions: [], author: { id: 'm1', label: '王芳' } };
const fetched = vi.fn(async () => new Response(JSON.stringify(made), { status: 200 }));

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  vi.stubGlobal('ResizeObserver', NoSizes);
  vi.stubGlobal('fetch', fetched);
  localStorage.clear();
});
afterEach(() => vi.unstubAllGlobals());

/** Opens the comment box of a record as this member; `leave` goes to another page at once. */
async function open(recordId: string, member = 'm1') {
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY } } });
  client.setQueryData(keys.me, { member: { id: member } });
  client.setQueryData(keys.members, []);
  const root = document.createElement('div');
  document.body.append(root);
  const app = createRoot(root);
  await act(async () =>
    app.render(
      <QueryClientProvider client={client}>
        <App>
          <CommentBox form={form} recordId={recordId} />
        </App>
      </QueryClientProvider>,
    ),
  );
  const box = () => root.querySelector('textarea') as HTMLTextAreaElement;
  return {
    text: () => box().value,
    type: (text: string) =>
      act(async () => {
        Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value')?.set?.call(box(), text);
        box().dispatchEvent(new Event('input', { bubbles: true }));
      }),
    send: () =>
      act(async () => {
        const button = [...root.querySelectorAll('button')].at(-1);
        expect(button?.textContent?.replace(/\s/g, '')).toBe(i18n.t('records:commentSend'));
        button?.click();
      }),
    leave: () =>
      act(async () => {
        app.unmount();
        root.remove();
      }),
  };
}

it('a comment that was not sent is there when its page is opened again (it was lost), for its record and member', async () => {
  const first = await open('r1');
  await first.type('报价昨天发了');
  await first.leave();
  for (const [record, member, text] of [
    ['r1', 'm1', '报价昨天发了'],
    ['r2', 'm1', ''],
    ['r1', 'm2', ''],
  ] as const) {
    const page = await open(record, member);
    expect(page.text()).toBe(text);
    await page.leave();
  }
});

it('a comment that was sent, or taken back, is not shown again', async () => {
  const first = await open('r1');
  await first.type('报价昨天发了');
  await first.send();
  await vi.waitFor(() => expect(first.text()).toBe(''));
  expect(fetched).toHaveBeenCalledTimes(1);
  await first.leave();
  const second = await open('r1');
  expect(second.text()).toBe('');
  await second.type('写了一半');
  await second.leave();
  const third = await open('r1');
  expect(third.text()).toBe('写了一半');
  await third.type('');
  await third.leave();
  const fourth = await open('r1');
  expect(fourth.text()).toBe('');
  await fourth.leave();
});
