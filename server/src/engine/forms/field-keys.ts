import { systemFieldKeys } from '@lianke/shared/forms/definition';
import { pinyin } from 'pinyin-pro';

const reserved = new Set([...systemFieldKeys, 'id', 'version', 'label', 'deletedAt']);

/** A key from a name: pinyin in camelCase (`客户名称` → `keHuMingCheng`), made unique against `taken`. */
export function keyFromName(name: string, taken: ReadonlySet<string>): string {
  const words = pinyin(name, { toneType: 'none', type: 'array', nonZh: 'consecutive', v: true })
    .flatMap((word) => word.split(/[^A-Za-z0-9]+/))
    .filter(Boolean);
  const camel = words
    .map((word, index) => (index === 0 ? word.charAt(0).toLowerCase() : word.charAt(0).toUpperCase()) + word.slice(1))
    .join('');
  const start = /^[a-z]/.test(camel) ? camel : `field${camel}`;
  const base = start.slice(0, 36);
  let key = base;
  for (let n = 2; taken.has(key) || reserved.has(key); n++) key = `${base}${n}`;
  return key;
}

export function isReservedKey(key: string): boolean {
  return reserved.has(key);
}
