import type { FieldTypeName } from '@lianke/shared/fields/registry';
import type { Json } from '@lianke/shared/json';
import type { Language } from '../../i18n/index.js';
import { type Design, type DesignField, newField, newUid } from './design.js';
import { addOptions } from './options.js';

type Words = Record<Language, string>;
interface StarterField {
  name: Words;
  type: FieldTypeName;
  options?: Record<Language, string[]>;
  config?: Record<string, Json>;
  required?: boolean;
}
export interface Starter {
  key: string;
  name: Words;
  fields: StarterField[];
  /** Positions of the fields that make it a task form. */
  task?: { title: number; due: number; done: number };
}

const f = (
  zh: string,
  en: string,
  type: FieldTypeName,
  more: Omit<StarterField, 'name' | 'type'> = {},
): StarterField => ({
  name: { zh, en },
  type,
  ...more,
});

/** Field sets to begin a form with; they point at no other form, so that they fit any app. */
export const starters: readonly Starter[] = [
  {
    key: 'customer',
    name: { zh: '客户', en: 'Customers' },
    fields: [
      f('客户名称', 'Customer name', 'text', { required: true }),
      f('客户分级', 'Grade', 'select', { options: { zh: ['A', 'B', 'C'], en: ['A', 'B', 'C'] } }),
      f('来源渠道', 'Source', 'select', {
        options: { zh: ['官网', '展会', '转介绍', '其他'], en: ['Website', 'Trade fair', 'Referral', 'Other'] },
      }),
      f('所属行业', 'Industry', 'text'),
      f('联系电话', 'Phone', 'phone'),
      f('地址', 'Address', 'address'),
      f('自定义标签', 'Tags', 'tags'),
      f('首次联系日期', 'First contact', 'datetime', { config: { precision: 'day' } }),
      f('最后联系时间', 'Last contact', 'lastContact'),
      f('备注', 'Notes', 'longText'),
    ],
  },
  {
    key: 'contact',
    name: { zh: '联系人', en: 'Contacts' },
    fields: [
      f('姓名', 'Name', 'text', { required: true }),
      f('职位', 'Position', 'text'),
      f('电话', 'Phone', 'phone'),
      f('邮箱', 'Mail', 'email'),
      f('决策角色', 'Role in decisions', 'select', {
        options: { zh: ['决策人', '影响人', '使用人'], en: ['Decides', 'Influences', 'Uses'] },
      }),
      f('备注', 'Notes', 'longText'),
    ],
  },
  {
    key: 'visit',
    name: { zh: '跟进记录', en: 'Follow-ups' },
    fields: [
      f('跟进时间', 'Time', 'datetime', { required: true }),
      f('跟进方式', 'By', 'select', {
        options: { zh: ['电话', '拜访', '微信', '邮件'], en: ['Phone', 'Visit', 'Chat', 'Mail'] },
      }),
      f('内容', 'What was said', 'longText', { required: true }),
      f('照片', 'Photos', 'attachment', { config: { accept: 'image' } }),
      f('位置', 'Place', 'location'),
      f('下次跟进', 'Next', 'date'),
    ],
  },
  {
    key: 'task',
    name: { zh: '销售任务', en: 'Sales tasks' },
    task: { title: 0, due: 1, done: 2 },
    fields: [
      f('任务标题', 'Task', 'text', { required: true }),
      f('截止日期', 'Due', 'datetime', { config: { precision: 'day' } }),
      f('已完成', 'Done', 'switch'),
      f('备注', 'Notes', 'longText'),
    ],
  },
];

/** The design with a starter's fields at the end of its first section, and its settings where none are yet. */
export function withStarter(design: Design, starter: Starter, language: Language, uid = newUid): Design {
  const fields = { ...design.fields };
  const added: DesignField[] = starter.fields.map((field) => {
    const made = newField({ ...design, fields }, field.type, field.name[language], uid());
    const config = { ...made.config, ...field.config };
    if (field.options) config.options = addOptions([], field.options[language]) as unknown as Json;
    const done = { ...made, config, ...(field.required ? { rules: { required: true } } : {}) };
    fields[done.uid] = done;
    return done;
  });
  const [first, ...rest] = design.sections;
  if (!first) return design;
  const columns = first.columns;
  const wide = (type: FieldTypeName) => type === 'longText' || type === 'attachment' || type === 'address';
  const own = first.items.filter((item) => !design.fields[item.field]?.system);
  const system = first.items.filter((item) => design.fields[item.field]?.system);
  const items = added.map((field) => ({ field: field.uid, span: wide(field.type) ? columns : 1 }));
  const { task } = starter;
  const at = (index: number) => added[index]?.uid ?? '';
  return {
    ...design,
    fields,
    sections: [{ ...first, items: [...own, ...items, ...system] }, ...rest],
    settings: {
      ...design.settings,
      ...(task && !design.settings.task
        ? { task: { title: at(task.title), owner: 'owner', due: at(task.due), done: at(task.done) } }
        : {}),
    },
  };
}
