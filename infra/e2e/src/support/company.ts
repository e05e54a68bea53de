import type { Page } from 'playwright-core';
import { button } from './controls.js';
import { system } from './environment.js';

/** Key of 我的企业, the empty demonstration company. */
export const mine = 'mine';

/** Switches to another company of the same person, in the menu of the member. */
export async function switchTo(page: Page, company: string): Promise<void> {
  const menu = page.getByRole('button', { name: /，成员菜单$/ });
  await menu.click();
  await page.getByRole('menuitem', { name: company }).click();
  await menu.getByText(company).waitFor();
}

/** 密码登录 of the first administrator in 我的企业. */
export async function logInWithPassword(page: Page): Promise<void> {
  await page.goto(`${system.consoleUrl}/login?tenant=${mine}`);
  await page.getByRole('tab', { name: '密码登录' }).click();
  await page.getByLabel('账号', { exact: true }).fill('admin');
  await page.getByLabel('密码', { exact: true }).fill(system.adminPassword);
  await button(page, '登录').click();
  await page.getByRole('heading', { name: '我的应用' }).waitFor();
}

/** Whatever lists of the interface hold, as far as tests look at it. */
export interface Item {
  id: string;
  key: string;
  name: string;
  label: string;
  state: string;
  roles: { id: string }[];
  values: Record<string, unknown>;
}

/** Calls a route of the interface in the page's session; a refusal fails the test with what was said. */
export async function call<Answer = { items: Item[] }>(
  page: Page,
  method: 'GET' | 'POST' | 'PATCH',
  path: string,
  data?: unknown,
): Promise<Answer> {
  const answer = await page.request.fetch(`${system.consoleUrl}/api/v1${path}`, {
    method,
    headers: { Origin: system.consoleUrl },
    ...(data === undefined ? {} : { data: data as never }),
  });
  if (!answer.ok()) throw new Error(`${method} ${path} answered ${answer.status()}: ${await answer.text()}`);
  return (await answer.json()) as Answer;
}

/** What a test about selling needs: 客户管理 from its template, and people who may sell. */
export interface Selling {
  /** Ids of its forms by key. */
  forms: ReadonlyMap<string, string>;
  /** Ids of the people who may sell, by name. */
  people: ReadonlyMap<string, string>;
}

/** Installs the template of customer management and gives those people its role of sellers. */
export async function startSelling(page: Page, names: readonly string[]): Promise<Selling> {
  await call(page, 'POST', '/app-templates/crm/install', {});
  const forms = new Map((await call(page, 'GET', '/forms')).items.map((form) => [form.key, form.id]));
  const sales = (await call(page, 'GET', '/roles')).items.find((role) => role.key === 'sales')?.id;
  const members = (await call(page, 'GET', '/members')).items;
  const people = new Map<string, string>();
  for (const name of names) {
    const member = members.find((each) => each.name === name);
    if (!member) throw new Error(`nobody is called ${name}`);
    await call(page, 'PATCH', `/members/${member.id}`, { roleIds: [...member.roles.map((role) => role.id), sales] });
    people.set(name, member.id);
  }
  return { forms, people };
}

/** 清空我的企业，重来: a test begins with the company as it is on the first day. Needs the administrator's session. */
export async function startOver(page: Page): Promise<void> {
  const answer = await page.request.post(`${system.consoleUrl}/api/v1/demo/reset`, {
    headers: { Origin: system.consoleUrl },
  });
  if (!answer.ok()) throw new Error(`demo reset answered ${answer.status()}: ${await answer.text()}`);
  await page.goto(system.consoleUrl);
  await page.getByRole('heading', { name: '先建一个应用' }).or(page.getByText('先建一个应用')).first().waitFor();
}
