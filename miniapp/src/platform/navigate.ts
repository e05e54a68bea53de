import Taro from '@tarojs/taro';

const tabs = ['/pages/workbench/index', '/pages/customers/index', '/pages/tasks/index', '/pages/me/index'];
type Params = Record<string, string | undefined>;

/** A page's address with its parameters. */
export function pageUrl(path: string, params: Params = {}): string {
  const pairs = Object.entries(params).filter(
    (pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== '',
  );
  if (pairs.length === 0) return path;
  return `${path}?${pairs.map(([key, value]) => `${key}=${encodeURIComponent(value)}`).join('&')}`;
}

/** Opens a page; tabs are switched to. Mini-programs keep at most ten pages: beyond that the current one is replaced. */
export function open(path: string, params: Params = {}): void {
  if (tabs.includes(path)) void Taro.switchTab({ url: path });
  else if (Taro.getCurrentPages().length >= 9) void Taro.redirectTo({ url: pageUrl(path, params) });
  else void Taro.navigateTo({ url: pageUrl(path, params) });
}

/** Puts a page in the place of the current one. */
export function replace(path: string, params: Params = {}): void {
  if (tabs.includes(path)) void Taro.switchTab({ url: path });
  else void Taro.redirectTo({ url: pageUrl(path, params) });
}

/** Back to the page before, or to 工作台 when the page was opened straight from a card. */
export function back(): void {
  if (Taro.getCurrentPages().length > 1) void Taro.navigateBack();
  else void Taro.switchTab({ url: '/pages/workbench/index' });
}

/** A parameter of the current page, decoded on every host. */
export function decodeParam(value: string | undefined): string {
  if (!value) return '';
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
