import type { Locator, Page } from 'playwright-core';
import { drag, labelled } from './controls.js';

/** 表单设计: the palette, the canvas and the properties of a form. */
export class FormDesigner {
  private readonly palette: Locator;
  private readonly canvas: Locator;
  readonly properties: Locator;

  constructor(private readonly page: Page) {
    this.palette = page.getByRole('complementary', { name: '控件库' });
    this.canvas = page.getByRole('region', { name: '画布' });
    this.properties = page.getByRole('complementary', { name: '属性' });
  }

  /** Drags a control from 控件库 to the end of the canvas and names the field. */
  async drag(control: string, name: string): Promise<void> {
    const group = this.canvas.getByRole('region').last();
    const box = await group.boundingBox();
    if (!box) throw new Error('the canvas has no section');
    await drag(this.page, this.palette.getByRole('button', { name: control, exact: true }), {
      x: box.x + box.width - 24,
      y: box.y + box.height - 12,
    });
    await labelled(this.properties, '名称').fill(name);
    await this.canvas.getByRole('button', { name: `${name}，${control}` }).waitFor();
  }

  /** Replaces the options of the selected 下拉框. */
  async options(names: readonly string[]): Promise<void> {
    await this.properties.getByRole('button', { name: '批量编辑' }).click();
    const dialog = this.page.getByRole('dialog', { name: '批量编辑' });
    await labelled(dialog, '选项').fill(names.join('\n'));
    await dialog.getByRole('button', { name: /^确\s?定$/ }).click();
    await dialog.waitFor({ state: 'hidden' });
  }

  /** A click on the paper beside the fields shows 表单属性. */
  async showForm(): Promise<void> {
    await this.canvas.click({ position: { x: 4, y: 4 } });
    await labelled(this.properties, '表单名称').waitFor();
  }

  /** 发布 and 确认发布. */
  async publish(): Promise<void> {
    await this.page.getByRole('button', { name: /^发\s?布$/ }).click();
    await this.page.getByRole('button', { name: '确认发布' }).click();
    await this.page.getByText('已发布', { exact: true }).first().waitFor();
  }
}
