import type { ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { onTestFinished, vi } from 'vitest';
import { resetResources } from '../src/data/resource.js';
import { type Me, session } from '../src/session/session.js';
import { hideNotice } from '../src/store/notice.js';
import { closePage, pageParams, stored, taro } from './fake-taro.js';

export interface Asked {
  method: string;
  path: string;
  query: Record<string, string>;
  body: unknown;
}
/** Answers by `METHOD /path`; a number is a refusal with that status. */
export type Answers = Record<string, (asked: Asked) => unknown>;

type Box = HTMLInputElement | HTMLTextAreaElement;

/** Sets the text as a person does, past what React remembers of it. */
function write(box: Box, value: string): void {
  Object.getOwnPropertyDescriptor(Object.getPrototypeOf(box), 'value')?.set?.call(box, value);
  box.dispatchEvent(new Event('input', { bubbles: true }));
}

/** Draws components in jsdom before a server of these answers, as a member who is logged in. */
export function draw(node: ReactNode, answers: Answers) {
  const asked: Asked[] = [];
  taro.request.mockImplementation(async ({ url, method, data }: { url: string; method: string; data: unknown }) => {
    const { pathname, searchParams } = new URL(url);
    const path = pathname.replace('/api/v1', '');
    const query = Object.fromEntries(searchParams);
    const one = { method, path, query, body: typeof data === 'string' ? (JSON.parse(data) as unknown) : undefined };
    asked.push(one);
    const answer = answers[`${method} ${path}`]?.(one) ?? 404;
    return typeof answer === 'number'
      ? { statusCode: answer, data: { type: 'about:blank', title: path, status: answer, code: 'not_found' } }
      : { statusCode: 200, data: answer };
  });
  session.set({
    state: 'in',
    problem: null,
    me: {
      member: {
        id: 'm-me',
        name: '王芳',
        title: null,
        account: null,
        departments: [{ id: 'd-sales', label: '销售一部' }],
      },
      tenant: { id: 't', key: 'demo', name: '演示企业', timeZone: 'Asia/Shanghai' },
    } as unknown as Me,
  });
  const root = document.createElement('div');
  document.body.append(root);
  const app = createRoot(root);
  app.render(node);
  onTestFinished(() => {
    app.unmount();
    root.remove();
    closePage();
    for (const name of Object.keys(pageParams)) delete pageParams[name];
    resetResources();
    hideNotice();
    taro.request.mockReset();
    // Files share a phone: what one test's answers left on it is nothing that the next one's pages may show.
    for (const key of [...stored.keys()]) if (key.startsWith('cache.')) stored.delete(key);
  });
  /** Waits until this is so. */
  const until = <T,>(look: () => T) => vi.waitFor(look, { timeout: 20_000, interval: 5 });
  const text = () => root.textContent ?? '';
  /** The innermost element with this text. */
  const find = (words: string): Element => {
    const found = [...root.querySelectorAll('*')].filter((one) => one.textContent === words).at(-1);
    if (!found) throw new Error(`“${words}” is not shown; there is: ${text()}`);
    return found;
  };
  const box = (placeholder: string): Box => {
    const found = root.querySelector(`[placeholder="${placeholder}"]`);
    if (found instanceof HTMLInputElement || found instanceof HTMLTextAreaElement) return found;
    throw new Error(`there is no field “${placeholder}”`);
  };
  return {
    root,
    asked,
    text,
    until,
    shows: (words: string) =>
      until(() => {
        if (!text().includes(words)) throw new Error(`“${words}” is not shown; there is: ${text()}`);
      }),
    gone: (words: string) =>
      until(() => {
        if (text().includes(words)) throw new Error(`“${words}” is still shown`);
      }),
    async tap(words: string) {
      (await until(() => find(words))).dispatchEvent(new MouseEvent('click', { bubbles: true }));
    },
    /** Types into the field with this placeholder. */
    async type(placeholder: string, value: string) {
      write(await until(() => box(placeholder)), value);
    },
    async typeInto(found: Box | undefined, value: string) {
      if (!found) throw new Error('there is no such field');
      write(found, value);
    },
    /** Goes back: the page is gone. */
    leave: () => app.unmount(),
    /** What the server was sent by this method. */
    sent: (method: string) =>
      until(() => {
        const found = asked.find((one) => one.method === method);
        if (!found) throw new Error(`nothing was sent by ${method}`);
        return found;
      }),
  };
}
