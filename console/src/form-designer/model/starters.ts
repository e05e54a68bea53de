import type { FieldTypeName } from '@lianke/shared/fields/registry';
import { asJson, type Json } from '@lianke/shared/json';
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

/** A field of a starter: its names, type and what else is set. */
export const starterField = (
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
      starterField('客户名称', 'Customer name', 'text', { required: true }),
      starterField('客户分级', 'Grade', 'select', { options: { zh: ['A', 'B', 'C'], en: ['A', 'B', 'C'] } }),
      starterField('来源渠道', 'Source', 'select', {
        options: { zh: ['官网', '展会', '转介绍', '其他'], en: ['Website', 'Trade fair', 'Referral', 'Other'] },
      }),
      starterField('所属行业', 'Industry', 'text'),
      starterField('联系电话', 'Phone', 'phone'),
      starterField('地址', 'Address', 'address'),
      starterField('自定义标签', 'Tags', 'tags'),
      starterField('首次联系日期', 'First contact', 'datetime', { config: { precision: 'day' } }),
      starterField('最后联系时间', 'Last contact', 'lastContact'),
      starterField('备注', 'Notes', 'longText'),
    ],
  },
  {
    key: 'contact',
    name: { zh: '联系人', en: 'Contacts' },
    fields: [
      starterField('姓名', 'Name', 'text', { required: true }),
      starterField('职位', 'Position', 'text'),
      starterField('电话', 'Phone', 'phone'),
      starterField('邮箱', 'Mail', 'email'),
      starterField('决策角色', 'Role in decisions', 'select', {
        options: { zh: ['决策人', '影响人', '使用人'], en: ['Decides', 'Influences', 'Uses'] },
      }),
      starterField('备注', 'Notes', 'longText'),
    ],
  },
  {
    key: 'visit',
    name: { zh: '跟进记录', en: 'Follow-ups' },
    fields: [
      starterField('跟进时间', 'Time', 'datetime', { required: true }),
      starterField('跟进方式', 'By', 'select', {
        options: { zh: ['电话', '拜访', '微信', '邮件'], en: ['Phone', 'Visit', 'Chat', 'Mail'] },
      }),
      starterField('内容', 'What was said', 'longText', { required: true }),
      starterField('照片', 'Photos', 'attachment', { config: { accept: 'image' } }),
      starterField('位置', 'Place', 'location'),
      starterField('下次跟进', 'Next', 'date'),
    ],
  },
  {
    key: 'task',
    name: { zh: '销售任务', en: 'Sales tasks' },
    task: { title: 0, due: 1, done: 2 },
    fields: [
      starterField('任务标题', 'Task', 'text', { required: true }),
      starterField('截止日期', 'Due', 'datetime', { config: { precision: 'day' } }),
      starterField('已完成', 'Done', 'switch'),
      starterField('备注', 'Notes', 'longText'),
    ],
  },
];

/** The design with a starter's fields at the end of its first section, and its settings where none are yet. */
export function withStarter(design: Design, starter: Starter, language: Language, uid = newUid): Design {
  const fields = { ...design.fields };
  const added: DesignField[] = starter.fields.map((field) => {
    const made = newField({ ...design, fields }, field.type, field.name[language], uid());
    const config = { ...made.config, ...field.config };
    if (field.options) config.options = asJson(addOptions([], field.options[language]));
    const done = { ...made, config, ...(field.required ? { rules: { required: true } } : {}) };
    fields[done.uid] = done;
    return done;
  });
  const [first, ...rest] = design.sections;
  if (!first) return design;
  const columns = first.columns;
  const wide = (type: FieldTypeName) => ['longText', 'attachment', 'image', 'address'].includes(type);
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
