import type { FrameLocator, Locator, Page } from 'playwright-core';
import { button, choose, enterTags, labelled, middleOf } from './controls.js';
import type { FormDesigner } from './form-designer.js';

/** What is filled in on the desk and on the phone, and how the record then reads. */
export interface Filling {
  /** The control in 控件库; the field is called the same. */
  control: string;
  build?(designer: FormDesigner): Promise<void>;
  desk?(page: Page, form: Locator): Promise<void>;
  phone?(page: Page, box: Locator): Promise<void>;
  /** Text of the stored value as the API gives it: on the desk, on the phone. */
  desks?: string;
  phones?: string;
}

export const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

const typed =
  (control: string, text: string) =>
  async (_: Page, form: Locator): Promise<void> => {
    await labelled(form, control).fill(text);
  };
const entered =
  (control: string, text: string) =>
  async (page: Page, form: Locator): Promise<void> => {
    await labelled(form, control).fill(text);
    await page.keyboard.press('Enter');
  };
const line =
  (text: string) =>
  async (_: Page, box: Locator): Promise<void> => {
    await box.locator('input, textarea').first().fill(text);
  };
const sheet = (page: Page) => page.locator('.sheet').last();
const picked =
  (...choices: (string | RegExp)[]) =>
  async (page: Page, box: Locator): Promise<void> => {
    await box.locator('.line--pick').first().tap();
    for (const choice of choices) {
      const option = sheet(page).locator('.option').filter({ hasText: choice }).first();
      await (typeof choice === 'string' && (await option.count()) === 0
        ? sheet(page).getByText(choice).first()
        : option
      ).tap();
    }
    const done = sheet(page).getByText('确定', { exact: true });
    if (await done.isVisible()) await done.tap();
    await page.locator('.sheet').waitFor({ state: 'detached' });
  };
/** A wheel from the bottom, taken as it stands. */
const wheel = async (page: Page, box: Locator): Promise<void> => {
  await box.locator('.line--pick').first().tap();
  await page.getByText('确定', { exact: true }).filter({ visible: true }).first().tap();
  await page.getByText('确定', { exact: true }).filter({ visible: true }).first().waitFor({ state: 'hidden' });
};
const uploaded = async (page: Page, box: Locator): Promise<void> => {
  const choosing = page.waitForEvent('filechooser');
  await box.locator('.files__add, .file-add, [class*="add"]').first().tap();
  await (await choosing).setFiles({ name: '现场.png', mimeType: 'image/png', buffer: picture });
};

async function attach(page: Page, opener: Locator): Promise<void> {
  const choosing = page.waitForEvent('filechooser');
  // The uploader's own wrapper takes the click.
  await opener.click({ force: true });
  await (await choosing).setFiles({ name: '合同.png', mimeType: 'image/png', buffer: picture });
}

/** Draws a stroke over a signature's canvas. */
async function stroke(page: Page, canvas: Locator): Promise<void> {
  // The dialog is still on its way in; a hover waits until it stands.
  await canvas.hover();
  const box = await canvas.boundingBox();
  if (!box) throw new Error('nothing to sign on');
  await page.mouse.move(box.x + 30, box.y + 30);
  await page.mouse.down();
  await page.mouse.move(box.x + 120, box.y + 70, { steps: 6 });
  await page.mouse.move(box.x + 200, box.y + 40, { steps: 6 });
  await page.mouse.up();
}

/** Signs in the dialogue that a form's signature opens. */
export async function signOnDesk(page: Page, form: Locator): Promise<void> {
  await labelled(form, '手写签名').click();
  const dialog = page.getByRole('dialog', { name: '手写签名' });
  await stroke(page, dialog.locator('canvas'));
  await dialog
    .getByRole('button', { name: /完\s*成/ })
    .last()
    .click();
  await dialog.waitFor({ state: 'hidden' });
}

/** Signs with a finger; with the mouse in the frame of a phone that has no screen to touch. */
export async function signOnPhone(page: Page, box: Locator, frame?: FrameLocator): Promise<void> {
  const press = (thing: Locator) => (frame ? thing.click() : thing.tap());
  const app = frame ?? page;
  await press(box.locator('.line').first());
  await stroke(page, app.locator('canvas').filter({ visible: true }).last());
  await press(
    app
      .getByText(/^(确定|完成)$/)
      .filter({ visible: true })
      .last(),
  );
  await app.locator('canvas').filter({ visible: true }).first().waitFor({ state: 'detached' });
}

/** Takes hold of a thing with a finger and moves it to the right end of another. */
async function swipe(page: Page, thing: Locator, along: Locator): Promise<void> {
  await thing.scrollIntoViewIfNeeded();
  const from = await middleOf(thing);
  const track = await along.boundingBox();
  if (!track) throw new Error('nothing to swipe along');
  const to = track.x + track.width + 4;
  const finger = await page.context().newCDPSession(page);
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', x?: number) =>
    finger.send('Input.dispatchTouchEvent', { type, touchPoints: x === undefined ? [] : [{ x, y: from.y }] });
  await touch('touchStart', from.x);
  for (const part of [0.3, 0.6, 1]) await touch('touchMove', from.x + (to - from.x) * part);
  await touch('touchEnd');
  await finger.detach();
}

const options = ['甲', '乙', '丙'];

/** Every type that stands in 控件库, in its order. */
export const fillings: readonly Filling[] = [
  {
    control: '单行文本',
    desk: typed('单行文本', '杭州云汀'),
    phone: line('宁波海晟'),
    desks: '杭州云汀',
    phones: '宁波海晟',
  },
  {
    control: '多行文本',
    desk: typed('多行文本', '第一行\n第二行'),
    phone: line('手机上写的'),
    desks: '第一行\n第二行',
    phones: '手机上写的',
  },
  {
    control: '富文本',
    desk: async (_, form) => labelled(form, '富文本').fill('富文本内容'),
    phone: line('# 标题'),
    desks: '<p>富文本内容</p>',
    phones: '<h2>标题</h2>',
  },
  { control: '数字', desk: typed('数字', '42'), phone: line('7'), desks: '42', phones: '7' },
  { control: '金额', desk: typed('金额', '1234.5'), phone: line('88'), desks: '1234.5', phones: '88' },
  { control: '百分比', desk: typed('百分比', '15'), phone: line('20'), desks: '0.15', phones: '0.2' },
  {
    control: '评分',
    desk: async (_, form) => form.getByRole('group', { name: '评分' }).getByRole('radio').nth(3).click(),
    phone: async (_, box) => box.locator('.stars__one').nth(2).tap(),
    desks: '4',
    phones: '3',
  },
  {
    control: '滑块',
    desk: async (_, form) => form.getByRole('spinbutton', { name: '滑块' }).fill('30'),
    phone: (page, box) => swipe(page, box.locator('.weui-slider__handler'), box.locator('.weui-slider')),
    desks: '30',
    phones: '100',
  },
  { control: '日期', desk: entered('日期', '2025-03-07'), phone: wheel, desks: '2025-03-07', phones: '*' },
  {
    control: '日期时间',
    desk: entered('日期时间', '2025-03-07 09:30'),
    phone: wheel,
    desks: '2025-03-07T01:30',
    phones: '*',
  },
  { control: '时间', desk: entered('时间', '09:30'), phone: wheel, desks: '09:30', phones: '*' },
  {
    control: '日期区间',
    desk: async (page, form) => {
      await labelled(form, '日期区间').first().click();
      await page.keyboard.insertText('2025-03-07');
      await page.keyboard.press('Enter');
      await page.keyboard.insertText('2025-03-09');
      await page.keyboard.press('Enter');
    },
    phone: wheel,
    desks: '2025-03-07/2025-03-09',
    phones: '*',
  },
  {
    control: '下拉框',
    build: (designer) => designer.options(options),
    desk: (page, form) => choose(page, labelled(form, '下拉框'), '乙'),
    phone: async (_, box) => box.getByText('丙', { exact: true }).tap(),
    desks: '乙',
    phones: '丙',
  },
  {
    control: '多选框',
    build: (designer) => designer.options(options),
    desk: async (page, form) => {
      await labelled(form, '多选框').click();
      for (const name of ['甲', '丙'])
        await page.getByRole('option', { name, exact: true }).filter({ visible: true }).click();
      await page.keyboard.press('Escape');
    },
    phone: picked('甲', '乙'),
    desks: '甲,丙',
    phones: '甲,乙',
  },
  {
    control: '级联选择',
    build: (designer) => designer.choices('华东/浙江\n华东/江苏\n华北/北京'),
    desk: async (page, form) => {
      await labelled(form, '级联选择').click();
      await page.getByRole('menuitemcheckbox', { name: '华东' }).click();
      await page.getByRole('menuitemcheckbox', { name: '江苏' }).click();
    },
    phone: picked('华北', '北京'),
    desks: '华东/江苏',
    phones: '华北/北京',
  },
  {
    control: '标签',
    build: (designer) => designer.tags(['高意向']),
    desk: (page, form) => enterTags(page, labelled(form, '标签'), ['展会', '老客户']),
    phone: picked('高意向'),
    desks: '展会,老客户',
    phones: '高意向',
  },
  {
    control: '开关',
    desk: async (_, form) => labelled(form, '开关').click(),
    phone: async (_, box) => box.locator('.weui-switch, input, [class*="switch"]').first().tap(),
    desks: 'true',
    phones: 'true',
  },
  {
    control: '电话',
    desk: typed('电话', '13800138000'),
    phone: line('13900139000'),
    desks: '13800138000',
    phones: '13900139000',
  },
  { control: '邮箱', desk: typed('邮箱', 'a@b.cn'), phone: line('c@d.cn'), desks: 'a@b.cn', phones: 'c@d.cn' },
  {
    control: '网址',
    desk: typed('网址', 'https://a.cn'),
    phone: line('https://b.cn'),
    desks: 'https://a.cn',
    phones: 'https://b.cn',
  },
  {
    control: '身份证号',
    desk: typed('身份证号', '11010519491231002X'),
    phone: line('11010519491231002X'),
    desks: '11010519491231002X',
    phones: '11010519491231002X',
  },
  {
    control: '统一社会信用代码',
    desk: typed('统一社会信用代码', '91350100M000100Y43'),
    phone: line('91350100M000100Y43'),
    desks: '91350100M000100Y43',
    phones: '91350100M000100Y43',
  },
  {
    control: '成员',
    desk: (page, form) => first(page, labelled(form, '成员')),
    phone: picked(/./),
    desks: '*',
    phones: '*',
  },
  { control: '成员多选', desk: several('成员多选'), phone: picked(/./), desks: '*', phones: '*' },
  {
    control: '部门',
    desk: (page, form) => first(page, labelled(form, '部门')),
    phone: picked(/./),
    desks: '*',
    phones: '*',
  },
  { control: '部门多选', desk: several('部门多选'), phone: picked(/./), desks: '*', phones: '*' },
  {
    control: '关联数据',
    build: (designer) => designer.pointTo('客户'),
    desk: (page, form) => choose(page, labelled(form, '关联数据'), '巴比食品'),
    phone: picked('巴比食品'),
    desks: '巴比食品',
    phones: '巴比食品',
  },
  {
    control: '关联多条数据',
    build: (designer) => designer.pointTo('客户'),
    desk: (page, form) => choose(page, labelled(form, '关联多条数据'), '巴比食品'),
    phone: async (page, box) => {
      await box.locator('.line').last().tap();
      await sheet(page).getByText('巴比食品').first().tap();
    },
    desks: '巴比食品',
    phones: '巴比食品',
  },
  {
    control: '子表单',
    build: async (designer) => {
      await designer.dragInside('单行文本', '品名');
      await designer.dragInside('数字', '数量');
    },
    desk: async (page, form) => {
      await button(form, '添加一行').click();
      await form.getByRole('grid', { name: '子表单' }).locator('#cell-0-1').click();
      await page.keyboard.press('F2');
      await page.keyboard.insertText('面粉');
      await page.keyboard.press('Enter');
    },
    phone: async (page, box) => {
      await box.getByText('添加一行').tap();
      await sheet(page).locator('input').first().fill('白糖');
      await sheet(page).getByText('确定', { exact: true }).tap();
    },
    desks: '面粉',
    phones: '白糖',
  },
  {
    control: '附件',
    desk: async (page, form) => attach(page, labelled(form, '附件')),
    phone: uploaded,
    desks: '合同.png',
    phones: '现场',
  },
  {
    control: '图片',
    desk: async (page, form) => attach(page, labelled(form, '图片')),
    phone: uploaded,
    desks: '合同',
    phones: '现场',
  },
  {
    control: '手写签名',
    desk: signOnDesk,
    phone: (page, box) => signOnPhone(page, box),
    desks: '*',
    phones: '*',
  },
  { control: '自动编号', desks: '*', phones: '*' },
  {
    control: '扫码输入',
    desk: typed('扫码输入', '6901234567892'),
    phone: line('6901234567892'),
    desks: '6901234567892',
    phones: '6901234567892',
  },
  {
    control: '定位',
    desk: async (_, form) => {
      await labelled(form, '定位 地点名称').fill('西湖');
      await form.getByRole('spinbutton', { name: '定位 纬度' }).fill('30.25');
      await form.getByRole('spinbutton', { name: '定位 经度' }).fill('120.15');
    },
    phone: async (page, box) => {
      await box.locator('.line--pick').tap();
      await box.locator('.line__text:not(.placeholder)').waitFor();
      await page.waitForLoadState();
    },
    desks: '西湖',
    phones: '*',
  },
  {
    control: '地址',
    desk: async (_, form) => labelled(form, '地址 详细地址').fill('文一路 1 号'),
    phone: async (_, box) => box.locator('input').last().fill('中山路 2 号'),
    desks: '文一路 1 号',
    phones: '中山路 2 号',
  },
  { control: '最后联系时间', build: (designer) => designer.takeLastContactFrom('拜访 · 对象', '拜访时间') },
  { control: '公式', build: (designer) => designer.formula('=数字*2'), desks: '84', phones: '14' },
  { control: '引用字段', build: (designer) => designer.lookUp('关联数据', '城市'), desks: '上海', phones: '上海' },
  { control: '汇总', build: (designer) => designer.rollUp(/^拜访/), desks: '0', phones: '0' },
];

function several(control: string) {
  return async (page: Page, form: Locator): Promise<void> => {
    await first(page, labelled(form, control));
    await page.keyboard.press('Escape');
  };
}

/** The first choice of a drop-down, whatever it is: members and departments are the company's own. */
async function first(page: Page, box: Locator): Promise<void> {
  const choices = page
    .locator('.ant-select-item-option, .ant-select-tree-node-content-wrapper')
    .filter({ visible: true });
  await choices.first().waitFor({ state: 'hidden' });
  await box.click();
  await choices.first().click();
}
