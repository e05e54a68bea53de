import type { Locator, Page } from 'playwright-core';
import { button, choose, labelled, middleOf } from './controls.js';

/** The canvas of a flow and the properties of its steps. */
export class FlowDesigner {
  private readonly canvas: Locator;
  readonly properties: Locator;

  constructor(private readonly page: Page) {
    this.canvas = page.getByRole('region', { name: '流程画布' });
    this.properties = page.getByRole('complementary', { name: '属性' });
  }

  /** Pulls a line out of the dot under a step, lets it go over the empty canvas and picks the next step's kind. */
  async pullOut(step: string, kind: string): Promise<void> {
    const dot = await middleOf(this.canvas.getByRole('img', { name: `从“${step}”拖出下一步` }));
    await this.page.mouse.move(dot.x, dot.y);
    await this.page.mouse.down();
    await this.page.mouse.move(dot.x + 40, dot.y + 60, { steps: 6 });
    await this.page.mouse.move(dot.x + 220, dot.y + 160, { steps: 12 });
    await this.page.mouse.up();
    await this.page.getByRole('menuitem').filter({ hasText: kind }).click();
    await labelled(this.properties, '步骤名称').waitFor();
  }

  /** The open end under a step, of a way of it when it has several, and the next step's kind. */
  async addAfter(step: string, way: string | undefined, kind: string): Promise<void> {
    await button(this.canvas, `在“${way ? `${step}·${way}` : step}”之后添加步骤`).click();
    await this.page.getByRole('menuitem').filter({ hasText: kind }).first().click();
    await labelled(this.properties, '步骤名称').waitFor();
  }

  /** Names the selected step. */
  async rename(name: string): Promise<void> {
    await labelled(this.properties, '步骤名称').fill(name);
  }

  /** 文字拼接: words, and fields inserted with @. */
  async assignText(field: string, parts: readonly (string | { field: string })[]): Promise<void> {
    await this.way(field, '文字拼接');
    const box = this.properties.getByRole('textbox', { name: field, exact: true });
    await box.click();
    await this.page.keyboard.press('ControlOrMeta+A');
    await this.page.keyboard.press('Delete');
    for (const part of parts) {
      if (typeof part === 'string') await this.page.keyboard.insertText(part);
      else {
        await this.page.keyboard.type('@');
        await this.page.getByRole('option', { name: part.field, exact: true }).click();
      }
    }
  }

  /** 引用字段. */
  async assignField(field: string, source: string): Promise<void> {
    await this.way(field, '引用字段');
    await choose(this.page, this.properties.getByRole('combobox', { name: field, exact: true }), source);
  }

  /** 当前时间的 N 天后. */
  async assignDaysFromNow(field: string, days: number): Promise<void> {
    await this.way(field, '当前时间');
    await labelled(this.properties, `${field} 之后`).fill(String(days));
    await choose(this.page, this.properties.getByRole('combobox', { name: `${field} 单位` }), '天');
    await choose(this.page, this.properties.getByRole('combobox', { name: `${field} 之前或之后` }), '后');
  }

  /** 发布, and the switch says that it runs. */
  async publish(): Promise<void> {
    await button(this.page, '发布').click();
    await this.page.getByText('已发布，新数据按第 1 版运行').waitFor();
  }

  /** Adds the field's row to 字段赋值 when it is not there, and chooses how its value is found. */
  private async way(field: string, kind: string): Promise<void> {
    const table = this.properties.getByRole('table', { name: '字段赋值' });
    const row = table.getByRole('row').filter({ hasText: field });
    const add = this.properties.getByRole('combobox', { name: '添加字段' });
    await row.or(add).first().waitFor();
    if ((await row.count()) === 0) await choose(this.page, add, field);
    await choose(this.page, table.getByRole('combobox', { name: `${field} 取值方式` }), kind);
  }
}
