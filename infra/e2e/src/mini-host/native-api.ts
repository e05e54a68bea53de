import { NativeCanvases } from './native-canvas.js';
import { nativeMedia } from './native-media.js';
import { type Backend, type Callbacks, nativeRequests } from './native-requests.js';
import { nativeStorage } from './native-storage.js';
import type { RenderedNode } from './node.js';
import type { MiniPhone } from './phone.js';
import type { Platform } from './platform.js';

export interface NativeOptions {
  platform: Platform;
  backend: Backend;
  phone: MiniPhone;
  /** Handed out by the host's log-in call. */
  loginCode(): string | Promise<string>;
  /** What the program was opened with. */
  query: Record<string, string>;
  /** Calls that need a declaration in `app.json`, as far as it declares them. */
  declared: readonly string[];
  openPage(url: string): void;
  closePage(): void;
  currentNodes(): RenderedNode[];
}

const screen = {
  pixelRatio: 2,
  windowWidth: 375,
  windowHeight: 667,
  screenWidth: 375,
  screenHeight: 667,
  statusBarHeight: 20,
};

/** The host's global object: `wx` or `dd`, as far as this app calls it. Unknown members are undefined, as on a phone. */
export function nativeApi(options: NativeOptions): { api: Record<string, unknown>; canvases: NativeCanvases } {
  const { platform, phone, query } = options;
  const canvases = new NativeCanvases(platform, phone, options.currentNodes);
  const done = (callbacks?: Callbacks) => {
    callbacks?.success?.({});
    callbacks?.complete?.({});
  };
  const goTo = (callbacks: Callbacks & { url: string }) => {
    options.openPage(callbacks.url.replace(/^\//, ''));
    done(callbacks);
  };
  const logIn = (name: string) => (callbacks: Callbacks) =>
    void Promise.resolve()
      .then(() => options.loginCode())
      .then(
        (code) => callbacks.success?.({ [name]: code }),
        (error: unknown) => callbacks.fail?.(error),
      );
  const { request, uploadFile } = nativeRequests(platform, options.backend, phone);
  const launched = () => ({ path: '', query, scene: 1001 });
  const api = {
    canIUse: () => true,
    getSystemInfoSync: () => ({ ...screen, platform: 'ios', SDKVersion: '3.0.0' }),
    getWindowInfo: () => screen,
    getAppBaseInfo: () => ({}),
    getDeviceInfo: () => ({ platform: 'ios' }),
    getMenuButtonBoundingClientRect: () => ({ width: 87, height: 32, top: 24, right: 365, bottom: 56, left: 278 }),
    getAccountInfoSync: () => ({}),
    getLaunchOptionsSync: launched,
    getEnterOptionsSync: launched,
    nextTick: (run: () => void) => setTimeout(run, 0),
    setNavigationBarTitle: done,
    setNavigationBar: done,
    setTabBarItem: done,
    setTabBarBadge: done,
    removeTabBarBadge: done,
    stopPullDownRefresh: done,
    pageScrollTo: done,
    onNetworkStatusChange() {},
    navigateTo: goTo,
    redirectTo: goTo,
    reLaunch: goTo,
    switchTab: goTo,
    navigateBack(callbacks?: Callbacks) {
      options.closePage();
      done(callbacks);
    },
    request,
    uploadFile,
    ...canvases.api(),
    ...nativeStorage(platform, phone),
    ...nativeMedia(platform, phone, options.declared),
    ...(platform.key === 'weapp'
      ? { qy: { login: logIn('code') } }
      : { httpRequest: request, getAuthCode: logIn('authCode') }),
  };
  return { api, canvases };
}
