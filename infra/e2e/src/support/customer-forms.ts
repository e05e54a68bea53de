import type { FormDesigner } from './form-designer.js';

/** 第一步: every field of 客户信息表 that the tutorial lists and that belongs to the customer itself. */
export async function customerFields(designer: FormDesigner): Promise<void> {
  await designer.drag('单行文本', '客户名称');
  await designer.drag('单行文本', '所属行业');
  await designer.drag('下拉框', '公司规模');
  await designer.options(['50 人以下', '50-200 人', '200-1000 人', '1000 人以上']);
  await designer.drag('单行文本', '联系人姓名');
  await designer.drag('单行文本', '职位');
  await designer.drag('电话', '联系电话');
  await designer.drag('邮箱', '邮箱');
  await designer.drag('地址', '地址');
  await designer.drag('下拉框', '来源渠道');
  await designer.options(['官网', '展会', '转介绍']);
  await designer.drag('下拉框', '客户分级');
  await designer.options(['A', 'B', 'C']);
  await designer.drag('日期时间', '首次联系日期');
  await designer.drag('多行文本', '关键决策人');
  await designer.drag('标签', '自定义标签');
  await designer.tags(['高意向', '技术型', '价格敏感']);
  await designer.drag('最后联系时间', '最后联系时间');
}

/** What the tutorial keeps beside a customer: each a form of its own that stands as a list on the customer's page. */
export const besideCustomer: readonly { form: string; build: (designer: FormDesigner) => Promise<void> }[] = [
  {
    form: '跟进记录',
    build: async (designer) => {
      await designer.drag('单行文本', '内容摘要');
      await designer.relate('客户', '客户信息表', '跟进历史');
      await designer.drag('日期时间', '沟通时间');
      await designer.drag('下拉框', '沟通方式');
      await designer.options(['电话', '拜访', '微信']);
      await designer.drag('单行文本', '下一步计划');
    },
  },
  {
    form: '商机',
    build: async (designer) => {
      await designer.drag('单行文本', '商机名称');
      await designer.relate('客户', '客户信息表', '业务机会');
      await designer.drag('金额', '预计成交金额');
      await designer.drag('下拉框', '销售阶段');
      await designer.options(['初步接触', '方案报价', '商务谈判', '赢单']);
      await designer.stages();
      await designer.drag('日期', '预计结单日期');
    },
  },
  {
    form: '合同',
    build: async (designer) => {
      await designer.drag('单行文本', '合同名称');
      await designer.relate('客户', '客户信息表', '合同订单');
      await designer.drag('金额', '合同金额');
      await designer.drag('日期', '签订日期');
    },
  },
  {
    form: '服务记录',
    build: async (designer) => {
      await designer.drag('单行文本', '服务请求');
      await designer.relate('客户', '客户信息表', '服务记录');
      await designer.drag('多行文本', '处理过程');
      await designer.drag('多行文本', '处理结果');
    },
  },
];

/** 销售任务表, whose open records stand in 任务中心. */
export async function taskFields(designer: FormDesigner): Promise<void> {
  await designer.drag('单行文本', '任务标题');
  await designer.drag('日期时间', '截止日期');
  await designer.drag('开关', '已完成');
  await designer.declareTaskForm();
}
