import { vi } from 'vitest';

export const stored = new Map<string, unknown>();

/** The part of Taro that modules without components call. */
export const taro = {
  getStorageSync: (key: string) => stored.get(key) ?? '',
  setStorageSync: (key: string, value: unknown) => void stored.set(key, value),
  removeStorageSync: (key: string) => void stored.delete(key),
  getStorageInfoSync: () => ({ keys: [...stored.keys()] }),
  request: vi.fn(),
  uploadFile: vi.fn(),
  getCurrentInstance: () => ({ router: { path: '/pages/login/index' } }),
  getCurrentPages: () => [],
  getLaunchOptionsSync: () => ({ query: {} }),
  reLaunch: vi.fn(),
  switchTab: vi.fn(),
  navigateBack: vi.fn(),
  onNetworkStatusChange: vi.fn(),
  useDidShow: () => undefined,
  useDidHide: () => undefined,
};
