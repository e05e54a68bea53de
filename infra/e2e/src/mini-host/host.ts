import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import vm from 'node:vm';
import { nativeApi } from './native-api.js';
import type { NativeCanvases } from './native-canvas.js';
import type { Backend } from './native-requests.js';
import { allNodes, findNode, type RenderedNode, textOf } from './node.js';
import { MiniPhone } from './phone.js';
import { type Platform, platforms } from './platform.js';
import { TemplateRenderer } from './templates.js';

type Handler = (...args: unknown[]) => unknown;
interface PageInstance {
  route: string;
  data: Record<string, unknown>;
  [member: string]: unknown;
}
interface OpenPage {
  instance: PageInstance;
  template: string;
}

export interface MiniHostOptions {
  /** Folder of the compiled bundle. */
  root: string;
  platform: Platform['key'];
  backend: Backend;
  /** Codes of the host's log-in call. */
  loginCode?(): string | Promise<string>;
  /** The phone it runs on; a new one when absent. */
  phone?: MiniPhone;
  /** What the program is opened with. */
  query?: Record<string, string>;
}

export interface Touch {
  x: number;
  y: number;
}

/**
 * Runs a compiled mini-program in Node with nothing but its host's global object: `App` and `Page` life cycles,
 * `setData`, the real templates, taps, requests, canvases. It catches what a phone would trip over: another host's
 * global, a component left out of the templates, a browser API that is not there.
 */
export class MiniHost {
  /** What the program logged as warning or error, and what this host found missing. */
  readonly problems: string[] = [];
  private readonly platform: Platform;
  private readonly context: vm.Context;
  private readonly renderer: TemplateRenderer;
  private readonly modules = new Map<string, { exports: unknown }>();
  private readonly configs = new Map<string, Record<string, unknown>>();
  private readonly stack: OpenPage[] = [];
  readonly phone: MiniPhone;
  private readonly canvases: NativeCanvases;
  private readonly timers = new Set<NodeJS.Timeout>();
  private loading = '';
  private ended = false;

  constructor(private readonly options: MiniHostOptions) {
    this.platform = platforms[options.platform];
    this.phone = options.phone ?? new MiniPhone();
    const query = options.query ?? {};
    const { api, canvases } = nativeApi({
      platform: this.platform,
      backend: async (request) => {
        const answer = await options.backend(request);
        // Nobody is there any more to hear it.
        return this.ended ? new Promise(() => undefined) : answer;
      },
      phone: this.phone,
      query,
      loginCode: options.loginCode ?? (() => 'code'),
      declared: this.declared(),
      openPage: (url) => this.open(url),
      closePage: () => void this.stack.pop(),
      currentNodes: () => this.render(),
    });
    this.canvases = canvases;
    this.context = vm.createContext({
      console: this.console(),
      ...this.clocks(),
      ...this.lifeCycle(query),
      ...(options.platform === 'dd' ? { navigator: { swuserAgent: 'AliApp(DingTalk/7.0)' } } : {}),
      [this.platform.global]: api,
    });
    this.renderer = new TemplateRenderer(this.platform, this.context, (name) =>
      this.problems.push(`missing template ${name}`),
    );
    this.require(resolve(options.root, 'app.js'));
  }

  /** Opens a page (`pages/x/index?id=1`) on top of the others. */
  open(url: string): void {
    const [route = '', query = ''] = url.split('?');
    this.loading = route;
    this.require(resolve(this.options.root, `${route}.js`));
    const config = this.configs.get(route);
    if (!config) throw new Error(`${route} registers no page`);
    const instance = this.instantiate(route, config);
    this.stack.push({ instance, template: resolve(this.options.root, `${route}${this.platform.template}`) });
    const params = Object.fromEntries(new URLSearchParams(query));
    this.call(instance, 'onLoad', params);
    this.call(instance, 'onShow');
    setTimeout(() => this.call(instance, 'onReady'), 0);
  }

  /** The nodes of the page on top. */
  render(): RenderedNode[] {
    const page = this.stack[this.stack.length - 1];
    return page ? this.renderer.render(page.template, page.instance.data) : [];
  }

  get route(): string {
    return this.stack[this.stack.length - 1]?.instance.route ?? '';
  }

  /** All text of the page on top. */
  text(): string {
    return this.render().map(textOf).join('\n');
  }

  /** The innermost element that holds `text`. */
  byText(text: string): RenderedNode | undefined {
    return findNode(this.render(), (node) =>
      node.children.some((child) => child.name === '#text' && child.text.includes(text)),
    );
  }

  /** The first element that meets `test`. */
  find(test: (node: RenderedNode) => boolean): RenderedNode | undefined {
    return findNode(this.render(), test);
  }

  /** Taps the element that says exactly `text`, the last of several: what lies on top is written last. */
  tap(text: string): void {
    const said = (node: RenderedNode) =>
      node.children.map((child) => (child.name === '#text' ? child.text : '')).join('');
    const node = allNodes(this.render())
      .reverse()
      .find((each) => said(each) === text);
    if (!node || this.fire(node, 'tap') === 0) throw new Error(`nothing to tap on says ${text}:\n${this.text()}`);
  }

  /** Writes into the field with that placeholder. */
  write(placeholder: string, value: string): void {
    const node = this.find(({ attributes }) => attributes.placeholder === placeholder);
    if (!node || this.fire(node, 'input', { value, cursor: value.length }) === 0) {
      throw new Error(`nowhere to write: ${placeholder}`);
    }
  }

  /** Draws with a finger over the canvas of the page. */
  draw(points: readonly Touch[]): void {
    const canvas = this.find(({ name }) => name === 'canvas');
    if (!canvas) throw new Error('no canvas to draw on');
    for (const [index, point] of points.entries()) {
      this.fire(canvas, index === 0 ? 'touchstart' : 'touchmove', {}, [point]);
    }
    this.fire(canvas, 'touchend');
  }

  /** Ends the program as a phone does that needs the room: nothing of it runs on, and its temporary files are gone. */
  kill(): void {
    this.ended = true;
    for (const timer of this.timers) clearTimeout(timer);
    this.phone.sweep();
  }

  /**
   * Fires an event at a node and lets it bubble, as the view layer does. Answers how many handlers ran.
   * @param touches fingers on the node, in its own coordinates
   */
  fire(node: RenderedNode, type: string, detail: Record<string, unknown> = {}, touches: readonly Touch[] = []): number {
    const page = this.stack[this.stack.length - 1];
    const capital = `${type[0]?.toUpperCase() ?? ''}${type.slice(1)}`;
    // DingTalk writes touchStart where WeChat has touchstart.
    const camel = capital.replace(/^Touch(.)/, (_, next: string) => `Touch${next.toUpperCase()}`);
    const names = [`bind${type}`, `catch${type}`, `on${camel}`, `catch${camel}`];
    const reference = (target: RenderedNode) => ({
      id: target.attributes.id,
      dataset: { sid: target.attributes['data-sid'] },
    });
    let handled = 0;
    for (let target: RenderedNode | null = node; target && page; target = target.parent) {
      const name = names.find((candidate) => target?.raw[candidate]);
      if (!name) continue;
      handled++;
      const event = {
        type,
        timeStamp: Date.now(),
        detail,
        target: reference(node),
        currentTarget: reference(target),
        touches,
        changedTouches: touches,
      };
      this.call(page.instance, target.raw[name] ?? '', event);
      if (name.startsWith('catch')) break;
    }
    return handled;
  }

  /** How many canvases that the program asked for hold a picture. */
  paintedCanvases(): number {
    return [...this.canvases.all.values()].filter((canvas) => {
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      return data.some((value) => value !== 0);
    }).length;
  }

  private console(): Record<string, Handler> {
    const keep =
      (kind: string): Handler =>
      (...parts) => {
        this.problems.push(
          `${kind}: ${parts.map((part) => (part instanceof Error ? part.stack : String(part))).join(' ')}`,
        );
      };
    const ignore: Handler = () => undefined;
    return { log: ignore, info: ignore, debug: ignore, warn: keep('warn'), error: keep('error') };
  }

  private clocks(): Record<string, unknown> {
    const kept = (timer: NodeJS.Timeout) => {
      this.timers.add(timer);
      return timer;
    };
    return {
      setTimeout: (run: () => void, after?: number) => {
        if (this.ended) return undefined;
        const timer = kept(
          setTimeout(() => {
            this.timers.delete(timer);
            run();
          }, after),
        );
        return timer;
      },
      clearTimeout,
      setInterval: (run: () => void, every: number) => (this.ended ? undefined : kept(setInterval(run, every).unref())),
      clearInterval,
    };
  }

  /** Calls that this app's `app.json` declares, for hosts that want it. */
  private declared(): string[] {
    const config = JSON.parse(readFileSync(resolve(this.options.root, 'app.json'), 'utf8')) as {
      requiredPrivateInfos?: string[];
    };
    return config.requiredPrivateInfos ?? [];
  }

  private lifeCycle(query: Record<string, string>): Record<string, unknown> {
    let app: Record<string, unknown> = {};
    const register = (config: Record<string, unknown>) => void this.configs.set(this.loading, config);
    return {
      App: (config: Record<string, unknown>) => {
        app = Object.assign(Object.create(config) as Record<string, unknown>, config);
        this.call(app, 'onLaunch', { path: '', query, scene: 1001 });
        this.call(app, 'onShow', {});
      },
      Page: register,
      Component: register,
      Behavior: (config: unknown) => config,
      getApp: () => app,
      getCurrentPages: () => this.stack.map((page) => page.instance),
    };
  }

  private call(target: Record<string, unknown>, method: string, ...args: unknown[]): void {
    const handler = target[method];
    if (typeof handler === 'function') (handler as Handler).apply(target, args);
  }

  private instantiate(route: string, config: Record<string, unknown>): PageInstance {
    const instance: PageInstance = {
      ...config,
      ...(config.methods as Record<string, unknown> | undefined),
      route,
      data: structuredClone(JSON.parse(JSON.stringify(config.data ?? {})) as Record<string, unknown>),
    };
    instance.setData = (change: Record<string, unknown>, done?: () => void) => {
      for (const [path, value] of Object.entries(change)) {
        // What crosses to the view layer is JSON.
        put(instance.data, path, value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown));
      }
      if (done) setTimeout(done, 0);
    };
    instance.$spliceData = (change: Record<string, [number, number, ...unknown[]]>, done?: () => void) => {
      for (const [path, args] of Object.entries(change)) {
        const list = get(instance.data, path);
        if (Array.isArray(list)) list.splice(...args);
      }
      done?.();
    };
    instance.selectComponent = () => null;
    return instance;
  }

  private require(file: string): unknown {
    const known = this.modules.get(file);
    if (known) return known.exports;
    const module = { exports: {} as unknown };
    this.modules.set(file, module);
    const run = vm.runInContext(`(function(require,module,exports){${readFileSync(file, 'utf8')}\n})`, this.context, {
      filename: file,
    }) as (load: (path: string) => unknown, module: { exports: unknown }, exports: unknown) => void;
    run(
      (path) => this.require(resolve(dirname(file), path.endsWith('.js') ? path : `${path}.js`)),
      module,
      module.exports,
    );
    return module.exports;
  }
}

function steps(path: string): string[] {
  return path
    .replace(/\[(\d+)\]/g, '.$1')
    .split('.')
    .filter(Boolean);
}

function get(root: unknown, path: string): unknown {
  let current = root;
  for (const step of steps(path)) current = (current as Record<string, unknown> | undefined)?.[step];
  return current;
}

function put(root: Record<string, unknown>, path: string, value: unknown): void {
  const keys = steps(path);
  const last = keys.pop();
  if (last === undefined) return;
  let current: Record<string, unknown> = root;
  for (const [index, key] of keys.entries()) {
    const next = keys[index + 1] ?? last;
    current[key] ??= /^\d+$/.test(next) ? [] : {};
    current = current[key] as Record<string, unknown>;
  }
  current[last] = value;
}
