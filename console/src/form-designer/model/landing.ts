/** Where something stands on screen, in pixels; `wide` takes a whole row of its section. */
export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
  wide: boolean;
}

/** Before which of the boxes (in reading order) a thing dropped at this point lands; their count means after the last. */
export function landingIndex(boxes: readonly Box[], x: number, y: number): number {
  for (const [index, box] of boxes.entries()) {
    if (y < box.top) return index;
    if (y > box.bottom) continue;
    if (box.wide ? y < (box.top + box.bottom) / 2 : x < (box.left + box.right) / 2) return index;
  }
  return boxes.length;
}

/** The box nearest to a height: the one that holds it, else the closest edge. */
export function nearestBox(boxes: readonly Pick<Box, 'top' | 'bottom'>[], y: number): number {
  let best = -1;
  let least = Number.POSITIVE_INFINITY;
  for (const [index, box] of boxes.entries()) {
    const away = y < box.top ? box.top - y : y > box.bottom ? y - box.bottom : 0;
    if (away < least) {
      least = away;
      best = index;
    }
  }
  return best;
}
