import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openItem, openManagement } from './support/app.js';
import { openBrowser, openDesk } from './support/browser.js';
import { mine, startOver, switchTo } from './support/company.js';
import { button, choose, labelled } from './support/controls.js';
import { system } from './support/environment.js';
import { FlowDesigner } from './support/flow-designer.js';
import { FormDesigner } from './support/form-designer.js';
import { ImportWizard } from './support/import-wizard.js';
import { Journal } from './support/journal.js';
import { component } from './support/page-designer.js';
import { Phone } from './support/phone.js';
import { clearPhones, deliverAgain, Stage } from './support/stage.js';

const ledger = fileURLToPath(new URL('../../../server/assets/demo/客户台账.xlsx', import.meta.url));
const newCustomers = [
  '客户名称,来源渠道,负责人',
  '东篱茶业,展会,李伟',
  '云汀纺织,展会,李伟',
  '北辰仪表,官网,李伟',
].join('\n');

let browser: Browser;
let page: Page;
let phones: BrowserContext;
beforeAll(async () => {
  browser = await openBrowser();
  page = await openDesk(browser);
  phones = await Phone.context(browser);
});
afterAll(() => browser.close());

test('from the ledger in Excel to the approval in the chat', async () => {
  const journal = new Journal('story', page);
  const step = journal.step.bind(journal);
  const wizard = new ImportWizard(page);
  const figure = (title: string, value: string) => component(page, title).getByText(value, { exact: true }).waitFor();

  await clearPhones();
  const admin = await Phone.of(phones, 'admin');
  await step('扫码登录', async () => {
    await page.goto(`${system.consoleUrl}/login?tenant=${mine}`);
    await page.getByRole('tab', { name: '扫码登录' }).click();
    await step('手机扫一扫', () => admin.scanToLogIn(), admin.page);
    await page.getByRole('heading', { name: '我的应用' }).waitFor();
  });
  const stage = await Stage.open(phones);
  await step('演示台：已登录', () => stage.ticked('login'), stage.page);
  await step(
    '演示企业的看板',
    async () => {
      await switchTo(page, '演示企业');
      await page.getByRole('link', { name: /客户关系管理/ }).click();
      await openItem(page, '客户数据看板');
      await component(page, '客户来源渠道').locator('svg').getByText(/^展会/).first().waitFor();
    },
    page,
  );
  await step('点饼图里的展会，打开同样多的数据', async () => {
    const said = await component(page, '客户来源渠道')
      .getByRole('link', { name: /^展会：/ })
      .textContent();
    await component(page, '客户来源渠道').locator('svg').getByText(/^展会/).first().click();
    const count = said?.replace(/^展会：|[ 家条]/g, '') ?? '';
    await page.getByText(`${count} 条`, { exact: true }).waitFor();
  });
  await step('演示台：看过看板', () => stage.ticked('dashboard'), stage.page);
  await step('切换到我的企业', () => switchTo(page, '我的企业'), page);
  await step('空的企业', () => startOver(page), page);
  await step('用模板', async () => {
    await button(page, '用模板').click();
    await button(page, '安装 客户关系管理').click();
    await page.getByRole('navigation').getByRole('link', { name: '客户信息表', exact: true }).waitFor();
  });

  await step('上传客户台账', async () => {
    await openItem(page, '客户信息表');
    await wizard.upload(ledger);
  });
  await step('核对：每一种原因的行数', async () => {
    for (const count of [
      '客户信息表：将导入 3,979',
      '客户信息表：拒绝 21',
      '客户信息表：重名 75',
      '客户信息表：离职负责人 78',
      '联系人：将导入 3,979',
      '商机：将导入 3,979',
      '跟进记录：将导入 3,923',
      '跟进记录：待挑选 62',
      '跟进记录：拒绝 15',
    ]) {
      await wizard.count(count).waitFor();
    }
  });
  await step('核对：没有客户名称的 21 行', () =>
    wizard.look(wizard.count('客户信息表：拒绝 21'), async (rows) => {
      await rows.getByText('共 21 行').waitFor();
      expect(await rows.getByRole('row').filter({ hasText: '没有客户名称' }).count()).toBe(21);
    }),
  );
  await step('核对：重名 75 行，原有的和现在的负责人', () =>
    wizard.look(wizard.count('客户信息表：重名 75'), async (rows) => {
      await rows.getByText('共 75 行').waitFor();
      await rows
        .getByText(/负责人/)
        .first()
        .waitFor();
    }),
  );
  await step('核对：分级按说明行换算', async () => {
    await wizard.remark('“B级”→B（52），“战略客户”→A（42），“a”→A（42）').waitFor();
    await wizard.look(wizard.remark('“B级”→B'), async (rows) => {
      for (const [before, after] of [
        ['a', 'A'],
        ['B级', 'B'],
        ['战略客户', 'A'],
      ]) {
        await rows
          .getByRole('cell', { name: `${before} → ${after}`, exact: true })
          .first()
          .waitFor();
      }
    });
  });
  await step('核对：邮箱写错的 65 行', () =>
    wizard.look(wizard.remark('65 行的邮箱不能识别，留空后导入'), (rows) => rows.getByText('共 65 行').waitFor()),
  );
  await step('核对：同名的客户由人挑选', async () => {
    await wizard.look(wizard.count('跟进记录：待挑选 62'), async (rows) => {
      await rows.getByText('共 62 行').waitFor();
      await wizard.settleFirst(rows);
    });
    await wizard.count('跟进记录：待挑选 61').waitFor();
    await wizard.count('跟进记录：将导入 3,924').waitFor();
  });
  await step('核对：找不到客户的 15 行', () =>
    wizard.look(wizard.count('跟进记录：拒绝 15'), (rows) => rows.getByText('共 15 行').waitFor()),
  );
  await step('导入', async () => {
    await wizard.start('3,979');
    await page.getByText('没有触发流程，没有给任何人发消息。').waitFor();
    await page.getByText(/^97 行没有导入/).waitFor();
  });
  await step('去分配 78 家', async () => {
    await button(page, '去分配 78 家').click();
    await page.getByText('共 78 条').waitFor();
  });
  await step('分配给李伟', async () => {
    await page.getByRole('checkbox', { name: '全选' }).check();
    await button(page.getByRole('toolbar', { name: '已选 78 条' }), '转移').click();
    const dialog = page.getByRole('dialog', { name: '转移 78 条给' });
    await choose(page, dialog.getByRole('combobox'), '李伟');
    await button(dialog, '转移').click();
    await page.getByText('已把 78 条转移给李伟').waitFor();
  });
  const liwei = await Phone.of(phones, 'liwei');
  await step(
    '李伟只收到一张汇总卡片',
    async () => {
      await liwei.openChat();
      await liwei.card('78 条新消息').waitFor();
      expect(await liwei.cards().count()).toBe(1);
    },
    liwei.page,
  );

  await step(
    '再导入三家，触发流程',
    async () => {
      await openItem(page, '客户信息表');
      await wizard.upload({ name: '展会名单.csv', mimeType: 'text/csv', buffer: Buffer.from(newCustomers) });
      await wizard.switchFlowsOn('“新客户跟进”会运行：新增 3 个任务、3 条消息，消息每人合成一条发出。');
      await wizard.start('3');
    },
    page,
  );
  await step(
    '李伟收到三个任务的汇总卡片',
    async () => {
      await liwei.card('【新客户跟进】东篱茶业').getByText('3 条新消息').waitFor();
      expect(await liwei.cards().count()).toBe(2);
    },
    liwei.page,
  );
  await step(
    '看板',
    async () => {
      await openItem(page, '客户数据看板');
      await figure('客户总数', '3,982');
      await figure('30 天未联系', '3,982');
    },
    page,
  );

  const rep = await Phone.of(phones, 'wangfang');
  await step(
    '王芳在手机上新增客户',
    async () => {
      await rep.openApp();
      await rep.openTab('客户');
      await rep.addNew();
      await rep.field('客户名称').locator('input').fill('测试客户');
      await rep.save();
    },
    rep.page,
  );
  await step('看板加一', () => figure('客户总数', '3,983'), page);
  await step(
    '手机上的待办',
    async () => {
      await rep.back();
      await rep.openTab('待办');
      await rep.text('【新客户跟进】测试客户').waitFor();
    },
    rep.page,
  );
  await step('聊天里的卡片', async () => {
    await rep.closeApp();
    await rep.openChat();
    await rep.card('【新客户跟进】测试客户').waitFor();
  });
  await step('在手机上记拜访', async () => {
    const photo = await rep.page.screenshot({ type: 'jpeg' });
    await rep.closeChat();
    await rep.openApp();
    await rep.logVisit({ customer: '测试客户', content: '看了样机，要一份报价', plan: '发报价', photo });
  });
  await step('拜访已记录', async () => {
    await rep.text('保存').click();
    await rep.text('已记录，3 天后提醒你').waitFor();
  });
  await step('客户页上的拜访', async () => {
    await rep.openTab('客户');
    await rep.text('今天联系过').waitFor();
    await rep.pressUntil(rep.text('测试客户'), rep.text(/看了样机，要一份报价/));
    await rep.text(/^下一步：.*发报价$/).waitFor();
  });
  await step('看板：未联系的少一家', () => figure('30 天未联系', '3,982'), page);

  await step(
    '提交合同',
    async () => {
      await rep.back();
      await rep.openTab('工作台');
      await rep.text('合同').click();
      await rep.addNew();
      await rep.field('合同名称').locator('input').fill('测试客户年度合同');
      await rep.field('合同金额').locator('input').fill('800000');
      await rep.field('客户').getByText('请选择').click();
      await rep.app.getByText('测试客户', { exact: true }).filter({ visible: true }).last().click();
      await rep.save();
      await rep.text(/审批中/).waitFor();
    },
    rep.page,
  );
  const manager = await Phone.of(phones, 'chenzg');
  const card = manager.card('合同审批：测试客户年度合同');
  await step(
    '主管的钉钉收到审批卡片',
    async () => {
      await manager.page.locator('.phone[data-platform="dingtalk"]').waitFor();
      await manager.openChat();
      await card.getByText('800,000 元').waitFor();
    },
    manager.page,
  );
  await step('在卡片上同意', async () => {
    await button(card, '同意').click();
    await button(card, '陈主管 已同意').waitFor();
    await button(card, '同意').waitFor({ state: 'detached' });
  });
  await step('看板：合同金额不刷新就变了', () => figure('本月生效合同金额', '80'), page);
  await step(
    '再按一次已处理的卡片',
    async () => {
      await button(card, '陈主管 已同意').click();
      await card.getByText('这件事已处理：陈主管 已同意').waitFor();
      await deliverAgain('dingtalk', 'chenzg');
      await button(card, '陈主管 已同意').waitFor();
    },
    manager.page,
  );
  await step(
    '合同已生效，只批了一次',
    async () => {
      await rep.text(/审批中 → 已生效/).waitFor();
      expect(await rep.app.getByText(/审批中 → 已生效/).count()).toBe(1);
      await rep.text('已生效').waitFor();
    },
    rep.page,
  );

  await step(
    '断网记一次拜访',
    async () => {
      await rep.back();
      await rep.back();
      await rep.openTab('工作台');
      await rep.setOnline(false);
      const photo = await rep.page.screenshot({ type: 'jpeg' });
      await rep.logVisit({ customer: '测试客户', content: '断网时看了仓库', plan: '寄样品', photo });
      await rep.text('保存').click();
      await rep.text('没有网络，已存在手机里，联网后自动发送').waitFor();
    },
    rep.page,
  );
  await step('恢复网络，拜访送达', async () => {
    await rep.setOnline(true);
    await rep.text(/^已补发 \d 条记录$/).waitFor();
    await rep.openTab('客户');
    await rep.text('测试客户').click();
    await rep.text(/断网时看了仓库/).waitFor();
    await rep.back();
  });
  await step(
    '加一个标签字段',
    async () => {
      await openManagement(page, '客户信息表');
      const designer = new FormDesigner(page);
      await designer.drag('标签', '重点关注');
      await designer.publish();
    },
    page,
  );
  await step(
    '发布后手机上就有',
    async () => {
      await rep.addNew();
      await rep.text(/^更多 \d+ 项$/).click();
      await rep.field('重点关注').waitFor();
    },
    rep.page,
  );
  const flow = new FlowDesigner(page);
  await step(
    '流程设定：自己搭一个流程',
    async () => {
      await page.getByRole('tab', { name: '流程设定' }).click();
      await button(page, '新建流程').click();
      const dialog = page.getByRole('dialog', { name: '新建流程' });
      await labelled(dialog, '流程名称').fill('新客户建档提醒');
      await button(dialog, '新建流程').click();
      await dialog.waitFor({ state: 'hidden' });
      await flow.pullOut('触发条件', '新增数据');
      await choose(page, labelled(flow.properties, '目标表单'), '销售任务表');
      await flow.assignText('任务标题', ['【建档】', { field: '客户信息表.客户名称' }]);
      await flow.assignField('负责人', '客户信息表.负责人');
      await flow.publish();
    },
    page,
  );
  await step(
    '快进三天，到期的提醒',
    async () => {
      await stage.forward();
      await stage.ticked('overdue');
    },
    stage.page,
  );
  await step('演示台自己打的勾', async () => {
    for (const each of ['import', 'assign', 'flow', 'customer', 'visit', 'contract', 'overdue', 'extend'])
      await step(`演示台：${each}`, () => stage.ticked(each), stage.page);
  });
});
