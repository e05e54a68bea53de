import { Area, Axis, Chart, Line, Point } from '@antv/f2';
import { View } from '@tarojs/components';
import { useMemo } from 'react';
import { draw } from './draw.js';
import { F2Chart } from './f2-canvas.js';
import { axisColour, colorOf, type Mark } from './marks.js';

const height = 180;
const fullHeight = 320;
/** Beyond this many points their numbers would touch each other. */
const labelsUpTo = 8;

interface Props {
  id: string;
  marks: readonly Mark[];
  /** The screen is its own: higher, and every number again in a list under it. */
  full?: boolean;
  onTap(mark: Mark): void;
}

/** A line over time with its numbers above the points; each column opens its records. */
export function LineChart({ id, marks, full = false, onTap }: Props) {
  const node = useMemo(() => {
    const data = marks.map((mark) => ({ name: mark.label, value: mark.value }));
    return draw(
      Chart,
      {
        data,
        scale: {
          name: { type: 'cat', range: [0.5 / marks.length, 1 - 0.5 / marks.length], tickCount: 4 },
          value: { min: 0, nice: true, tickCount: 4 },
        },
        style: { padding: ['44px', 0, 0, 0] },
      },
      draw(Axis, {
        field: 'name',
        style: { label: { fontSize: '22px', fill: '#8f959e' }, line: { stroke: axisColour() } },
      }),
      draw(Area, { x: 'name', y: 'value', color: colorOf(0), style: { field: 'name', fillOpacity: 0.12 } }),
      draw(Line, { x: 'name', y: 'value', color: colorOf(0), size: '4px' }),
      draw(Point, { x: 'name', y: 'value', color: colorOf(0), size: '6px' }),
    );
  }, [marks]);
  const chart = (
    <View className="line-chart">
      <F2Chart id={id} height={full ? fullHeight : height} node={node} />
      <View className="line-chart__cols">
        {marks.map((mark) => (
          <View key={mark.key} className="line-chart__col" onClick={() => onTap(mark)}>
            {marks.length <= labelsUpTo ? <View className="line-chart__value num">{mark.text}</View> : null}
          </View>
        ))}
      </View>
    </View>
  );
  if (!full) return chart;
  return (
    <View>
      {chart}
      {[...marks].reverse().map((mark) => (
        <View key={mark.key} className="pie__line" hoverClass="is-pressed" onClick={() => onTap(mark)}>
          <View className="pie__label ellipsis">{mark.label}</View>
          <View className="num">{mark.text}</View>
        </View>
      ))}
    </View>
  );
}
