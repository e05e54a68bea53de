import type { Language } from '../../i18n/index.js';
import { type Design, newUid } from './design.js';
import { type Starter, starterField, withStarter } from './starters.js';

/** Fields that stand together on many forms. */
export const fieldGroups: readonly Starter[] = [
  {
    key: 'contact',
    name: { zh: '联系方式', en: 'Contact' },
    fields: [
      starterField('联系人', 'Contact person', 'text'),
      starterField('联系电话', 'Phone', 'phone'),
      starterField('邮箱', 'Mail', 'email'),
      starterField('微信号', 'WeChat', 'text'),
    ],
  },
  {
    key: 'address',
    name: { zh: '地址', en: 'Address' },
    fields: [
      starterField('地址', 'Address', 'address'),
      starterField('定位', 'Place on the map', 'location'),
      starterField('邮编', 'Postcode', 'text'),
    ],
  },
  {
    key: 'visit',
    name: { zh: '拜访', en: 'Visit' },
    fields: [
      starterField('拜访时间', 'Time', 'datetime'),
      starterField('拜访方式', 'By', 'select', {
        options: { zh: ['上门', '电话', '微信', '视频'], en: ['In person', 'Phone', 'Chat', 'Video'] },
      }),
      starterField('拜访内容', 'What was said', 'longText'),
      starterField('现场照片', 'Photos', 'image'),
      starterField('拜访位置', 'Place', 'location'),
      starterField('下次拜访', 'Next visit', 'date'),
    ],
  },
];

/** The design with a group's fields in a new section at the end; `section` is its uid. */
export function withGroup(
  design: Design,
  group: Starter,
  language: Language,
  uid = newUid,
): { design: Design; section: string } {
  const section = uid();
  const alone: Design = {
    ...design,
    sections: [{ uid: section, title: group.name[language], columns: 2, items: [] }],
  };
  const filled = withStarter(alone, group, language, uid);
  return { design: { ...filled, sections: [...design.sections, ...filled.sections] }, section };
}
