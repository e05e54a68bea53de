import { describe, expect, test } from 'vitest';
import { field, form } from '../../../test/forms.js';
import { t } from '../../i18n/index.js';
import { fitsBeside, marksOf, numberText, slicesOf } from './marks.js';

const grade = field('select', 'grade', '分级', { config: { options: [{ id: 'A', label: '战略', color: 'red' }] } });
const shown = form('customer', '客户', [grade]);
const drill = (value: string | null) => ({ field: 'grade', op: 'eq' as const, value });

describe('marks', () => {
  test('say an option’s label, a reference’s name, a period and an empty group in words', () => {
    const items = [
      { groups: ['A'], metrics: { n: 3 } },
      { groups: [null], metrics: { n: 1 } },
    ];
    const options = { form: shown, dimension: grade.id, money: false, t };
    expect(
      marksOf(items, [drill('A'), drill(null)], options).map((mark) => [mark.label, mark.text, mark.drill]),
    ).toEqual([
      ['战略', '3', drill('A')],
      ['未填写', '1', drill(null)],
    ]);
    const months = [{ groups: ['2025-03-01'], metrics: { n: '585000.00' } }];
    expect(
      marksOf(months, [], { form: shown, dimension: 'createdAt', unit: 'month', money: true, t })[0],
    ).toMatchObject({
      label: '2025-03',
      text: '58.5 万元',
    });
    const people = [{ groups: [{ id: '1', label: '王芳' }], metrics: { n: 2 } }];
    expect(marksOf(people, [], { form: shown, dimension: 'owner', money: false, t })[0]?.label).toBe('王芳');
  });
});

test('a pie has at most eight slices; the rest is 其他 and opens all of their records', () => {
  const items = Array.from({ length: 11 }, (_, index) => ({ groups: [`来源${index}`], metrics: { n: 20 - index } }));
  const marks = marksOf(
    items,
    items.map((item) => drill(item.groups[0] ?? null)),
    { form: shown, dimension: 'source', money: false, t },
  );
  const slices = slicesOf(marks, false, t);
  expect(slices).toHaveLength(8);
  const others = slices[7];
  expect([others?.label, others?.value]).toEqual(['其他', 13 + 12 + 11 + 10]);
  expect(others?.drill).toEqual({ or: ['来源7', '来源8', '来源9', '来源10'].map(drill) });
  expect(slices.reduce((sum, slice) => sum + slice.value, 0)).toBe(marks.reduce((sum, mark) => sum + mark.value, 0));
});

test('numbers keep separators and lose empty fractions', () => {
  expect([
    numberText('1234567.00', false, t),
    numberText(0.333333, false, t),
    numberText(null, false, t),
    numberText('9999', true, t),
  ]).toEqual(['1,234,567', '0.33', '0', '9,999 元']);
});

test('a ring of amounts has its names below it (beside it 「转介绍」 was cut to one letter)', () => {
  expect(fitsBeside([{ label: '电话拓展', text: '677' }])).toBe(true);
  expect(fitsBeside([{ label: '转介绍', text: '1.25 亿元' }])).toBe(false);
});
