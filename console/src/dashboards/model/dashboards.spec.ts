import type { DashboardDefinition, Widget } from '@lianke/shared/dashboards/definition';
import { dashboardDefinition } from '@lianke/shared/dashboards/definition';
import type { FormId } from '@lianke/shared/ids';
import { describe, expect, it } from 'vitest';
import { customers, ids, tasks } from '../../flows/model/fixtures.js';
import { type ChartRow, chartRows, drillPath, type RowWords, withOthers } from './chart-rows.js';
import { figureOf, styleOf } from './figures.js';
import { compacted, freePlace } from './grid.js';
import {
  addWidget,
  asType,
  type ChartWidget,
  copyWidget,
  nudge,
  onForm,
  removeWidget,
  widgetTypes,
} from './widgets.js';

const words: RowWords = {
  blank: '未填写',
  others: '其他',
  yes: '是',
  no: '否',
  quarter: (year, quarter) => `${year} 年第 ${quarter} 季度`,
  week: (date) => `${date} 起`,
};
const empty: DashboardDefinition = { widgets: [] };
const apart = (widgets: readonly Widget[]) =>
  widgets.every((a, index) =>
    widgets
      .slice(index + 1)
      .every(
        (b) =>
          a.place.x >= b.place.x + b.place.w ||
          b.place.x >= a.place.x + a.place.w ||
          a.place.y >= b.place.y + b.place.h ||
          b.place.y >= a.place.y + a.place.h,
      ),
  );
const all = () => widgetTypes.reduce((def, type) => addWidget(def, type, customers).def, empty as DashboardDefinition);

describe('components on the grid', () => {
  it('finds each new component a free place and a set-up that the contract accepts', () => {
    const def = all();
    expect(def.widgets).toHaveLength(6);
    expect(apart(def.widgets)).toBe(true);
    expect(dashboardDefinition.safeParse(def).success).toBe(true);
    expect(compacted(def)).toBe(def);
  });

  it('puts two small ones beside each other', () => {
    const one = addWidget(empty, 'metric', customers).def;
    expect(freePlace(one.widgets, 6, 4)).toEqual({ x: 6, y: 0, w: 6, h: 4 });
  });

  it('moves up what stood below a removed one', () => {
    const def = compacted({
      widgets: [
        { ...(all().widgets[0] as Widget), id: 'a', place: { x: 0, y: 0, w: 24, h: 4 } },
        { ...(all().widgets[1] as Widget), id: 'b', place: { x: 0, y: 4, w: 24, h: 4 } },
      ],
    });
    expect(removeWidget(def, 'a').widgets[0]?.place.y).toBe(0);
  });

  it('copies under a new id and never leaves the page by keys', () => {
    const one = addWidget(empty, 'pie', customers);
    const two = copyWidget(one.def, one.id);
    expect(two.id).not.toBe(one.id);
    expect(apart(two.def.widgets)).toBe(true);
    expect(nudge(one.def, one.id, { x: -3 })).toBe(one.def);
    expect(nudge(one.def, one.id, { y: 1 })).toBe(one.def);
    expect(nudge(one.def, one.id, { w: 40 }).widgets[0]?.place).toMatchObject({ x: 0, w: 24 });
  });
});

describe('nudge', () => {
  it('changes places with the neighbour below and above', () => {
    const place = (id: string, y: number, h: number) => ({
      ...(all().widgets[0] as Widget),
      id,
      place: { x: 0, y, w: 24, h },
    });
    const def: DashboardDefinition = { widgets: [place('a', 0, 3), place('b', 3, 5)] };
    const tops = (next: DashboardDefinition) => next.widgets.map((widget) => [widget.id, widget.place.y]);
    const down = nudge(def, 'a', { y: 1 });
    expect(tops(down)).toEqual([
      ['a', 5],
      ['b', 0],
    ]);
    expect(tops(nudge(down, 'a', { y: -1 }))).toEqual([
      ['a', 0],
      ['b', 3],
    ]);
  });
});

describe('asType and onForm', () => {
  it('keeps dimension, measure, filter and title between charts', () => {
    const { def } = addWidget(empty, 'pie', customers);
    const pie = { ...(def.widgets[0] as ChartWidget), title: '来源', filter: { and: [] } };
    expect(asType(pie, 'bar', customers)).toEqual({ ...pie, type: 'bar' });
  });

  it('begins anew on another form', () => {
    const { def } = addWidget(empty, 'list', customers);
    const moved = onForm(def.widgets[0] as Widget, tasks);
    expect(moved).toMatchObject({ formId: ids.tasks, columns: [ids.title, ids.customer, ids.due, ids.done, 'owner'] });
  });
});

const chart = (type: ChartWidget['type'], more: Partial<ChartWidget> = {}): ChartWidget => ({
  id: 'w1',
  title: '',
  formId: '00000000-0000-7000-8000-000000000001' as FormId,
  place: { x: 0, y: 0, w: 8, h: 8 },
  type,
  dimension: { field: ids.grade },
  measure: { fn: 'count' },
  limit: 20,
  ...more,
});
const groups = (pairs: [string | null | { id: string; label: string }, number | string][]) => ({
  id: 'w1',
  kind: 'groups' as const,
  items: pairs.map(([group, value]) => ({ groups: [group], metrics: { value } })),
  drill: pairs.map(([group]) => ({ field: ids.grade, op: 'eq' as const, value: String(group) })),
});
const stages = {
  key: 'stage',
  name: '阶段',
  type: 'select' as const,
  config: {
    options: [
      { id: 's1', label: '初步接洽', color: 'blue' },
      { id: 's2', label: '赢单', color: 'green' },
    ],
  },
};
const labels = (rows: ChartRow[]) => rows.map((row) => row.label);

describe('chartRows', () => {
  it('sorts bars by size and labels options, members and blanks', () => {
    const rows = chartRows(
      chart('bar'),
      groups([
        ['s1', 2],
        [null, 9],
        ['s2', 5],
      ]),
      stages,
      words,
    );
    expect(labels(rows)).toEqual(['未填写', '赢单', '初步接洽']);
    expect(rows[1]).toMatchObject({ color: 'green', value: 5 });
    const people = chartRows(chart('bar'), groups([[{ id: 'm1', label: '王芳' }, '3.5']]), undefined, words);
    expect(people[0]).toMatchObject({ label: '王芳', value: 3.5 });
  });

  it('keeps a funnel in the order of its stages', () => {
    const rows = chartRows(
      chart('funnel'),
      groups([
        ['s2', 9],
        ['s1', 2],
      ]),
      stages,
      words,
    );
    expect(labels(rows)).toEqual(['初步接洽', '赢单']);
  });

  it('keeps each drill with its own mark after sorting', () => {
    const rows = chartRows(
      chart('bar'),
      groups([
        ['s1', 1],
        ['s2', 2],
      ]),
      stages,
      words,
    );
    expect(rows.map((row) => row.drill)).toEqual([
      { field: ids.grade, op: 'eq', value: 's2' },
      { field: ids.grade, op: 'eq', value: 's1' },
    ]);
  });

  it('fills the months without rows of a line', () => {
    const line = chart('line', { dimension: { field: 'createdAt', unit: 'month' } });
    const rows = chartRows(
      line,
      groups([
        ['2025-01-01', 3],
        ['2024-11-01', 1],
      ]),
      undefined,
      words,
    );
    expect(rows.map((row) => [row.label, row.value])).toEqual([
      ['2024-11', 1],
      ['2024-12', 0],
      ['2025-01', 3],
    ]);
    const average = chartRows(
      { ...line, measure: { fn: 'avg', field: 'x' } },
      groups([
        ['2025-01-01', 3],
        ['2024-11-01', 1],
      ]),
      undefined,
      words,
    );
    expect(average).toHaveLength(2);
  });

  it('says quarters by their number', () => {
    const line = chart('line', { dimension: { field: 'createdAt', unit: 'quarter' } });
    expect(labels(chartRows(line, groups([['2025-10-01', 1]]), undefined, words))).toEqual(['2025 年第 4 季度']);
  });
});

describe('withOthers', () => {
  it('keeps eight slices as they are and folds more into 其他, which opens all of them', () => {
    const row = (index: number): ChartRow => ({
      key: String(index),
      label: String(index),
      value: 10 - index,
      drill: { field: 'f', op: 'eq', value: index },
    });
    const eight = Array.from({ length: 8 }, (_, index) => row(index));
    expect(withOthers(eight, '其他')).toBe(eight);
    const folded = withOthers([...eight, row(8)], '其他');
    expect(folded).toHaveLength(8);
    expect(folded.at(-1)).toMatchObject({
      label: '其他',
      value: 5,
      drill: {
        or: [
          { field: 'f', op: 'eq', value: 7 },
          { field: 'f', op: 'eq', value: 8 },
        ],
      },
    });
  });
});

describe('figures', () => {
  const money = { money: true, decimals: 2 };
  it.each([
    [3979, { money: false, decimals: 0 }, '3,979', ''],
    [9999.5, money, '9,999.5', 'yuan'],
    [580000, money, '58', 'wan'],
    [58312345.5, money, '5,831.23', 'wan'],
    [125000000, money, '1.25', 'yi'],
    [-20000, money, '-2', 'wan'],
    [0, money, '0', 'yuan'],
  ])('says %s', (value, style, number, unit) => {
    expect(figureOf(value, style)).toEqual({ number, unit });
  });

  it('counts are whole numbers whatever the field', () => {
    const field = { key: 'x', name: 'x', type: 'money' as const, config: {} };
    expect(styleOf('count', field)).toEqual({ money: false, decimals: 0 });
    expect(styleOf('sum', field)).toEqual({ money: true, decimals: 2 });
  });
});

describe('drillPath', () => {
  it('carries the filter in the address', () => {
    expect(drillPath('a', 'f', { field: 'x', op: 'eq', value: '展会' })).toBe(
      `/apps/a/forms/f?filter=${encodeURIComponent('{"field":"x","op":"eq","value":"展会"}')}`,
    );
    expect(drillPath('a', 'f', undefined)).toBe('/apps/a/forms/f');
  });
});
