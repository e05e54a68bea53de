import type { EChartsOption } from 'echarts';
import type { ChartRow } from '../model/chart-rows.js';
import type { ChartWidget } from '../model/widgets.js';
import type { ChartColors } from './palette.js';

export interface ChartLook {
  colors: ChartColors;
  /** px of the drawing area. */
  width: number;
  height: number;
  /** A value with its unit: 「58 万元」. */
  say(value: number): string;
}

const fontFamily =
  "'PingFang SC', 'Microsoft YaHei', 'Noto Sans SC', 'Noto Sans CJK SC', 'Source Han Sans SC', system-ui, sans-serif";

/** px of a label at 12 px. */
function widthOf(text: string): number {
  let width = 0;
  for (const char of text) width += char.charCodeAt(0) > 0xff ? 12 : 7;
  return width;
}

function colorOf(row: ChartRow, index: number, type: ChartWidget['type'], colors: ChartColors): string {
  if (row.key === '__others') return colors.option('gray');
  if (row.color) return colors.option(row.color);
  // Bars of one measure are one colour: length already tells them apart.
  if (type === 'bar' || type === 'line') return colors.series[0] ?? '#1668dc';
  return colors.series[index % colors.series.length] ?? '#1668dc';
}

/** What ECharts draws for a widget: direct labels instead of legends, units on every figure. */
export function chartOption(type: ChartWidget['type'], rows: readonly ChartRow[], look: ChartLook): EChartsOption {
  const { colors } = look;
  const total = rows.reduce((sum, row) => sum + row.value, 0);
  const base: EChartsOption = {
    animationDuration: 300,
    textStyle: { fontFamily, color: colors.text },
    tooltip: {
      trigger: type === 'line' ? 'axis' : 'item',
      confine: true,
      backgroundColor: colors.raised,
      borderColor: colors.line,
      textStyle: { color: colors.text, fontSize: 13 },
      formatter: (raw: unknown) => {
        const item = (Array.isArray(raw) ? raw[0] : raw) as { dataIndex: number };
        const row = rows[item.dataIndex];
        return row ? `${escapeHtml(row.label)}\u3000${look.say(row.value)}` : '';
      },
    },
  };
  const data = rows.map((row, index) => ({
    name: row.label,
    value: row.value,
    itemStyle: { color: colorOf(row, index, type, colors) },
    cursor: row.drill ? 'pointer' : 'default',
  }));
  switch (type) {
    case 'pie':
      return { ...base, ...pie(data, total, look) };
    case 'funnel':
      return { ...base, series: funnel(data, rows, look) };
    case 'line':
      return { ...base, ...line(data, rows, look) };
    case 'bar':
      return { ...base, ...bars(data, rows, look) };
  }
}

/** Tooltips are HTML; labels are what people typed. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

type Marks = { name: string; value: number; itemStyle: { color: string }; cursor: string }[];

const percent = (part: number, whole: number): string =>
  whole > 0 ? `${Math.round((part / whole) * 1000) / 10}%` : '';

/** Below this width (px) labels beside a pie would be cut; they stand below it instead. */
const narrowPie = 340;

function pie(data: Marks, total: number, look: ChartLook): EChartsOption {
  const narrow = look.width < narrowPie;
  const lines = Math.ceil(data.length / 2);
  const radius = narrow
    ? Math.max(24, Math.min(look.width * 0.36, (look.height - lines * 22 - 12) / 2))
    : Math.min(look.height * 0.36, look.width * 0.22);
  const label = {
    color: look.colors.text,
    fontSize: 12,
    lineHeight: 17,
    overflow: 'truncate' as const,
    width: look.width / 2 - radius - 28,
    formatter: (item: { name: string; value?: unknown }) =>
      `${item.name}\n${look.say(Number(item.value))}\u3000${percent(Number(item.value), total)}`,
  };
  return {
    series: {
      type: 'pie',
      radius: [radius * 0.58, radius],
      center: ['50%', narrow ? radius + 6 : '50%'],
      data,
      itemStyle: { borderColor: look.colors.ground, borderWidth: 2 },
      label: narrow ? { show: false } : label,
      labelLine: { show: !narrow, length: 8, length2: 10, lineStyle: { color: look.colors.line } },
      minShowLabelAngle: 4,
    },
    ...(narrow
      ? {
          legend: {
            bottom: 0,
            left: 0,
            right: 0,
            selectedMode: false,
            itemWidth: 10,
            itemHeight: 10,
            itemGap: 6,
            textStyle: { color: look.colors.text, fontSize: 12, width: look.width / 2 - 34, overflow: 'truncate' },
            formatter: (name: string) =>
              `${name} ${percent(data.find((item) => item.name === name)?.value ?? 0, total)}`,
          },
        }
      : {}),
  };
}

function funnel(data: Marks, rows: readonly ChartRow[], look: ChartLook): NonNullable<EChartsOption['series']> {
  const first = rows[0]?.value ?? 0;
  const stacked = look.width < 480 && look.height / rows.length >= 36;
  const right = Math.min(190, look.width * 0.42);
  return {
    type: 'funnel',
    sort: 'none',
    left: 12,
    right,
    top: 8,
    bottom: 8,
    gap: 2,
    minSize: '12%',
    data,
    itemStyle: { borderWidth: 0 },
    labelLine: { length: 10, lineStyle: { color: look.colors.line } },
    label: {
      position: 'right',
      color: look.colors.text,
      fontSize: 12,
      lineHeight: 17,
      overflow: 'truncate',
      width: right - 24,
      formatter: (item: { name: string; value?: unknown }) =>
        `${item.name}${stacked ? '\n' : '\u3000'}${look.say(Number(item.value))}\u3000${percent(Number(item.value), first)}`,
    },
  } as NonNullable<EChartsOption['series']>;
}

const axisLook = (look: ChartLook) => ({
  axisLine: { lineStyle: { color: look.colors.line } },
  axisTick: { show: false },
  axisLabel: { color: look.colors.faint, fontSize: 12 },
  splitLine: { lineStyle: { color: look.colors.line, type: 'dashed' as const } },
});

function line(data: Marks, rows: readonly ChartRow[], look: ChartLook): EChartsOption {
  const axis = axisLook(look);
  const labelled = look.width / Math.max(rows.length, 1) > 56;
  return {
    grid: { left: 8, right: 24, top: 28, bottom: 4, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    xAxis: { type: 'category', data: rows.map((row) => row.label), boundaryGap: false, triggerEvent: true, ...axis },
    yAxis: {
      type: 'value',
      ...axis,
      axisLine: { show: false },
      axisLabel: { ...axis.axisLabel, formatter: (value: number) => look.say(value) },
      minInterval: 1,
      splitNumber: Math.max(2, Math.min(5, Math.round(look.height / 70))),
    },
    series: [
      {
        type: 'line',
        data,
        symbol: 'circle',
        symbolSize: 7,
        lineStyle: { color: look.colors.series[0] ?? '', width: 2.5 },
        areaStyle: { color: look.colors.series[0] ?? '', opacity: 0.08 },
        label: {
          show: labelled,
          position: 'top',
          color: look.colors.text,
          fontSize: 12,
          formatter: (item: { value?: unknown }) => look.say(Number(item.value)),
        },
      },
    ],
  };
}

/** Upright while every label has room below its bar, lying otherwise: no label is turned or dropped. */
function bars(data: Marks, rows: readonly ChartRow[], look: ChartLook): EChartsOption {
  const axis = axisLook(look);
  const widest = Math.max(0, ...rows.map((row) => widthOf(row.label)));
  const figure = Math.max(0, ...rows.map((row) => widthOf(look.say(row.value))));
  const upright = Math.max(widest, figure) + 10 <= (look.width - 24) / Math.max(rows.length, 1);
  const label = {
    show: true,
    color: look.colors.text,
    fontSize: 12,
    formatter: (item: { value?: unknown }) => look.say(Number(item.value)),
  };
  const category = {
    type: 'category' as const,
    data: rows.map((row) => row.label),
    triggerEvent: true,
    ...axis,
    axisLabel: { ...axis.axisLabel, color: look.colors.text, interval: 0 },
  };
  const value = { type: 'value' as const, ...axis, axisLabel: { show: false }, splitLine: { show: false } };
  const grid = {
    left: 8,
    right: 12,
    top: 24,
    bottom: 4,
    outerBoundsMode: 'same',
    outerBoundsContain: 'axisLabel',
  } as const;
  if (upright) {
    return {
      grid,
      xAxis: category,
      yAxis: { ...value, axisLine: { show: false } },
      series: [
        {
          type: 'bar',
          data: data.map((item) => ({ ...item, itemStyle: { ...item.itemStyle, borderRadius: [3, 3, 0, 0] } })),
          barMaxWidth: 48,
          label: { ...label, position: 'top' },
        },
      ],
    };
  }
  return {
    grid: { ...grid, top: 4, right: figure + 16 },
    xAxis: { ...value, axisLine: { show: false } },
    yAxis: {
      ...category,
      inverse: true,
      axisLabel: { ...category.axisLabel, width: Math.min(widest, look.width * 0.3), overflow: 'truncate' },
    },
    series: [
      {
        type: 'bar',
        data: data.map((item) => ({ ...item, itemStyle: { ...item.itemStyle, borderRadius: [0, 3, 3, 0] } })),
        barMaxWidth: 22,
        label: { ...label, position: 'right' },
      },
    ],
  };
}
