import { createCanvas, Image } from '@napi-rs/canvas';
import { findNode, type RenderedNode } from './node.js';
import type { Platform } from './platform.js';

export interface FakeRequest {
  method: string;
  url: string;
  body: unknown;
  headers: Record<string, string>;
}
/** Answers a request; thrown errors mean that no answer came. */
export type Backend = (request: FakeRequest) => { status: number; json: unknown };

interface Callbacks {
  success?(answer: unknown): void;
  fail?(error: unknown): void;
  complete?(answer: unknown): void;
}
type RequestOptions = Callbacks & {
  url: string;
  method?: string;
  data?: unknown;
  header?: Record<string, string>;
  headers?: Record<string, string>;
};

export interface NativeOptions {
  platform: Platform;
  backend: Backend;
  /** Handed out by the host's log-in call. */
  loginCode: string;
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

function parseBody(data: unknown): unknown {
  if (typeof data !== 'string' || data === '') return data ?? null;
  return JSON.parse(data) as unknown;
}

/** The host's request function with its platform's own answer: DingTalk fails outside of 2xx, WeChat never does. */
function requester({ platform, backend }: NativeOptions) {
  return (options: RequestOptions) => {
    const headers = Object.fromEntries(
      Object.entries({ ...options.header, ...options.headers }).map(([key, value]) => [key.toLowerCase(), value]),
    );
    setTimeout(() => {
      try {
        const { status, json } = backend({
          method: options.method ?? 'GET',
          url: options.url,
          body: parseBody(options.data),
          headers,
        });
        const answer =
          platform.key === 'weapp'
            ? { statusCode: status, data: json, header: {} }
            : { status, data: json, headers: {} };
        if (platform.key === 'dd' && status >= 300) options.fail?.({ ...answer, error: 19 });
        else options.success?.(answer);
      } catch (error) {
        options.fail?.({ error: 12, errMsg: String(error) });
      }
    }, 0);
    return { abort() {} };
  };
}

function storage(platform: Platform): Record<string, unknown> {
  const values = new Map<string, string>();
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

function canvasNode(width: number, height: number) {
  const frames = {
    createImage: () => new Image(),
    requestAnimationFrame: (run: (time: number) => void) => setTimeout(() => run(Date.now()), 16),
    cancelAnimationFrame: clearTimeout,
  };
  return Object.assign(createCanvas(width, height), frames);
}

export type CanvasNode = ReturnType<typeof canvasNode>;

/** Answers queries by id with a fixed size, and canvases with a real 2d canvas kept per id. */
function selectorQueries({ currentNodes }: NativeOptions, canvases: Map<string, CanvasNode>) {
  const size = { width: 351, height: 260, left: 0, top: 0, right: 351, bottom: 260 };
  return () => {
    const wanted: { selector: string; node: boolean; done?(answer: unknown): void }[] = [];
    const answer = ({ selector, node }: (typeof wanted)[number]): unknown => {
      const element = findNode(currentNodes(), (item) => item.attributes.id === selector.slice(1));
      if (!element) return null;
      if (!node || element.name !== 'canvas') return { ...size };
      const canvas = canvases.get(selector) ?? canvasNode(size.width, size.height);
      canvases.set(selector, canvas);
      return { ...size, node: canvas };
    };
    const query = {
      in: () => query,
      select(selector: string) {
        const entry: (typeof wanted)[number] = { selector, node: false };
        wanted.push(entry);
        const ask = (node: boolean, done?: (found: unknown) => void) => {
          entry.node = node;
          entry.done = done;
          return query;
        };
        return {
          fields: (fields: { node?: boolean }, done?: (found: unknown) => void) => ask(fields.node === true, done),
          node: (done?: (found: unknown) => void) => ask(true, done),
          boundingClientRect: (done?: (found: unknown) => void) => ask(false, done),
          scrollOffset: (done?: (found: unknown) => void) => ask(false, done),
        };
      },
      selectAll: (selector: string) => query.select(selector),
      selectViewport: () => query.select('#viewport'),
      exec(done?: (found: unknown[]) => void) {
        setTimeout(() => {
          const found = wanted.map(answer);
          for (const [index, entry] of wanted.entries()) entry.done?.(found[index]);
          done?.(found);
        }, 0);
      },
    };
    return query;
  };
}

/** The host's global object: `wx` or `dd`, as far as this app calls it. Unknown members are undefined, as on a phone. */
export function nativeApi(options: NativeOptions): {
  api: Record<string, unknown>;
  canvases: ReadonlyMap<string, CanvasNode>;
} {
  const { platform, loginCode } = options;
  const canvases = new Map<string, CanvasNode>();
  const done = (callbacks?: Callbacks) => {
    callbacks?.success?.({});
    callbacks?.complete?.({});
  };
  const goTo = (callbacks: Callbacks & { url: string }) => {
    options.openPage(callbacks.url.replace(/^\//, ''));
    done(callbacks);
  };
  const request = requester(options);
  const api = {
    canIUse: () => true,
    getSystemInfoSync: () => ({ ...screen, platform: 'ios', SDKVersion: '3.0.0' }),
    getWindowInfo: () => screen,
    getAppBaseInfo: () => ({}),
    getDeviceInfo: () => ({ platform: 'ios' }),
    getMenuButtonBoundingClientRect: () => ({ width: 87, height: 32, top: 24, right: 365, bottom: 56, left: 278 }),
    getAccountInfoSync: () => ({}),
    getLaunchOptionsSync: () => ({ path: '', query: {}, scene: 1001 }),
    getEnterOptionsSync: () => ({ path: '', query: {}, scene: 1001 }),
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
    createSelectorQuery: selectorQueries(options, canvases),
    ...storage(platform),
    ...(platform.key === 'weapp'
      ? {
          request,
          createOffscreenCanvas: () => canvasNode(64, 64),
          qy: { login: (callbacks: Callbacks) => setTimeout(() => callbacks.success?.({ code: loginCode }), 0) },
        }
      : {
          httpRequest: request,
          request,
          getAuthCode: (callbacks: Callbacks) => setTimeout(() => callbacks.success?.({ authCode: loginCode }), 0),
        }),
  };
  return { api, canvases };
}
