import type { Api } from '../api.js';
import type { ThinTarget } from '../thin/insert.js';

export interface BenchForm {
  id: string;
  key: string;
  fields: { id: string; key: string }[];
}

const choices = (ids: readonly string[]) => ({ options: ids.map((id) => ({ id, label: id })) });

const fields = [
  { key: 'name', name: '客户名称', type: 'text', rules: { required: true }, column: 'text' },
  { key: 'channel', name: '来源渠道', type: 'select', config: choices(['官网', '展会', '转介绍']), column: 'text' },
  { key: 'grade', name: '分级', type: 'select', config: choices(['A', 'B', 'C']), column: 'text' },
  { key: 'amount', name: '金额', type: 'money', column: 'numeric' },
  { key: 'signed', name: '签约日期', type: 'date', column: 'date' },
  { key: 'phone', name: '电话', type: 'text', column: 'text' },
  { key: 'note', name: '备注', type: 'longText', column: 'text' },
];

/** A form of customers, the same for Lianke and for the thin server. */
export function customerForm(api: Api, appId: string, key: string): Promise<BenchForm> {
  const body = { appId, key, name: key, fields: fields.map(({ column: _, ...field }) => field) };
  return api.call<BenchForm>('POST', '/forms', body);
}

/** One customer; the same number always makes the same. */
export function customer(index: number): Record<string, string> {
  return {
    name: `${['杭州', '上海', '北京'][index % 3]}${['软件', '制造', '贸易', '教育'][index % 4]}客户${index}`,
    channel: ['官网', '展会', '转介绍'][index % 3] ?? '',
    grade: ['A', 'B', 'C'][index % 3] ?? '',
    amount: String((index % 1_000_000) / 100),
    signed: `2026-${String((index % 12) + 1).padStart(2, '0')}-${String((index % 28) + 1).padStart(2, '0')}`,
    phone: `138${String(index).padStart(8, '0')}`,
    note: `第 ${index} 个客户的备注`,
  };
}

/** Schema and table of a form, as Lianke names them. */
export function tableOf(tenantId: string, formId: string): { schema: string; table: string } {
  const schema = `t_${tenantId.replaceAll('-', '')}`;
  return { schema, table: `${schema}.f_${formId.replaceAll('-', '')}` };
}

export function thinTarget(tenantId: string, memberId: string, form: BenchForm): ThinTarget {
  const columns = fields.map((field) => {
    const id = form.fields.find((each) => each.key === field.key)?.id ?? '';
    return [field.key, { column: `c_${id.slice(2)}`, type: field.column }] as const;
  });
  return { tenantId, memberId, formId: form.id, ...tableOf(tenantId, form.id), columns: Object.fromEntries(columns) };
}
