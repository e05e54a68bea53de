import { type Browser, chromium } from 'playwright-core';
import { system } from './environment.js';

/** The machine's Chromium without a window, in the time zone of the tenants. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: system.chromium,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  });
}

/** A desk: one person's window with cookies of its own. */
export async function openDesk(browser: Browser) {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
  });
  context.setDefaultTimeout(10_000);
  return context.newPage();
}
