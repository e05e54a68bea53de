import pg from 'pg';
import { type Browser, chromium } from 'playwright-core';
import { Api } from './api.js';
import { madeUp } from './rows/settled.js';
import { Section } from './section.js';

/** Chromium's own measure of a mid-range phone against a desktop. */
const slowdown = 4;
const runs = 7;

// The mini-app as H5 on a slow phone, from the address to the workbench's figures.
const section = new Section('手机', '不限速的处理器');
const pool = new pg.Pool({ connectionString: process.env.BENCH_DATABASE_URL, max: 2 });
await Api.logInWhenSeeded('demo');
await madeUp(pool);
await pool.end();
const browser = await chromium.launch({
  executablePath: process.env.BENCH_CHROMIUM ?? '',
  args: ['--no-sandbox', '--disable-gpu'],
});
for (const [name, warm] of [
  ['H5 首屏（工作台出来），第一次打开，p50', false],
  ['同上，再次打开（缓存里有）', true],
] as const) {
  const slow = await firstScreens(browser, slowdown, warm);
  const plain = await firstScreens(browser, 1, warm);
  section.note(`${name}，处理器慢 ${slowdown} 倍`, median(slow), median(plain), 'ms', '');
}
await browser.close();
section.write();

/** Milliseconds from the start of loading until the workbench's figures stand, run by run. */
async function firstScreens(from: Browser, rate: number, warm: boolean): Promise<number[]> {
  const found: number[] = [];
  for (let run = 0; run < runs; run++) {
    const context = await from.newContext({ viewport: { width: 375, height: 812 }, isMobile: true, hasTouch: true });
    const url = process.env.BENCH_URL ?? '';
    const answer = await context.request.post(`${url}/api/v1/auth/password`, {
      headers: { Origin: url },
      data: { tenant: 'demo', account: 'admin', password: process.env.BENCH_ADMIN_PASSWORD ?? '' },
    });
    if (!answer.ok()) throw new Error(`the log-in answered ${answer.status()}`);
    for (let visit = 0; visit < (warm ? 2 : 1); visit++) {
      const page = await context.newPage();
      const session = await context.newCDPSession(page);
      await session.send('Emulation.setCPUThrottlingRate', { rate });
      await page.goto(`${url}/m/`, { waitUntil: 'commit' });
      await page.getByText('我的本月').first().waitFor();
      const elapsed = await page.evaluate(() => performance.now());
      if (visit > 0 || !warm) found.push(elapsed);
      await page.close();
    }
    await context.close();
  }
  return found;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
