import './platform/polyfills.js';
import Taro, { useLaunch, usePageNotFound } from '@tarojs/taro';
import type { PropsWithChildren } from 'react';
import { reloadOnForeignAddress } from './platform/foreign-address.js';
import { isH5 } from './platform/host.js';
import { keepAboveKeyboard } from './platform/keyboard.js';
import { watchPresses } from './platform/press.js';
import { keepTopPageShown } from './platform/top-page.js';
import { ensureSession } from './session/session.js';
import './app.scss';

export default function App({ children }: PropsWithChildren) {
  useLaunch(() => {
    if (isH5) {
      reloadOnForeignAddress();
      keepTopPageShown();
      keepAboveKeyboard();
      watchPresses();
    }
    // The log-in page can be opened straight; everything else needs to know who is there.
    if (!(Taro.getCurrentInstance().router?.path ?? '').includes('pages/login/')) void ensureSession();
  });
  // An old link, or a mistyped one: the workbench leads everywhere.
  usePageNotFound(() => void Taro.reLaunch({ url: '/pages/workbench/index' }));
  return children;
}
