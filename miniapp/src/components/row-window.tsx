import { View } from '@tarojs/components';
import { type ReactNode, useEffect, useState } from 'react';
import { watchNear } from '../platform/near.js';

/** So many rows come and go together. */
const together = 30;
let made = 0;

/** A long list of which only what is near to the screen is drawn; the rest keeps its height. */
export function RowWindow<Item>({ items, row }: { items: readonly Item[]; row(item: Item): ReactNode }) {
  const count = Math.ceil(items.length / together);
  if (count <= 1) return <>{items.map(row)}</>;
  return (
    <>
      {Array.from({ length: count }, (_, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a part of the list is its place in it
        <Part key={at}>{() => items.slice(at * together, (at + 1) * together).map(row)}</Part>
      ))}
    </>
  );
}

function Part({ children }: { children(): ReactNode }) {
  const [id] = useState(() => `rows-${++made}`);
  /** Of the rows that are not drawn. */
  const [height, setHeight] = useState<number>();
  useEffect(() => watchNear(id, (near, now) => setHeight(near ? undefined : now)), [id]);
  const away = height !== undefined;
  return (
    <View id={id} className="rows-part" style={away ? { height: `${height}px` } : {}}>
      {away ? null : children()}
    </View>
  );
}
