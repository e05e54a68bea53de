import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { approvedForm } from './support/approval-form.js';
import { openBrowser, openDesk, patience } from './support/browser.js';
import { call, type Item, logInWithPassword, startOver, startSelling } from './support/company.js';
import { button } from './support/controls.js';
import { Journal } from './support/journal.js';
import { Phone } from './support/phone.js';
import { clearPhones } from './support/stage.js';

const names = ['王芳', '李伟', '陈主管'] as const;
const userids = { 王芳: 'wangfang', 李伟: 'liwei', 陈主管: 'chenzg' } as const;
type Name = (typeof names)[number];

let browser: Browser;
let desk: Page;
let phones: BrowserContext;
const members = new Map<string, string>();
beforeAll(async () => {
  browser = await openBrowser();
  desk = await openDesk(browser);
  phones = await Phone.context(browser);
  await logInWithPassword(desk);
  await startOver(desk);
  await clearPhones();
  for (const [name, id] of (await startSelling(desk, names)).people) members.set(name, id);
});
afterAll(() => browser.close());

test('three approvers on two platforms decide on their cards, and every card tells what came of it', async () => {
  const journal = new Journal('cards', desk);
  const asked = [...members.values()];
  const everybody = await approvedForm(desk, 'all', { members: asked, mode: 'all' });
  const anybody = await approvedForm(desk, 'any', { members: asked });
  const hands = new Map<Name, Phone>();
  for (const name of names) hands.set(name, await Phone.of(phones, userids[name]));
  const phoneOf = (name: Name) => hands.get(name) as Phone;
  const platformOf = (name: Name) => phoneOf(name).page.locator('.phone').getAttribute('data-platform');
  expect(await Promise.all(names.map(platformOf))).toEqual(['wecom', 'wecom', 'dingtalk']);
  const step = (title: string, name: Name, work: (card: (text: string) => Locator) => Promise<void>) =>
    journal.step(`${name}：${title}`, () => work((text) => phoneOf(name).card(text)), phoneOf(name).page);
  const submit = (form: Item, name: string) => call(desk, 'POST', `/forms/${form.id}/records`, { values: { name } });
  /** How the approval of a form's only record stands. */
  const stands = async (form: Item) => {
    const [record] = (await call(desk, 'POST', `/forms/${form.id}/records/query`, {})).items;
    const approvals = await call<{ items: { taskId: string }[] }>(
      desk,
      'GET',
      `/forms/${form.id}/records/${record?.id}/approvals`,
    );
    const { progress } = await call<{ progress: { action: string }[] }>(
      desk,
      'GET',
      `/tasks/${approvals.items[0]?.taskId}`,
    );
    return progress.map(({ action }) => action).filter((action) => ['approved', 'rejected'].includes(action));
  };
  const outcome = (card: Locator, words: RegExp) => card.getByRole('button', { name: words });

  await submit(everybody, '三人都要同意的采购');
  for (const name of names) {
    await step('同意', name, async (card) => {
      await phoneOf(name).openChat();
      const own = card('三人都要同意的采购');
      await button(own, '同意').click();
      await outcome(own, /已同意/).waitFor();
      await button(own, '同意').waitFor({ state: 'detached' });
    });
    await expect.poll(() => stands(everybody), { timeout: patience }).toHaveLength(names.indexOf(name) + 1);
  }
  expect(await stands(everybody)).toEqual(['approved', 'approved', 'approved']);
  for (const name of names)
    await step('都同意了', name, (card) => outcome(card('三人都要同意的采购'), /已同意/).waitFor());

  await submit(anybody, '一人说了算的采购');
  await step('收到', '王芳', (card) => button(card('一人说了算的采购'), '同意').waitFor());
  await step('收到', '李伟', (card) => button(card('一人说了算的采购'), '同意').waitFor());
  await step('拒绝要说理由', '陈主管', async (card) => {
    const own = card('一人说了算的采购');
    await button(own, '拒绝').click();
    await own
      .getByRole('button', { name: /^拒绝：/ })
      .first()
      .waitFor();
    expect(await stands(anybody)).toEqual([]);
  });
  await step('选一个理由', '陈主管', async (card) => {
    const own = card('一人说了算的采购');
    await own.getByRole('button', { name: /^拒绝：资料不全/ }).click();
    await outcome(own, /^陈主管 已拒绝/).waitFor();
  });
  for (const name of ['王芳', '李伟'] as const)
    await step('看到陈主管拒绝了', name, async (card) => {
      const own = card('一人说了算的采购');
      await outcome(own, /^陈主管 已拒绝/).waitFor();
      await button(own, '同意').waitFor({ state: 'detached' });
    });
  await step('再按已处理的卡片', '陈主管', async (card) => {
    const own = card('一人说了算的采购');
    await outcome(own, /^陈主管 已拒绝/).click();
    await own.getByText(/^这件事已处理：陈主管 已拒绝/).waitFor();
  });
  expect(await stands(anybody)).toEqual(['rejected']);
});
