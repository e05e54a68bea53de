import { createStore } from './store.js';

interface Notice {
  text: string;
  action: string | null;
  onAction: (() => void) | null;
}

export const notice = createStore<Notice>({ text: '', action: null, onAction: null });
const shownFor = 5000;
let timer: ReturnType<typeof setTimeout> | undefined;

export function hideNotice(): void {
  clearTimeout(timer);
  notice.set({ text: '', action: null, onAction: null });
}

/** One line at the bottom for five seconds, with an action such as 撤销. It outlives a change of page. */
export function showNotice(text: string, action?: { text: string; run(): void }): void {
  clearTimeout(timer);
  notice.set({ text, action: action?.text ?? null, onAction: action?.run ?? null });
  timer = setTimeout(hideNotice, shownFor);
}
