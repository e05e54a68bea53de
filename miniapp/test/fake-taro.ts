import { vi } from 'vitest';

export const stored = new Map<string, unknown>();

/** Parameters of the page that a test draws. */
export const pageParams: Record<string, string> = {};

const atBottom: { listener?: () => void } = {};
/** Scrolls the drawn page to its end. */
export const reachBottom = (): void => atBottom.listener?.();

// Without hooks of React: tests that load modules anew have another React than this file would.
const shows = new Set<() => void>();
/** Brings the drawn page to the front, as when somebody comes back to it. */
export const showPage = (): void => {
  for (const show of [...shows]) show();
};
/** The drawn page is gone. */
export const closePage = (): void => shows.clear();

interface FileCall {
  success?(): void;
  fail?(error: unknown): void;
}
/** The phone's files; all of them are there. */
export const fileSystem = {
  access: vi.fn(({ success }: FileCall) => success?.()),
  removeSavedFile: vi.fn(),
};

/** The part of Taro that modules without components call. */
export const taro = {
  getStorageSync: (key: string) => stored.get(key) ?? '',
  setStorageSync: (key: string, value: unknown) => void stored.set(key, value),
  removeStorageSync: (key: string) => void stored.delete(key),
  getStorageInfoSync: () => ({ keys: [...stored.keys()] }),
  request: vi.fn(),
  getLocation: vi.fn(),
  getSystemInfoSync: () => ({ pixelRatio: 2, theme: 'light' }),
  openLocation: vi.fn(),
  uploadFile: vi.fn(),
  downloadFile: vi.fn(),
  previewImage: vi.fn(async () => undefined),
  openDocument: vi.fn(async () => undefined),
  canIUse: vi.fn(() => false),
  chooseImage: vi.fn(),
  saveFile: vi.fn(async ({ tempFilePath }: { tempFilePath: string }) => ({
    savedFilePath: tempFilePath.replace('tmp', 'usr'),
  })),
  getFileSystemManager: () => fileSystem,
  getCurrentInstance: () => ({ router: { path: '/pages/login/index' } }),
  getCurrentPages: (): { path: string }[] => [],
  eventCenter: { on: vi.fn<(event: string, listener: () => void) => void>() },
  getLaunchOptionsSync: () => ({ query: {} }),
  reLaunch: vi.fn(),
  switchTab: vi.fn(),
  navigateBack: vi.fn(),
  navigateTo: vi.fn(),
  makePhoneCall: vi.fn(async () => undefined),
  pageScrollTo: vi.fn(),
  redirectTo: vi.fn(),
  nextTick: (run: () => void) => run(),
  // No host: no canvas is found.
  createSelectorQuery: () => {
    const query = { select: () => query, fields: () => query, exec: (done: (found: null[]) => void) => done([null]) };
    return query;
  },
  useReady: () => undefined,
  onNetworkStatusChange: vi.fn(),
  setNavigationBarTitle: vi.fn(),
  setTabBarItem: vi.fn(),
  setTabBarBadge: vi.fn(),
  removeTabBarBadge: vi.fn(),
  useRouter: () => ({ params: pageParams }),
  useReachBottom: (listener: () => void) => {
    atBottom.listener = listener;
  },
  usePullDownRefresh: () => undefined,
  useDidShow: (listener: () => void) => {
    shows.add(listener);
  },
  useDidHide: () => undefined,
};
