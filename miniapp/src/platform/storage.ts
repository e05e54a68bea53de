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

/** The keys of stored values that begin with `start`; none where the host does not tell. */
export function keysUnder(start: string): string[] {
  try {
    const { keys } = Taro.getStorageInfoSync();
    return keys.filter((key) => key.startsWith(prefix + start)).map((key) => key.slice(prefix.length));
  } catch {
    return [];
  }
}

/**
 * Drops every stored value whose key begins with `start`. Hosts that do not list keys keep the old values; they are keyed
 * by member and never shown to another one.
 */
export function dropStoredUnder(start: string): void {
  for (const key of keysUnder(start)) dropStored(key);
}
