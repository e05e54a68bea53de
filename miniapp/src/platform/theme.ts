import Taro from '@tarojs/taro';
import { isH5 } from './host.js';

/** Whether the phone is set to dark; styles follow by themselves, canvases have to ask. */
export function isDark(): boolean {
  if (isH5) return window.matchMedia('(prefers-color-scheme: dark)').matches;
  return Taro.getSystemInfoSync().theme === 'dark';
}
