import type { Page } from 'playwright-core';
import { system } from './environment.js';

/** A call of the API with the session of a window; answers its JSON. */
export async function call<Answer>(page: Page, method: string, path: string, body?: unknown): Promise<Answer> {
  const answer = await page.request.fetch(`${system.consoleUrl}${path}`, {
    method,
    headers: { Origin: system.consoleUrl },
    ...(body === undefined ? {} : { data: body }),
  });
  const text = await answer.text();
  if (!answer.ok()) throw new Error(`${method} ${path} answered ${answer.status()}: ${text}`);
  return (text === '' ? undefined : JSON.parse(text)) as Answer;
}

/** Ctrl+V of a block copied from a spreadsheet, into whatever has the focus. */
export async function pasteBlock(page: Page, rows: readonly (readonly string[])[]): Promise<void> {
  await page.evaluate(
    (text) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', text);
      document.activeElement?.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
      );
    },
    rows.map((row) => row.join('\t')).join('\n'),
  );
}

/** An input method: pinyin being composed, the Enter that belongs to it, and the words it becomes. */
export async function inputMethod(page: Page) {
  const devtools = await page.context().newCDPSession(page);
  return {
    compose: (pinyin: string) =>
      devtools.send('Input.imeSetComposition', {
        text: pinyin,
        selectionStart: pinyin.length,
        selectionEnd: pinyin.length,
      }),
    enter: () =>
      devtools.send('Input.dispatchKeyEvent', {
        type: 'rawKeyDown',
        windowsVirtualKeyCode: 229,
        key: 'Enter',
        code: 'Enter',
      }),
    become: (words: string) => devtools.send('Input.insertText', { text: words }),
  };
}
