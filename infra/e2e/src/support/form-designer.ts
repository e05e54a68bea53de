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

  /** Drags a control into the subform dragged last, and names the column. */
  async dragInside(control: string, name: string): Promise<void> {
    const subform = this.canvas.locator('[data-subform]').last();
    await subform.scrollIntoViewIfNeeded();
    const box = await subform.boundingBox();
    if (!box) throw new Error('the canvas has no subform');
    await drag(this.page, button(this.palette, control), { x: box.x + box.width - 24, y: box.y + box.height / 2 });
    await labelled(this.properties, '名称').fill(name);
    await subform.getByText(name).first().waitFor();
  }

  /** The levels of the selected 级联选择, a line a path. */
  async choices(paths: string): Promise<void> {
    await button(this.properties, '批量添加').click();
    const dialog = this.page.getByRole('dialog');
    await dialog.getByRole('textbox').fill(paths);
    await dialog.getByRole('button', { name: /确\s*定/ }).click();
    await dialog.waitFor({ state: 'hidden' });
  }

  /** 关联表单 of the selected relation. */
  async pointTo(form: string): Promise<void> {
    await choose(this.page, labelled(this.properties, '关联表单'), form);
  }

  /** The selected 公式. */
  async formula(expression: string): Promise<void> {
    await this.properties
      .getByRole('textbox', { name: '公式' })
      .or(this.properties.getByRole('combobox', { name: '公式' }))
      .last()
      .fill(expression);
    await this.page.keyboard.press('Escape');
  }

  /** The selected 引用字段: along which relation, and what. */
  async lookUp(relation: string, field: string): Promise<void> {
    await choose(this.page, labelled(this.properties, '关联字段'), relation);
    await choose(this.page, labelled(this.properties, '字段'), field);
  }

  /** The selected 汇总 counts the records of a form that point here. */
  async rollUp(form: string | RegExp): Promise<void> {
    await choose(this.page, labelled(this.properties, '汇总的数据'), form);
  }

  /** 说明文字 at the end of the canvas. */
  async words(text: string): Promise<void> {
    await this.dragLayout('说明文字');
    await this.properties.getByRole('textbox', { name: '文字' }).last().fill(text);
    await this.canvas.getByText(text).waitFor();
  }

  /** 分割线 at the end of the canvas. */
  async line(caption: string): Promise<void> {
    await this.dragLayout('分割线');
    await labelled(this.properties, '线上的文字（选填）').fill(caption);
    await this.canvas.getByText(caption).waitFor();
  }

  private async dragLayout(control: string): Promise<void> {
    const group = this.canvas.getByRole('region').last();
    await button(this.canvas, '添加分组').scrollIntoViewIfNeeded();
    const box = await group.boundingBox();
    if (!box) throw new Error('the canvas has no section');
    await drag(this.page, button(this.palette, control), { x: box.x + box.width - 24, y: box.y + box.height - 12 });
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
