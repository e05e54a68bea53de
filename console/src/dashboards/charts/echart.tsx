import { BarChart, FunnelChart, LineChart, PieChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { type EChartsType, init, use } from 'echarts/core';
import { LabelLayout } from 'echarts/features';
// SVG: marks and labels are elements that screen readers and tests can find, and stay sharp at every zoom.
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef, useState } from 'react';
import type { ChartRow } from '../model/chart-rows.js';
import type { ChartWidget } from '../model/widgets.js';
import { chartOption } from './option.js';
import type { ChartColors } from './palette.js';

use([
  BarChart,
  FunnelChart,
  LineChart,
  PieChart,
  GridComponent,
  LegendComponent,
  TooltipComponent,
  LabelLayout,
  SVGRenderer,
]);

interface Props {
  type: ChartWidget['type'];
  rows: readonly ChartRow[];
  colors: ChartColors;
  say: (value: number) => string;
  label: string;
  onPick: (row: ChartRow) => void;
}

/** What a click event of ECharts tells: a mark by its index, or an axis label by its text. */
interface Click {
  componentType?: string;
  dataIndex?: number;
  value?: unknown;
}

/** Draws one chart and follows the size of its box. */
export function EChart({ type, rows, colors, say, label, onPick }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType>(undefined);
  const [size, setSize] = useState<{ width: number; height: number }>();
  const pick = useRef<(click: Click) => void>(() => undefined);
  pick.current = (click) => {
    const row =
      click.componentType === 'series' ? rows[click.dataIndex ?? -1] : rows.find((item) => item.label === click.value);
    if (row?.drill) onPick(row);
  };

  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const made = init(element, null, { renderer: 'svg' });
    chart.current = made;
    made.on('click', (click) => pick.current(click as Click));
    const observer = new ResizeObserver(() => {
      const { clientWidth: width, clientHeight: height } = element;
      if (width > 0 && height > 0) setSize({ width, height });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.dispose();
      chart.current = undefined;
    };
  }, []);

  useEffect(() => {
    if (!size || !chart.current) return;
    chart.current.resize(size);
    chart.current.setOption(chartOption(type, rows, { colors, say, ...size }), true);
  }, [type, rows, colors, say, size]);

  return <div ref={box} role="img" aria-label={label} style={{ width: '100%', height: '100%' }} />;
}
