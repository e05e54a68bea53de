import {
  BarChartOutlined,
  FilterOutlined,
  LineChartOutlined,
  NumberOutlined,
  PieChartOutlined,
  TableOutlined,
} from '@ant-design/icons';
import type { WidgetType } from '@lianke/shared/dashboards/definition';
import type { ReactNode } from 'react';

const icons: Record<WidgetType, { icon: ReactNode; tint: string }> = {
  pie: { icon: <PieChartOutlined />, tint: 'blue' },
  bar: { icon: <BarChartOutlined />, tint: 'cyan' },
  line: { icon: <LineChartOutlined />, tint: 'green' },
  funnel: { icon: <FilterOutlined />, tint: 'purple' },
  metric: { icon: <NumberOutlined />, tint: 'gold' },
  list: { icon: <TableOutlined />, tint: 'gray' },
};

/** The mark by which a kind of component is told. */
export function WidgetIcon({ type }: { type: WidgetType }) {
  const { icon, tint } = icons[type];
  return (
    <span
      aria-hidden
      style={{
        display: 'inline-grid',
        flex: 'none',
        placeItems: 'center',
        width: 24,
        height: 24,
        borderRadius: 6,
        background: `var(--tint-${tint})`,
        color: `var(--tint-${tint}-text)`,
      }}
    >
      {icon}
    </span>
  );
}
