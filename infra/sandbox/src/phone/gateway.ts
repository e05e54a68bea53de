import http, {
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { bridgeScript, CODE_PATH, WEBVIEW_AGENTS, withBridge } from './bridge.js';
import { CookieJar } from './cookie-jar.js';
import { DING_VERIFY_PATH } from './dingtalk-sdk.js';
import { OPEN_DATA_PATH, OPENED_PATH, VERIFY_PATH } from './wecom-sdk.js';

/** Headers that belong to one connection or would keep the page out of the phone's frame. */
const DROPPED = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'set-cookie',
  'x-frame-options',
  'content-security-policy',
  'content-security-policy-report-only',
  'strict-transport-security',
  'cross-origin-opener-policy',
  'cross-origin-embedder-policy',
  'cross-origin-resource-policy',
]);

/** Largest page that is rewritten; anything longer passes as it is. */
const PAGE_LIMIT = 4 * 1024 * 1024;

export interface GatewayOptions {
  corpId: string;
  userid: string;
  platform: 'wecom' | 'dingtalk';
  /** A log-in code of DingTalk's client for this phone's owner. */
  dingCode: () => string | null;
  /** The platform's answer to a page that wants to use the client's interface: 0 or an error number. */
  verify: (body: string) => { errcode: number; errmsg: string };
  /** What the platform shows in the place of a name that it withholds. */
  openName: (body: string) => { name: string | null };
  /** A page had the client open a chat. */
  opened: (body: string) => void;
  /** Origin of the application. */
  publicUrl: string;
  /** Origin of the sandbox. */
  selfUrl: string;
  online: boolean;
  locates: boolean;
  fakesPlace: boolean;
}

/**
 * One phone's way to the application: an origin of its own on loopback that passes everything on, keeps this phone's
 * cookies, marks requests as the chat client's webview, and can be cut off (断网).
 */
export class PhoneGateway {
  readonly jar = new CookieJar();
  online: boolean;
  locates: boolean;
  fakesPlace: boolean;
  private readonly server: http.Server;
  private readonly sockets = new Set<Socket>();
  private readonly target: URL;

  private constructor(private readonly options: GatewayOptions) {
    this.online = options.online;
    this.locates = options.locates;
    this.fakesPlace = options.fakesPlace;
    this.target = new URL(options.publicUrl);
    this.server = http.createServer((request, response) => this.pass(request, response));
    this.server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
  }

  /** Opens on any free loopback port. */
  static async open(options: GatewayOptions): Promise<PhoneGateway> {
    const gateway = new PhoneGateway(options);
    await new Promise<void>((resolve, reject) => {
      gateway.server.once('error', reject);
      gateway.server.listen(0, '127.0.0.1', resolve);
    });
    return gateway;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** An address of the application as this phone reaches it; other addresses stay. */
  through(url: string): string {
    const parsed = new URL(url);
    return parsed.origin === this.target.origin ? this.origin + parsed.pathname + parsed.search + parsed.hash : url;
  }

  setOnline(online: boolean): void {
    this.online = online;
    if (!online) for (const socket of this.sockets) socket.destroy();
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private pass(request: IncomingMessage, response: ServerResponse): void {
    if (!this.online) {
      request.socket.destroy();
      return;
    }
    const path = request.url ?? '/';
    if (this.options.platform === 'dingtalk' && path === CODE_PATH) {
      response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
      response.end(JSON.stringify({ code: this.options.dingCode() }));
      return;
    }
    const verifyPath = this.options.platform === 'wecom' ? VERIFY_PATH : DING_VERIFY_PATH;
    if (path === verifyPath && request.method === 'POST') {
      void this.verify(request, response);
      return;
    }
    if (this.options.platform === 'wecom' && path === OPEN_DATA_PATH && request.method === 'POST') {
      void this.openName(request, response);
      return;
    }
    if (path === OPENED_PATH && request.method === 'POST') {
      void this.opened(request, response);
      return;
    }
    const client = this.target.protocol === 'https:' ? https : http;
    const upstream = client.request(
      {
        host: this.target.hostname,
        port: this.target.port,
        method: request.method,
        path,
        headers: this.requestHeaders(request, path),
      },
      (answer) => this.answer(request, answer, response),
    );
    upstream.on('error', (error) => this.unreachable(response, error));
    response.on('close', () => upstream.destroy());
    request.pipe(upstream);
  }

  private async opened(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    this.options.opened(Buffer.concat(chunks).toString());
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    response.end('{}');
  }

  private async openName(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    response.end(JSON.stringify(this.options.openName(Buffer.concat(chunks).toString())));
  }

  /** The page's own address is the application's, whatever origin this phone reaches it under. */
  private async verify(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString().replaceAll(this.origin, this.target.origin);
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    response.end(JSON.stringify(this.options.verify(body)));
  }

  private requestHeaders(request: IncomingMessage, path: string): OutgoingHttpHeaders {
    const headers: OutgoingHttpHeaders = { ...request.headers, host: this.target.host };
    const own = (value: string | undefined): string | undefined => value?.replace(this.origin, this.target.origin);
    headers.origin = own(request.headers.origin);
    headers.referer = own(request.headers.referer);
    headers['user-agent'] = `${request.headers['user-agent'] ?? ''} ${WEBVIEW_AGENTS[this.options.platform]}`.trim();
    headers.cookie = this.jar.header(path.split('?')[0] ?? '/', Date.now()) ?? undefined;
    // A page is rewritten on its way back, so it must come uncompressed.
    if (isNavigation(request.headers)) headers['accept-encoding'] = 'identity';
    delete headers.connection;
    delete headers['keep-alive'];
    return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
  }

  private answer(request: IncomingMessage, answer: IncomingMessage, response: ServerResponse): void {
    this.jar.store(answer.headers['set-cookie'] ?? [], Date.now());
    const headers: OutgoingHttpHeaders = Object.fromEntries(
      Object.entries(answer.headers).filter(([name]) => !DROPPED.has(name)),
    );
    if (answer.headers.location) headers.location = this.location(answer.headers.location);
    const isPage =
      isNavigation(request.headers) &&
      (answer.headers['content-type'] ?? '').includes('text/html') &&
      !answer.headers['content-encoding'];
    answer.on('error', () => response.destroy());
    if (!isPage || Number(answer.headers['content-length'] ?? 0) > PAGE_LIMIT) {
      response.writeHead(answer.statusCode ?? 502, headers);
      answer.pipe(response);
      return;
    }
    const chunks: Buffer[] = [];
    answer.on('data', (chunk: Buffer) => chunks.push(chunk));
    answer.on('end', () => {
      const { selfUrl: home, platform } = this.options;
      const { online, locates, fakesPlace } = this;
      const script = bridgeScript({ home, platform, online, locates, fakesPlace });
      const body = Buffer.from(withBridge(Buffer.concat(chunks).toString(), script));
      response.writeHead(answer.statusCode ?? 502, {
        ...headers,
        'content-length': body.length,
        'cache-control': 'no-store',
      });
      response.end(body);
    });
  }

  /** Redirects inside the application stay on this phone; one to the platform's OAuth page says whose phone it is. */
  private location(value: string): string {
    const url = new URL(value, this.target.origin);
    if (url.origin === this.target.origin) return url.pathname + url.search + url.hash;
    if (url.origin !== new URL(this.options.selfUrl).origin || url.pathname !== '/connect/oauth2/authorize')
      return value;
    url.searchParams.set('sandbox_user', this.options.userid);
    url.searchParams.set('sandbox_phone', this.origin);
    return url.toString();
  }

  private unreachable(response: ServerResponse, error: Error): void {
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const text = `联客没有应答（${this.options.publicUrl}）：${error.message}。请先运行 npm start。`;
    response.writeHead(502, { 'content-type': 'text/html; charset=utf-8' });
    response.end(
      `<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width"><p style="font:15px/24px sans-serif;padding:24px;color:#8a1f1f">${text}</p>`,
    );
  }
}

function isNavigation(headers: IncomingHttpHeaders): boolean {
  const destination = headers['sec-fetch-dest'];
  if (destination !== undefined) return destination === 'iframe' || destination === 'document';
  return (headers.accept ?? '').startsWith('text/html');
}
