import type { MiniPhone } from './phone.js';
import type { Platform } from './platform.js';

/** Synchronous storage: plain arguments on WeChat, objects on DingTalk. */
export function nativeStorage(platform: Platform, { values }: MiniPhone): Record<string, unknown> {
  const read = (key: string): unknown => {
    const text = values.get(key);
    return text === undefined ? undefined : (JSON.parse(text) as unknown);
  };
  const getStorageInfoSync = () => ({ keys: [...values.keys()], currentSize: 0, limitSize: 10_240 });
  if (platform.key === 'weapp') {
    return {
      getStorageSync: (key: string) => read(key) ?? '',
      setStorageSync: (key: string, value: unknown) => void values.set(key, JSON.stringify(value)),
      removeStorageSync: (key: string) => void values.delete(key),
      getStorageInfoSync,
    };
  }
  return {
    getStorageSync: ({ key }: { key: string }) => ({ data: read(key) ?? null }),
    setStorageSync: ({ key, data }: { key: string; data: unknown }) => void values.set(key, JSON.stringify(data)),
    removeStorageSync: ({ key }: { key: string }) => void values.delete(key),
    getStorageInfoSync,
  };
}
