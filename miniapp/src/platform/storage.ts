import Taro from '@tarojs/taro';

const prefix = 'lianke.';

/** A stored value, or undefined when absent or unreadable. */
export function readStored<T>(key: string): T | undefined {
  try {
    const value: unknown = Taro.getStorageSync(prefix + key);
    return value === '' || value === undefined || value === null ? undefined : (value as T);
  } catch {
    return undefined;
  }
}

/** Stores a JSON value. Answers false when the phone has no room left: callers that must not lose it have to know. */
export function writeStored(key: string, value: unknown): boolean {
  try {
    Taro.setStorageSync(prefix + key, value);
    return true;
  } catch {
    return false;
  }
}

export function dropStored(key: string): void {
  try {
    Taro.removeStorageSync(prefix + key);
  } catch {
    // Nothing to drop.
  }
}

/** Drops every stored value whose key begins with `start`. */
export function dropStoredUnder(start: string): void {
  try {
    for (const key of Taro.getStorageInfoSync().keys) {
      if (key.startsWith(prefix + start)) Taro.removeStorageSync(key);
    }
  } catch {
    // Hosts without getStorageInfoSync keep the old values; they are keyed by member and never shown to another one.
  }
}
