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

/**
 * How everybody's windows are set: nothing moves by itself, so that what is pressed stands still already. The pages honour
 * that as they do for people who cannot bear motion.
 */
export const windows = {
  locale: 'zh-CN',
  timezoneId: 'Asia/Shanghai',
  reducedMotion: 'reduce',
} as const;

/** A desk: one person's window with cookies of its own. */
export async function openDesk(browser: Browser) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...windows });
  context.setDefaultTimeout(patience);
  return context.newPage();
}
