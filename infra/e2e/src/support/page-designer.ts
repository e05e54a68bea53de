import type { Locator, Page } from 'playwright-core';
import { choose, named } from './controls.js';

/** The designer of a 自定义页面: 组件库, the page and the properties of a component. */
export class PageDesigner {
  private readonly palette: Locator;
  private readonly canvas: Locator;
  readonly properties: Locator;

  constructor(private readonly page: Page) {
    this.palette = page.getByRole('region', { name: '组件库' });
    this.canvas = page.getByRole('region', { name: '页面', exact: true });
    this.properties = page.getByRole('complementary', { name: '属性' });
  }

  /** Drags a component from 组件库 to a place on the page, in pixels from its corner. */
  async drag(component: string, targetPosition: { x: number; y: number }): Promise<void> {
    const item = this.palette.getByRole('button').filter({ hasText: component });
    await item.dragTo(this.canvas, { targetPosition, steps: 12 });
    await this.properties.getByText(component, { exact: true }).first().waitFor();
  }

  /** Chooses in one of the component's settings. */
  async set(label: string, option: string | RegExp): Promise<void> {
    await choose(this.page, this.properties.getByRole('combobox', { name: label, exact: true }), option);
  }

  /** Narrows the component's data: a field and the range it has to lie in. */
  async addCondition(field: string, range: string): Promise<void> {
    await this.properties.getByRole('button', { name: named('添加条件') }).click();
    const row = this.properties.getByRole('group', { name: '筛选条件' });
    await choose(this.page, row.getByRole('combobox', { name: '字段', exact: true }).last(), field);
    await choose(this.page, row.getByRole('combobox', { name: '值', exact: true }).last(), range);
  }
}

/** A component of the page that is being read. */
export function component(page: Page, title: string): Locator {
  return page.getByRole('region', { name: title, exact: true });
}
