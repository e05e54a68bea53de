import { useSyncExternalStore } from 'react';

const openKey = 'lianke.demo.open';

/** Whether 演示手机 stands open, and how much is unread on all phones. */
interface DrawerState {
  open: boolean;
  unread: number;
}

let state: DrawerState = { open: wasOpen(), unread: 0 };
const listeners = new Set<() => void>();

function wasOpen(): boolean {
  try {
    return sessionStorage.getItem(openKey) === '1';
  } catch {
    return false;
  }
}

function set(next: Partial<DrawerState>): void {
  state = { ...state, ...next };
  for (const listener of listeners) listener();
}

/** Opens or closes the drawer, on the next page too. */
export function showDrawer(open: boolean): void {
  set({ open });
  try {
    sessionStorage.setItem(openKey, open ? '1' : '0');
  } catch {
    // Without storage the drawer begins closed on the next page.
  }
}

/** Notes how much is unread. */
export function noteUnread(unread: number): void {
  set({ unread });
}

/** The drawer's state, shared by the drawer and the buttons that open it. */
export function useDrawerState(): DrawerState {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => state,
  );
}
