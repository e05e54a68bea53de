import { dashboardDefinition, type WidgetData } from '@lianke/shared/dashboards/definition';
import type { Language } from '@lianke/shared/errors/issue-text';
import { describe, expect, it } from 'vitest';
import { uuid7 } from '../../../kernel/ids/uuid7.js';
import type { FormMeta } from '../../forms/form-meta.js';
import { type Report, reportFacts, reportPicture } from './report-picture.js';

const formId = uuid7();
const money = { id: 'f1', key: 'amount', name: '金额', typeName: 'money', storage: 'numeric', config: {} };
const form = { id: formId, field: (ref: string) => (ref === 'amount' ? money : undefined) } as unknown as FormMeta;
const place = { x: 0, y: 0, w: 12, h: 6 };
const { widgets } = dashboardDefinition.parse({
  widgets: [
    { id: 'm1', formId, place, type: 'metric', title: '商机金额', measure: { fn: 'sum', field: 'amount' } },
    { id: 'm2', formId, place, type: 'metric', title: '回款', measure: { fn: 'count' } },
    {
      ...{ id: 'c1', formId, place: { ...place, y: 6 }, type: 'bar', title: '已付', measure: { fn: 'count' } },
      dimension: { field: 'paid' },
    },
    { id: 'l1', formId, place: { ...place, y: 12 }, type: 'list', title: '商机列表', columns: ['amount'] },
  ],
});
const data: WidgetData[] = [
  { id: 'm1', kind: 'value', value: '1780000' },
  {
    id: 'c1',
    kind: 'groups',
    items: [
      { groups: [true], metrics: { n: 3 } },
      { groups: [null], metrics: { n: 1 } },
    ],
    drill: [],
  },
  { id: 'l1', kind: 'rows', items: [], total: 0 },
];
const report = (language: Language): Report => ({
  ...{ title: '销售看板', subtitle: '2026-03-04 09:00', widgets, data, timeZone: 'Asia/Shanghai', language },
  formOf: () => form,
  fieldOf: (of, path) => of.field(path),
});
const texts = (language: Language): string[] => {
  const { drawing, height } = reportPicture(report(language));
  return [...drawing.svg(800, height).matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text ?? '');
};

describe('a report', () => {
  it.each([
    ['zh', ['178 万元', '没有数据', '是', '未填写', '没有符合条件的数据']],
    ['en', ['1.78M CNY', 'No data', 'Yes', 'Empty', 'Nothing matches']],
  ] as const)('is drawn in the language of its reader (%s)', (language, own) => {
    const drawn = texts(language);
    for (const text of own) expect(drawn).toContain(text);
    const other = texts(language === 'zh' ? 'en' : 'zh');
    for (const text of own) expect(other).not.toContain(text);
  });

  it('has its figures as lines of the card too', () => {
    expect(reportFacts(report('en'))).toEqual([{ label: '商机金额', value: '1.78M CNY' }]);
    expect(reportFacts(report('zh'))).toEqual([{ label: '商机金额', value: '178 万元' }]);
  });
});
