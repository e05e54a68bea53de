import { type CollisionDetection, pointerWithin, rectIntersection } from '@dnd-kit/core';

/** What lies under the pointer takes the card; moved by the keyboard, what the card covers most. */
export const underPointer: CollisionDetection = (args) =>
  args.pointerCoordinates ? pointerWithin(args) : rectIntersection(args);
