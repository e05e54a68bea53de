import { Chart, Interval } from '@antv/f2';
import { View } from '@tarojs/components';
import { useMemo } from 'react';
import { draw } from './draw.js';
import { F2Chart } from './f2-canvas.js';
import { colorOf, type Mark } from './marks.js';

const rowHeight = 40;

interface Props {
  id: string;
  marks: readonly Mark[];
  /** Bands centred under one another, one colour each. */
  funnel?: boolean;
  onTap(mark: Mark): void;
}

/** Lying bars or a funnel with its words and numbers beside each band; each band opens its records. */
export function Bars({ id, marks, funnel = false, onTap }: Props) {
  const node = useMemo(() => {
    // F2 draws the first value at the bottom of a lying axis.
    const data = [...marks].reverse().map((mark) => ({ name: mark.key, value: mark.value }));
    const colors = marks.map((_, index) => colorOf(index)).reverse();
    return draw(
      Chart,
      {
        data,
        coord: { type: 'rect', transposed: true },
        scale: {
          value: { min: 0, max: Math.max(...data.map((item) => item.value)) },
          name: { range: [0.5 / marks.length, 1 - 0.5 / marks.length] },
        },
        style: { padding: 0 },
      },
      funnel
        ? draw(Interval, {
            x: 'name',
            y: 'value',
            adjust: 'symmetric',
            shape: 'funnel',
            color: { field: 'name', range: colors },
          })
        : draw(Interval, { x: 'name', y: 'value', color: colorOf(0), sizeRatio: 0.5 }),
    );
  }, [marks, funnel]);
  return (
    <View className="bars">
      <View className="bars__canvas">
        <F2Chart id={id} height={marks.length * rowHeight} node={node} />
      </View>
      <View className="bars__rows">
        {marks.map((mark) => (
          <View key={mark.key} className="bars__row" style={{ height: `${rowHeight}Px` }} onClick={() => onTap(mark)}>
            <View className="bars__label ellipsis">{mark.label}</View>
            <View className="bars__value num">{mark.text}</View>
          </View>
        ))}
      </View>
    </View>
  );
}
