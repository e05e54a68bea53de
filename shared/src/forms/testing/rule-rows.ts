import type { Json } from '../../json.js';
import type { FormView } from '../definition.js';

/** A form whose fields' rules look at one another, and rows of it: what every door and every screen is held to. */
export type Row = Record<string, Json>;
export interface RuledRow {
  values: Row;
  /** `field: code`, in any order. */
  codes: string[];
}

const choices = (...ids: string[]) => ({ options: ids.map((id) => ({ id, label: id })) });
const lost = { field: 'stage', op: 'eq', value: 'C' } as const;
const atLoss = { field: 'margin', op: 'lt', value: 0 } as const;

export const ruled = [
  { key: 'name', name: '名称', type: 'text', rules: { required: true, minLength: 2 } },
  {
    key: 'code',
    name: '编码',
    type: 'text',
    rules: { pattern: { regex: '[A-Z]{2}\\d{3}', message: '两个字母加三位数字' } },
  },
  { key: 'stage', name: '阶段', type: 'select', config: choices('A', 'B', 'C') },
  { key: 'reason', name: '原因', type: 'longText', rules: { visibleWhen: lost, requiredWhen: lost } },
  {
    key: 'next',
    name: '下一步',
    type: 'text',
    rules: { requiredWhen: { field: 'stage', op: 'in', value: ['A', 'B'] } },
  },
  {
    key: 'kind',
    name: '细分',
    type: 'select',
    config: choices('A1', 'A2', 'B1'),
    rules: { optionsBy: { field: 'stage', allowed: { A: ['A1', 'A2'], B: ['B1'] } } },
  },
  { key: 'start', name: '开始', type: 'date' },
  { key: 'end', name: '结束', type: 'date' },
  { key: 'locked', name: '锁定', type: 'number', rules: { readonlyWhen: lost } },
  {
    key: 'hidden',
    name: '隐藏必填',
    type: 'text',
    rules: { required: true, visibleWhen: { field: 'stage', op: 'eq', value: 'B' } },
  },
  { key: 'sale', name: '卖价', type: 'number', config: { decimals: 2 } },
  { key: 'cost', name: '成本', type: 'number', config: { decimals: 2 } },
  { key: 'margin', name: '毛利', type: 'formula', config: { expression: '{sale} - {cost}' } },
  { key: 'why', name: '亏损原因', type: 'text', rules: { visibleWhen: atLoss, requiredWhen: atLoss } },
  { key: 'invoice', name: '开票', type: 'select', config: choices('要', '不要') },
  { key: 'taxNo', name: '税号', type: 'text', rules: { required: true } },
] as const;

/** One section shows only under a condition. */
export const ruledLayout = {
  sections: [
    {
      title: '',
      columns: 2,
      items: ruled.filter(({ key }) => key !== 'taxNo').map(({ key }) => ({ field: key, span: 1 })),
    },
    {
      title: '开票信息',
      columns: 2,
      visibleWhen: { field: 'invoice', op: 'eq', value: '要' },
      items: [{ field: 'taxNo', span: 1 }],
    },
  ],
};

export const ruledChecks = [
  {
    must: {
      or: [
        { field: 'end', op: 'empty' },
        { field: 'start', op: 'notEmpty' },
      ],
    },
    message: '有结束就要有开始',
    field: 'end',
  },
  { formula: '{end} >= {start}', message: '结束不能早于开始', field: 'end' },
  { must: { field: 'margin', op: 'gte', value: -100 }, message: '亏得太多', field: 'sale' },
];

export const good: Row = { name: '很好', stage: 'A', next: '回访', code: 'AB123', kind: 'A1' };

/** Rows that the rules refuse, on screen as on the server. */
export function ruledRows(): RuledRow[] {
  const rows: RuledRow[] = [];
  const rule = (values: Row, ...codes: string[]) => rows.push({ values: { ...good, ...values }, codes });
  rule({ name: null }, 'name: required');
  rule({ name: '  ' }, 'name: required');
  rule({ name: '一' }, 'name: too_short');
  for (const code of ['ab123', 'AB12', 'AB1234', 'ABC123', '12345', ' A B123', 'AB123x'])
    rule({ code }, 'code: bad_pattern');
  rule({ stage: 'C', kind: null, next: null }, 'reason: required');
  rule({ next: null }, 'next: required');
  rule({ next: '' }, 'next: required');
  rule({ stage: 'B', kind: 'A1', hidden: '有' }, 'kind: unknown_option');
  rule({ kind: 'B1' }, 'kind: unknown_option');
  rule({ stage: 'B', kind: 'B1' }, 'hidden: required');
  rule({ end: '2026-01-01' }, 'end: rule_failed');
  rule({ start: '2026-03-05', end: '2026-03-01' }, 'end: rule_failed');
  rule({ start: '2026-03-05', end: '2026-03-01', next: '' }, 'next: required', 'end: rule_failed');
  rule({ sale: 5, cost: 10 }, 'why: required');
  rule({ sale: 5, cost: '10.01', why: '' }, 'why: required');
  rule({ sale: 5, cost: 200, why: '抢单' }, 'sale: rule_failed');
  rule({ sale: 5, cost: 200 }, 'sale: rule_failed', 'why: required');
  rule({ invoice: '要' }, 'taxNo: required');
  rule({ invoice: '要', taxNo: ' ', sale: 1, cost: 2 }, 'taxNo: required', 'why: required');
  return rows;
}

/** How fields stand for rows that are as they should be: by key. */
export const ruledStates: { values: Row; hidden: string[]; required: string[]; locked: string[] }[] = [
  { values: good, hidden: ['hidden', 'reason', 'taxNo', 'why'], required: ['name', 'next'], locked: [] },
  {
    values: { ...good, stage: 'C', kind: null, next: null, reason: '价格' },
    hidden: ['hidden', 'taxNo', 'why'],
    required: ['name', 'reason'],
    locked: ['locked'],
  },
  {
    values: { ...good, stage: 'B', kind: 'B1', hidden: '有' },
    hidden: ['reason', 'taxNo', 'why'],
    required: ['hidden', 'name', 'next'],
    locked: [],
  },
  {
    values: { ...good, invoice: '要', taxNo: '91', sale: 1, cost: 2, why: '抢单' },
    hidden: ['hidden', 'reason'],
    required: ['name', 'next', 'taxNo', 'why'],
    locked: [],
  },
];

/** The form as screens read it, its fields' ids being their keys. */
export function ruledView(): Pick<FormView, 'id' | 'name' | 'fields' | 'layout' | 'settings'> {
  const fields = ruled.map((field) => ({
    rules: {},
    ...field,
    id: field.key,
    writable: field.type !== 'formula',
    config: {
      ...('config' in field ? field.config : {}),
      ...(field.type === 'formula' ? { result: { type: 'number', config: { decimals: 2 } } } : {}),
    },
  }));
  const view: unknown = {
    id: '01a00000-0000-7000-8000-0000000000ff',
    name: '规则',
    fields,
    layout: ruledLayout,
    settings: { summaryFields: [], checks: ruledChecks },
  };
  return view as ReturnType<typeof ruledView>;
}
