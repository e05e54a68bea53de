/** Where something stands on screen, in pixels; `wide` takes a whole row of its section. */
export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
  wide: boolean;
}

export interface Landing {
  /** Before which of the boxes (in reading order) a thing dropped here lands; their count means after the last. */
  index: number;
  /** The pointer is behind the box before that place, in its row: the line is drawn there rather than a row below. */
  after: boolean;
}

/** Where a thing dropped at this point lands among the boxes. */
export function landingAt(boxes: readonly Box[], x: number, y: number): Landing {
  let after = false;
  for (const [index, box] of boxes.entries()) {
    if (y < box.top) return { index, after };
    after = false;
    if (y > box.bottom) continue;
    if (box.wide ? y < (box.top + box.bottom) / 2 : x < (box.left + box.right) / 2) return { index, after: false };
    after = true;
  }
  return { index: boxes.length, after: boxes.length > 0 };
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
