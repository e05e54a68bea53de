import type { Locator, Page } from 'playwright-core';
import { button, choose, enterTags, labelled } from './controls.js';

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

  /** 标题 of the component. */
  async entitle(title: string): Promise<void> {
    await labelled(this.properties, '标题').fill(title);
    await component(this.page, title).waitFor();
  }

  /** Narrows the component's data: a field and the range it has to lie in. */
  async addRange(field: string, range: string): Promise<void> {
    await choose(this.page, await this.condition(field), range);
  }

  /** Narrows the component's data: a field and the tags of which it has to have one. */
  async addTags(field: string, tags: readonly string[]): Promise<void> {
    await enterTags(this.page, await this.condition(field), tags);
  }

  /** Adds a condition on a field; the box of its value. */
  private async condition(field: string): Promise<Locator> {
    await button(this.properties, '添加条件').click();
    const row = this.properties.getByRole('group', { name: '筛选条件' });
    await choose(this.page, row.getByRole('combobox', { name: '字段', exact: true }).last(), field);
    return row.getByRole('combobox', { name: '值', exact: true }).last();
  }
}

/** A component of the page that is being read. */
export function component(page: Page, title: string): Locator {
  return page.getByRole('region', { name: title, exact: true });
}
