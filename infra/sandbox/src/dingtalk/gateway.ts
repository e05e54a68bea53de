import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { randomToken } from '../core/random.js';
import type { DingContext } from './context.js';
import { NewApiError } from './errors.js';
import { findDingApp } from './world.js';

type Body = Record<string, unknown>;

interface Connection {
  id: string;
  appKey: string;
  topics: string[];
  socket: WebSocket;
}

interface Waiting {
  connection: Connection;
  settle: (answer: Body | string) => void;
}

/** STREAM mode (B12): an app connects to the platform, which then pushes frames and waits for their acknowledgement. */
export class StreamGateway {
  private readonly sockets = new WebSocketServer({ noServer: true });
  private connections: Connection[] = [];
  private readonly waiting = new Map<string, Waiting>();
  private turn = 0;

  constructor(private readonly context: DingContext) {}

  /** `POST /v1.0/gateway/connections/open`: an endpoint and a ticket for one connection. */
  open(body: Body): Body {
    const app = typeof body.clientId === 'string' ? findDingApp(this.context.world, body.clientId) : undefined;
    if (!app || app.appSecret !== body.clientSecret)
      throw new NewApiError(401, 'authFailed', 'clientId 或 clientSecret 不正确');
    const subscriptions = Array.isArray(body.subscriptions) ? (body.subscriptions as Body[]) : [];
    if (subscriptions.length === 0) throw new NewApiError(400, 'subscriptionsEmpty', 'subscriptions 不能为空');
    const ticket = randomToken(this.context.random, 24);
    this.context.world.gatewayTickets.set(ticket, {
      appKey: app.appKey,
      topics: subscriptions.map((each) => `${String(each.type)} ${String(each.topic)}`),
      expiresAt: this.context.clock.now() + this.context.switches.gatewayTicketMs,
    });
    return { endpoint: `${this.context.selfUrl.replace(/^http/, 'ws')}/connect`, ticket };
  }

  /** Takes over the WebSocket upgrades at `/connect`. */
  attach(server: Server): void {
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      const url = new URL(request.url ?? '/', 'http://localhost');
      if (url.pathname !== '/connect') {
        socket.destroy();
        return;
      }
      const { gatewayTickets } = this.context.world;
      const name = url.searchParams.get('ticket') ?? '';
      const ticket = gatewayTickets.get(name);
      gatewayTickets.delete(name);
      if (!ticket || ticket.expiresAt <= this.context.clock.now()) {
        socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n');
        return;
      }
      if (this.count(ticket.appKey) >= (this.context.switches.streamsPerApp ?? Number.POSITIVE_INFINITY)) {
        socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
        return;
      }
      this.sockets.handleUpgrade(request, socket, head, (opened) => this.accept(opened, ticket.appKey, ticket.topics));
    });
  }

  /** How many connections an app has. */
  count(appKey: string): number {
    return this.connections.filter((each) => each.appKey === appKey).length;
  }

  /**
   * Pushes one frame to one of the app's connections, in turn. Answers the acknowledgement's data, or in words why
   * there is none: nobody is connected, nobody answered in time, the handler is missing or failed.
   */
  async push(
    appKey: string,
    type: 'EVENT' | 'CALLBACK',
    topic: string,
    headers: Record<string, string>,
    data: Body,
    limitMs: number,
  ): Promise<Body | string> {
    const able = this.connections.filter(
      (each) => each.appKey === appKey && each.topics.some((known) => known === `${type} ${topic}`),
    );
    this.turn += 1;
    const connection = able[this.turn % Math.max(1, able.length)];
    if (!connection) return '没有应用连接在 STREAM 上';
    const messageId = randomToken(this.context.random, 15);
    const frame = this.frame(connection, type, topic, messageId, headers, JSON.stringify(data));
    const started = Date.now();
    const answer = await new Promise<Body | string>((resolve) => {
      const timer = setTimeout(() => settle('没有在时限内应答'), limitMs);
      const settle = (result: Body | string): void => {
        clearTimeout(timer);
        this.waiting.delete(messageId);
        resolve(result);
      };
      this.waiting.set(messageId, { connection, settle });
      connection.socket.send(frame);
    });
    this.context.log.add({
      platform: 'dingtalk',
      direction: 'out',
      method: 'STREAM',
      path: topic,
      corpId: findDingApp(this.context.world, appKey)?.corpId ?? null,
      agentId: findDingApp(this.context.world, appKey)?.agentId ?? null,
      request: data,
      status: typeof answer === 'string' ? 0 : 200,
      response: answer,
      errcode: typeof answer === 'string' ? null : 0,
      ms: Date.now() - started,
      warnings: typeof answer === 'string' ? [answer] : [],
    });
    return answer;
  }

  /** Tells an app's connections to go, as the platform does when one has lived long enough, then closes them. */
  disconnect(appKey: string): number {
    const gone = this.connections.filter((each) => each.appKey === appKey);
    for (const connection of gone) {
      const reason = JSON.stringify({ reason: 'persistent connection is timeout' });
      connection.socket.send(
        this.frame(connection, 'SYSTEM', 'disconnect', randomToken(this.context.random, 15), {}, reason),
      );
      const { disconnectGraceMs } = this.context.switches;
      if (disconnectGraceMs === 0) connection.socket.close();
      else void this.context.wait(disconnectGraceMs).then(() => connection.socket.close());
    }
    return gone.length;
  }

  /** Sends the platform's own ping to every connection of an app; answers how many there are. */
  ping(appKey: string): number {
    const all = this.connections.filter((each) => each.appKey === appKey);
    for (const connection of all) {
      const opaque = JSON.stringify({ opaque: randomToken(this.context.random, 9) });
      connection.socket.send(
        this.frame(connection, 'SYSTEM', 'ping', randomToken(this.context.random, 15), {}, opaque),
      );
    }
    return all.length;
  }

  close(): void {
    for (const connection of this.connections) connection.socket.terminate();
    this.connections = [];
    this.sockets.close();
  }

  private accept(socket: WebSocket, appKey: string, topics: string[]): void {
    const connection: Connection = { id: randomToken(this.context.random, 9), appKey, topics, socket };
    this.connections.push(connection);
    socket.on('message', (data) => this.acknowledged(data));
    socket.on('close', () => {
      this.connections = this.connections.filter((each) => each !== connection);
      for (const waiting of [...this.waiting.values()])
        if (waiting.connection === connection) waiting.settle('连接断开');
    });
    socket.on('error', () => socket.terminate());
  }

  private acknowledged(data: RawData): void {
    let ack: { code?: number; headers?: { messageId?: string }; data?: string };
    try {
      ack = JSON.parse(String(data)) as typeof ack;
    } catch {
      return;
    }
    const waiting = this.waiting.get(ack.headers?.messageId ?? '');
    if (!waiting) return;
    if (ack.code !== 200) {
      waiting.settle(ack.code === 404 ? '应用没有处理这个主题' : `应用应答 ${String(ack.code)}`);
      return;
    }
    try {
      const answer: unknown = JSON.parse(ack.data ?? '{}');
      waiting.settle(answer !== null && typeof answer === 'object' ? (answer as Body) : {});
    } catch {
      waiting.settle('应答的 data 不是 JSON 字符串');
    }
  }

  private frame(
    connection: Connection,
    type: 'SYSTEM' | 'EVENT' | 'CALLBACK',
    topic: string,
    messageId: string,
    headers: Record<string, string>,
    data: string,
  ): string {
    const now = this.context.clock.now();
    return JSON.stringify({
      specVersion: '1.0',
      type,
      time: now,
      headers: {
        topic,
        messageId,
        contentType: 'application/json',
        time: String(now),
        appId: connection.appKey,
        connectionId: connection.id,
        ...headers,
      },
      data,
    });
  }
}
