import type { Page } from 'playwright-core';
/** 「＋」 over an app's navigation: 新建表单, 从 Excel 创建 or 自定义页面. */
export async function addToApp(page: Page, what: '新建表单' | '从 Excel 创建' | '自定义页面'): Promise<void> {
  await page.getByRole('button', { name: '添加', exact: true }).click();
  await page.getByRole('menuitem', { name: what }).click();
}

/** From the designer of a form back into the app. */
export async function leaveDesigner(page: Page): Promise<void> {
  await page.getByRole('button', { name: '回到数据' }).click();
  // What is pressed before the list stands may belong to a page that is on its way out.
  await page.getByRole('main').getByRole('button', { name: '新增' }).first().waitFor();
}

/** Opens a form or page from the app's navigation. */
export async function openItem(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name, exact: true }).click();
  await page.getByRole('main').getByRole('heading', { name, exact: true }).waitFor();
}

/** 管理 of a form: its design, flows and rights. */
export async function openManagement(page: Page, form: string): Promise<void> {
  await openItem(page, form);
  await page.getByRole('main').getByRole('link', { name: '管理', exact: true }).click();
  await page.getByRole('tab', { name: '流程设定' }).waitFor();
}
