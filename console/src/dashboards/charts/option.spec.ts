import { describe, expect, it } from 'vitest';
import type { ChartRow } from '../model/chart-rows.js';
import { type ChartLook, chartOption } from './option.js';
import { chartColors } from './palette.js';

const look = (width: number, height = 300): ChartLook => ({
  colors: chartColors(false),
  width,
  height,
  say: (value) => `${value} 家`,
});
const rows = (...labels: string[]): ChartRow[] =>
  labels.map((label, index) => ({ key: label, label, value: labels.length - index }));
const axisType = (axis: unknown) => (axis as { type: string }).type;

describe('chartOption', () => {
  it('lays bars down where their labels have no room side by side', () => {
    const few = chartOption('bar', rows('王芳', '李伟'), look(500));
    expect([axisType(few.xAxis), axisType(few.yAxis)]).toEqual(['category', 'value']);
    const long = chartOption('bar', rows('南京长江电子信息产业集团', '苏州禾木精密机械有限公司'), look(300));
    expect([axisType(long.xAxis), axisType(long.yAxis)]).toEqual(['value', 'category']);
  });

  it('puts a pie’s labels below it in a narrow place', () => {
    expect(chartOption('pie', rows('官网', '展会'), look(500)).legend).toBeUndefined();
    expect(chartOption('pie', rows('官网', '展会'), look(300)).legend).toMatchObject({ selectedMode: false });
  });

  it('colours a mark by its option, the rest of a pie grey', () => {
    const marks: ChartRow[] = [
      { key: 's1', label: '赢单', value: 2, color: 'green' },
      { key: '__others', label: '其他', value: 1 },
    ];
    const { series } = chartOption('pie', marks, look(500)) as unknown as {
      series: { data: { itemStyle: { color: string } }[] };
    };
    const colors = chartColors(false);
    expect(series.data.map((item) => item.itemStyle.color)).toEqual([colors.option('green'), colors.option('gray')]);
  });

  it('shows what people typed as text, never as HTML', () => {
    const { tooltip } = chartOption('bar', rows('<img src=x>'), look(500)) as unknown as {
      tooltip: { formatter: (item: { dataIndex: number }) => string };
    };
    expect(tooltip.formatter({ dataIndex: 0 })).toBe('&#60;img src=x&#62;　1 家');
    expect(tooltip.formatter({ dataIndex: 7 })).toBe('');
  });
});
