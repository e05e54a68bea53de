import { Chart, Interval } from '@antv/f2';
import { View } from '@tarojs/components';
import { useMemo } from 'react';
import { draw } from './draw.js';
import { F2Chart } from './f2-canvas.js';
import { colorOf, fitsBeside, type Mark } from './marks.js';

const size = 132;
const fullSize = 240;

function shareText(value: number, total: number): string {
  if (total <= 0) return '';
  const percent = Math.round((value / total) * 100);
  return percent === 0 ? '<1%' : `${percent}%`;
}

interface Props {
  id: string;
  marks: readonly Mark[];
  /** The screen is its own: a larger ring above its words. */
  full?: boolean;
  onTap(mark: Mark): void;
}

/** A ring with its slices in words on the right, below it where they need the width; each line opens its records. */
export function PieChart({ id, marks, full = false, onTap }: Props) {
  const total = marks.reduce((sum, mark) => sum + mark.value, 0);
  const node = useMemo(() => {
    const data = marks.map((mark) => ({ name: mark.key, share: 'all', value: mark.value }));
    return draw(
      Chart,
      { data, coord: { type: 'polar', transposed: true, innerRadius: 0.58, radius: 1 }, style: { padding: 0 } },
      draw(Interval, {
        x: 'share',
        y: 'value',
        adjust: 'stack',
        color: { field: 'name', range: marks.map((_, index) => colorOf(index)) },
      }),
    );
  }, [marks]);
  return (
    <View className={full || !fitsBeside(marks) ? 'pie pie--stacked' : 'pie'}>
      <View className="pie__ring" style={{ width: `${full ? fullSize : size}Px` }}>
        <F2Chart id={id} height={full ? fullSize : size} node={node} />
      </View>
      <View className="pie__legend">
        {marks.map((mark, index) => (
          <View key={mark.key} className="pie__line" hoverClass="is-pressed" onClick={() => onTap(mark)}>
            <View className="pie__dot" style={{ background: colorOf(index) }} />
            <View className="pie__label ellipsis">{mark.label}</View>
            <View className="num">{mark.text}</View>
            <View className="pie__share num">{shareText(mark.value, total)}</View>
          </View>
        ))}
      </View>
    </View>
  );
}
