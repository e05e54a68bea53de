import type { Locator, Page } from 'playwright-core';
import { button, choose, drag, labelled } from './controls.js';

/** 表单设计: the palette, the canvas and the properties of a form. */
export class FormDesigner {
  private readonly palette: Locator;
  private readonly canvas: Locator;
  private readonly properties: Locator;

  constructor(private readonly page: Page) {
    this.palette = page.getByRole('complementary', { name: '控件库' });
    this.canvas = page.getByRole('region', { name: '画布' });
    this.properties = page.getByRole('complementary', { name: '属性' });
  }

  /** Drags a control from 控件库 to the end of the canvas and names the field. */
  async drag(control: string, name: string): Promise<void> {
    const group = this.canvas.getByRole('region').last();
    await button(this.canvas, '添加分组').scrollIntoViewIfNeeded();
    const box = await group.boundingBox();
    if (!box) throw new Error('the canvas has no section');
    await drag(this.page, button(this.palette, control), {
      x: box.x + box.width - 24,
      y: box.y + box.height - 12,
    });
    await labelled(this.properties, '名称').fill(name);
    await this.canvas.getByRole('button', { name: `${name}，${control}` }).waitFor();
  }

  /** Replaces the options of the selected 下拉框. */
  async options(names: readonly string[]): Promise<void> {
    await button(this.properties, '批量编辑').click();
    const dialog = this.page.getByRole('dialog', { name: '批量编辑' });
    await labelled(dialog, '选项').fill(names.join('\n'));
    await button(dialog, '确定').click();
    await dialog.waitFor({ state: 'hidden' });
  }

  /** 常用标签 of the selected 标签. */
  async tags(names: readonly string[]): Promise<void> {
    await labelled(this.properties, '常用标签').click();
    for (const name of names) {
      await this.page.keyboard.insertText(name);
      await this.page.keyboard.press('Enter');
      await this.properties.getByText(name, { exact: true }).last().waitFor();
    }
  }

  /** 作为阶段: the options of the selected 下拉框 are stages, in their order. */
  async stages(): Promise<void> {
    await labelled(this.properties, '作为阶段').click();
  }

  /** 任务表单: its open records stand in 任务中心. */
  async declareTaskForm(): Promise<void> {
    await this.showForm();
    await labelled(this.properties, '任务表单').click();
  }

  /** 从哪里取时间 of the selected 最后联系时间: a form that points here, and its field that says when. */
  async takeLastContactFrom(source: string, time: string): Promise<void> {
    await button(this.properties, '添加来源').click();
    await this.properties.getByText(source, { exact: true }).waitFor();
    await choose(this.page, labelled(this.properties, '时间字段'), time);
  }

  /** Selects a field of the canvas by its name and its control. */
  async select(name: string, control: string): Promise<void> {
    await button(this.canvas, `${name}，${control}`).click();
    await labelled(this.properties, '名称').waitFor();
  }

  /** A 关联数据 field that points at another form, whose page shows these records under a title. */
  async relate(name: string, form: string, title: string): Promise<void> {
    await this.drag('关联数据', name);
    await choose(this.page, labelled(this.properties, '关联表单'), form);
    await labelled(this.properties, '在对方页面叫什么').fill(title);
  }

  /** A click on the paper beside the fields shows 表单属性. */
  private async showForm(): Promise<void> {
    await this.canvas.click({ position: { x: 4, y: 4 } });
    await labelled(this.properties, '表单名称').waitFor();
  }

  /** 发布 and 确认发布. */
  async publish(): Promise<void> {
    await button(this.page, '发布').click();
    await button(this.page, '确认发布').click();
    await this.page.getByText('已发布', { exact: true }).first().waitFor();
  }
}
