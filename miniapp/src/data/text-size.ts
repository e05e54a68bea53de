import { readStored, writeStored } from '../platform/storage.js';
import { createStore, useStore } from '../store/store.js';

export const textSizes = ['usual', 'large', 'huge'] as const;
export type TextSize = (typeof textSizes)[number];

const key = 'display.textSize';
const store = createStore<{ size: TextSize }>({ size: readStored<TextSize>(key) ?? 'usual' });

/** How large words are on this phone; the pages that are open follow a change at once. */
export function useTextSize(): TextSize {
  return useStore(store).size;
}

export function setTextSize(size: TextSize): void {
  writeStored(key, size);
  store.set({ size });
}
