import type { FieldTypeName } from '@lianke/shared/fields/registry';
import type { FlowDefinition } from '@lianke/shared/flows/definition';
import type { AppId, FieldId, FormId } from '@lianke/shared/ids';
import type { FormView, ReadField } from '../../api/queries.js';
import { i18n } from '../../i18n/index.js';
import '../i18n.js';
import { filterWords } from './filter-words.js';
import type { Speaker } from './words.js';

/** Forms of the tutorial, for the specs of this folder. */
export const ids = {
  customers: '00000000-0000-7000-8000-000000000001' as FormId,
  tasks: '00000000-0000-7000-8000-000000000002' as FormId,
  name: 'f_0000000001' as FieldId,
  grade: 'f_0000000002' as FieldId,
  phone: 'f_0000000003' as FieldId,
  title: 'f_0000000004' as FieldId,
  due: 'f_0000000005' as FieldId,
  customer: 'f_0000000006' as FieldId,
  done: 'f_0000000007' as FieldId,
};

function field(
  id: FieldId,
  name: string,
  type: FieldTypeName,
  more: Partial<Pick<ReadField, 'config' | 'rules' | 'system' | 'writable'>> = {},
): ReadField {
  return { id, key: String(id).replace('f_', 'k'), name, type, config: {}, rules: {}, writable: true, ...more };
}
const owner = () => field('owner' as FieldId, '负责人', 'member', { system: true });
const createdAt = () => field('createdAt' as FieldId, '创建时间', 'datetime', { system: true, writable: false });

function form(id: FormId, name: string, fields: ReadField[]): FormView {
  return {
    id,
    appId: '00000000-0000-7000-8000-0000000000aa' as AppId,
    key: 'form',
    name,
    version: 1,
    fields: [...fields, owner(), createdAt()],
    layout: { sections: [] },
    settings: { summaryFields: [] },
    actions: ['design'],
    updatedAt: '2025-03-07T02:00:00Z',
  };
}

export const customers = form(ids.customers, '客户信息表', [
  field(ids.name, '客户名称', 'text', { rules: { required: true } }),
  field(ids.grade, '客户分级', 'select', { config: { options: [{ id: 'A', label: 'A', color: 'gray' }] } }),
  field(ids.phone, '联系电话', 'phone'),
]);
export const tasks: FormView = {
  ...form(ids.tasks, '销售任务表', [
    field(ids.title, '任务标题', 'text', { rules: { required: true } }),
    field(ids.customer, '客户', 'relation', { config: { formId: ids.customers } }),
    field(ids.due, '截止日期', 'date'),
    field(ids.done, '完成', 'switch'),
  ]),
  settings: {
    summaryFields: [],
    task: { title: ids.title, owner: 'owner', due: ids.due, done: ids.done, subject: ids.customer },
  },
};

/** The tutorial's step 2. */
export const tutorial: FlowDefinition = {
  trigger: { type: 'recordCreated', formId: ids.customers },
  nodes: [
    {
      id: 'n1',
      name: '',
      type: 'createRecord',
      formId: ids.tasks,
      assignments: [
        {
          field: ids.title,
          value: { kind: 'text', parts: [{ text: '【新客户跟进】' }, { ref: { source: 'trigger', path: ids.name } }] },
        },
        { field: 'owner', value: { kind: 'ref', ref: { source: 'trigger', path: 'owner' } } },
        { field: ids.due, value: { kind: 'now', offset: 3, unit: 'day' } },
      ],
    },
  ],
  edges: [{ from: 'trigger', to: 'n1' }],
};

/** A speaker in Chinese over both forms. */
export function speak(def: FlowDefinition): Speaker {
  const t = i18n.getFixedT('zh', 'flows') as Speaker['t'];
  const forms = [customers, tasks];
  return {
    t,
    def,
    language: 'zh',
    forms,
    nameOfMember: (id) => (id === 'm1' ? '王芳' : undefined),
    nameOfRole: (id) => (id === 'r1' ? '经理' : undefined),
    sayOp: (op) => op,
    sayFilter: (filter, view) =>
      filterWords(t, filter, view, forms, { member: () => undefined, department: () => undefined }),
    sayValue: (_, value) => (value === null ? undefined : String(value)),
  };
}
