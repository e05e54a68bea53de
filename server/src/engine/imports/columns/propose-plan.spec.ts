import { readFile } from 'node:fs/promises';
import type { FormId } from '@lianke/shared/ids';
import type { SheetPlan } from '@lianke/shared/imports/api';
import { beforeAll, describe, expect, it } from 'vitest';
import { importWords } from '../words.js';
import { readWorkbook } from '../workbook/read-workbook.js';
import type { Workbook } from '../workbook/workbook.js';
import type { KnownField, KnownForm } from './match-fields.js';
import { type PlanWorld, proposePlan, replanSheet } from './propose-plan.js';

const fixture = (name: string) => readFile(new URL(`../../../../test/fixtures/${name}`, import.meta.url));
const people = new Set(['刘洋', '陈静', '张敏', '王芳', '李伟']);
const world = (more: Partial<PlanWorld> = {}): PlanWorld => ({
  forms: [],
  mayDesign: true,
  isPerson: (text) => people.has(text),
  fileName: '客户台账',
  words: importWords.zh,
  ...more,
});

/** header → target.field (type) */
function mapping(plan: SheetPlan | undefined): Record<string, string> {
  return Object.fromEntries(
    (plan?.columns ?? []).map(({ header, to }) => {
      const made = plan?.targets
        .find((target) => target.key === to.target)
        ?.newFields.find((field) => field.key === to.field);
      return [header, to.target ? `${to.target}.${made ? `+${made.type}` : to.field}` : '-'];
    }),
  );
}

const form = (id: number, key: string, name: string, fields: string[]): KnownForm => ({
  id: `00000000-0000-7000-8000-00000000000${id}` as FormId,
  key,
  name,
  title: fields[0]?.split(' ')[0] ?? null,
  fields: [
    ...fields.map((text): KnownField => {
      const [fieldKey = '', fieldName = '', type = 'text', to] = text.split(' ');
      return {
        key: fieldKey,
        name: fieldName,
        type: type as KnownField['type'],
        config: to ? { formId: `00000000-0000-7000-8000-00000000000${to}` } : {},
        required: false,
        system: false,
      };
    }),
    { key: 'owner', name: '负责人', type: 'member', config: {}, required: false, system: true },
    { key: 'createdAt', name: '创建时间', type: 'datetime', config: {}, required: false, system: true },
    { key: 'createdBy', name: '创建人', type: 'member', config: {}, required: false, system: true },
  ],
});

const crm = [
  form(9, 'lead', '线索', [
    'name 线索名称',
    'company 公司名称',
    'contact 联系人姓名',
    'phone 联系电话 phone',
    'source 来源渠道 select',
  ]),
  form(1, 'customer', '客户信息表', [
    'name 客户名称',
    'industry 所属行业',
    'size 公司规模 select',
    'contactName 联系人姓名',
    'position 职位',
    'phone 联系电话 phone',
    'email 邮箱 email',
    'address 地址 address',
    'source 来源渠道 select',
    'grade 客户分级 select',
    'tags 自定义标签 tags',
    'firstContact 首次联系日期 datetime',
    'lastContact 最后联系时间 lastContact',
    'note 备注 longText',
  ]),
  form(2, 'contact', '联系人', [
    'name 联系人姓名',
    'customer 客户 relation 1',
    'position 职位',
    'phone 联系电话 phone',
    'email 邮箱 email',
  ]),
  form(3, 'opportunity', '商机', [
    'name 商机名称',
    'customer 客户 relation 1',
    'amount 预计成交金额 money',
    'stage 销售阶段 select',
    'closeDate 预计结单日期 date',
  ]),
  form(4, 'followUp', '跟进记录', [
    'content 内容摘要 longText',
    'customer 客户 relation 1',
    'time 跟进时间 datetime',
    'method 跟进方式 select',
    'nextStep 下一步计划',
    'nextDate 下次联系日期 date',
  ]),
  form(5, 'contract', '合同', ['name 合同名称', 'customer 客户 relation 1', 'amount 合同金额 money']),
];

describe('the plan proposed for the ledger', () => {
  let ledger: Workbook;
  beforeAll(async () => {
    ledger = await readWorkbook(await fixture('客户台账.xlsx'));
  });

  it('feeds customers, contacts and opportunities of an installed app, and its follow-ups', () => {
    const plans = proposePlan(ledger, world({ forms: crm }));
    expect(plans.map((plan) => [plan.name, plan.include, plan.headerRow, plan.rows, plan.reason])).toEqual([
      ['客户', true, 2, 4000, undefined],
      ['跟进记录', true, 0, 4000, undefined],
      ['填写说明', false, null, 0, '只有文字说明，没有表格'],
    ]);
    expect(mapping(plans[0])).toEqual({
      序号: '-',
      客户名称: 'customer.name',
      所属行业: 'customer.industry',
      公司规模: 'customer.size',
      联系人: 'contact.name',
      职位: 'contact.position',
      联系电话: 'contact.phone',
      邮箱: 'contact.email',
      地址: 'customer.address',
      来源渠道: 'customer.source',
      客户分级: 'customer.grade',
      负责人: 'customer.owner',
      标签: 'customer.tags',
      '预计成交金额（万元）': 'opportunity.amount',
      销售阶段: 'opportunity.stage',
      预计结单日期: 'opportunity.closeDate',
      首次联系日期: 'customer.firstContact',
      最后联系时间: 'customer.lastContact',
      备注: 'customer.note',
    });
    expect(plans[0]?.targets.map((target) => [target.key, target.formId, target.link, target.newFields])).toEqual([
      ['customer', crm[1]?.id, undefined, []],
      ['contact', crm[2]?.id, { field: 'customer', to: 'customer' }, []],
      ['opportunity', crm[3]?.id, { field: 'customer', to: 'customer' }, []],
    ]);
    expect(plans[0]?.columns[13]?.to.factor).toBe(10_000);
    expect(mapping(plans[1])).toEqual({
      客户名称: 'followUp.customer',
      跟进时间: 'followUp.time',
      跟进方式: 'followUp.method',
      跟进人: 'followUp.owner',
      内容摘要: 'followUp.content',
      下一步计划: 'followUp.nextStep',
      下次联系日期: 'followUp.nextDate',
    });
  });

  it('proposes forms, types and options in an empty app', () => {
    const plans = proposePlan(ledger, world());
    expect(plans.map((plan) => plan.targets.map((target) => [target.key, target.newForm?.name]))).toEqual([
      [
        ['customer', '客户'],
        ['contact', '联系人'],
        ['opportunity', '商机'],
      ],
      [['followUp', '跟进记录']],
      [],
    ]);
    expect(mapping(plans[0])).toEqual({
      序号: '-',
      客户名称: 'customer.+text',
      所属行业: 'customer.+text',
      公司规模: 'customer.+select',
      联系人: 'contact.+text',
      职位: 'contact.+text',
      联系电话: 'contact.+phone',
      邮箱: 'contact.+email',
      地址: 'customer.+address',
      来源渠道: 'customer.+select',
      客户分级: 'customer.+select',
      负责人: 'customer.owner',
      标签: 'customer.+tags',
      '预计成交金额（万元）': 'opportunity.+money',
      销售阶段: 'opportunity.+select',
      预计结单日期: 'opportunity.+date',
      首次联系日期: 'customer.+date',
      最后联系时间: 'customer.+lastContact',
      备注: 'customer.+longText',
    });
    expect(mapping(plans[1])).toEqual({
      客户名称: 'followUp.+relation',
      跟进时间: 'followUp.+datetime',
      跟进方式: 'followUp.+select',
      跟进人: 'followUp.owner',
      内容摘要: 'followUp.+longText',
      下一步计划: 'followUp.+text',
      下次联系日期: 'followUp.+date',
    });
    const options = (sheet: number, name: string) =>
      plans[sheet]?.targets
        .flatMap((target) => target.newFields)
        .filter((field) => field.name === name)
        .flatMap((field) => field.config.options as { label: string }[])
        .map((option) => option.label);
    expect(options(0, '客户分级')).toEqual(['A', 'B', 'C']);
    expect(options(0, '公司规模')).toEqual(['50人以下', '50-200人', '200-1000人', '1000人以上']);
    expect(options(0, '销售阶段')).toEqual(['初步接触', '需求确认', '方案报价', '商务谈判', '赢单', '输单']);
    expect(plans[1]?.targets[0]?.newFields[0]).toMatchObject({
      type: 'relation',
      config: { formId: 'target:customer' },
    });
  });

  it('leaves alone what the person may not design', () => {
    const plans = proposePlan(
      ledger,
      world({ mayDesign: false, forms: [form(1, 'customer', '客户表', ['name 客户名称'])] }),
    );
    expect(mapping(plans[0])).toMatchObject({
      客户名称: 'customer.name',
      负责人: 'customer.owner',
      备注: '-',
      联系人: '-',
    });
    expect(proposePlan(ledger, world({ mayDesign: false }))[0]).toMatchObject({
      include: false,
      reason: '没有对应的表单，新建表单需要设计权限',
    });
  });

  it('starts anew when the header row is moved', () => {
    const plans = proposePlan(ledger, world({ forms: crm }));
    const again = replanSheet(ledger, 0, 2, world({ forms: crm }), plans.slice(1));
    expect(again).toEqual(plans[0]);
    const moved = replanSheet(ledger, 0, 3, world({ forms: crm }), plans.slice(1));
    expect(moved).toMatchObject({ headerRow: 3, rows: 3999 });
  });

  it('makes one form for a list of companies', async () => {
    const csv = await readWorkbook(await fixture('listed-companies.gb18030.csv'));
    const [plan] = proposePlan(csv, world({ fileName: 'listed-companies.gb18030' }));
    expect(plan).toMatchObject({
      include: true,
      rows: 4347,
      targets: [{ newForm: { name: 'listed-companies.gb18030' } }],
    });
    expect(mapping(plan)).toEqual({
      '': '-',
      TS代码: 'sheet.+text',
      股票代码: 'sheet.+text',
      股票名称: 'sheet.+text',
      行业: 'sheet.+text',
    });
  });
});
