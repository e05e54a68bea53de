import { type Browser, chromium } from 'playwright-core';
import { system } from './environment.js';

/** Longest wait for a condition, ms: an idle machine needs a fraction, a busy one must not fail for its slowness. */
export const patience = 30_000;

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
  context.setDefaultTimeout(patience);
  return context.newPage();
}
