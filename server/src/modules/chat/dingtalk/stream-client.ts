import { z } from 'zod';
import type { OutboundSocket, OutboundSockets } from '../../../kernel/outbound/outbound-http.js';
import type { Connection } from '../connection.js';
import type { DingApi } from './ding-api.js';

/** A connection on which nothing came for so long, not even a ping, is dead (D9). */
const silenceMs = 120_000;
const eventTopic = '*';
const cardTopic = '/v1.0/card/instances/callback';
const robotTopic = '/v1.0/im/bot/messages/get';

const opened = z.object({ endpoint: z.string().min(1), ticket: z.string().min(1) });
const frame = z.object({
  type: z.string(),
  headers: z.looseObject({ topic: z.string(), messageId: z.string() }),
  data: z.string().default('{}'),
});
type Frame = z.infer<typeof frame>;

export interface StreamHandlers {
  /** Keeps an event before it is acknowledged; the platform sends it again when this fails. */
  event(body: string): Promise<void>;
  /** Keeps a press; answers what the card shows at once. */
  press(body: string, messageId: string): Promise<Record<string, unknown>>;
  /** Keeps what somebody wrote to the robot. */
  words(body: string): Promise<void>;
  /** Called once, when the connection has ended. */
  ended(reason: string): void;
}

/** One connection of STREAM mode (reference B12). A ticket serves one connection, so each attempt asks for its own. */
export class StreamClient {
  private socket: OutboundSocket | undefined;
  private watch: NodeJS.Timeout | undefined;
  private over = false;

  constructor(
    private readonly api: DingApi,
    private readonly sockets: OutboundSockets,
    private readonly connection: Connection,
    private readonly handlers: StreamHandlers,
  ) {}

  /** @throws DingError, OutboundError */
  async open(): Promise<void> {
    const body = JSON.stringify({
      clientId: this.connection.appKey ?? '',
      clientSecret: this.connection.secret ?? '',
      ua: 'lianke/1',
      subscriptions: [
        { type: 'EVENT', topic: eventTopic },
        { type: 'CALLBACK', topic: cardTopic },
        { type: 'CALLBACK', topic: robotTopic },
      ],
    });
    const { endpoint, ticket } = await this.api.openly(this.connection, {
      method: 'POST',
      path: 'gateway/connections/open',
      body,
      schema: opened,
    });
    this.socket = await this.sockets.socket(
      `${endpoint}?ticket=${encodeURIComponent(ticket)}`,
      { message: (text) => void this.take(text), closed: (reason) => this.end(reason) },
      this.connection.proxy ?? undefined,
    );
    if (this.over) this.socket.close();
    else this.listen();
  }

  close(): void {
    this.end('closed by us');
  }

  private async take(text: string): Promise<void> {
    if (this.over) return;
    this.listen();
    const read = frame.safeParse(jsonOf(text));
    // What is no frame is nobody's to answer.
    if (!read.success) return;
    try {
      await this.handle(read.data);
    } catch {
      this.answer(read.data, 500, { status: 'LATER' });
    }
  }

  private async handle(one: Frame): Promise<void> {
    const { topic, messageId } = one.headers;
    switch (one.type) {
      case 'SYSTEM':
        if (topic === 'ping') this.acknowledge(one, 200, one.data);
        if (topic === 'disconnect') this.end('the platform asked us to connect anew');
        return;
      case 'EVENT':
        await this.handlers.event(eventOf(one));
        return this.answer(one, 200, { status: 'SUCCESS', message: '' });
      case 'CALLBACK':
        if (topic === robotTopic) {
          await this.handlers.words(one.data);
          return this.answer(one, 200, { response: null });
        }
        if (topic !== cardTopic) return this.answer(one, 404, { response: null });
        return this.answer(one, 200, { response: await this.handlers.press(one.data, messageId) });
      default:
        return;
    }
  }

  private answer(one: Frame, code: number, data: object): void {
    this.acknowledge(one, code, JSON.stringify(data));
  }

  private acknowledge({ headers }: Frame, code: number, data: string): void {
    if (this.over) return;
    const { messageId } = headers;
    this.socket?.send(
      JSON.stringify({
        code,
        headers: { contentType: 'application/json', messageId },
        message: code === 200 ? 'OK' : 'not handled',
        data,
      }),
    );
  }

  private listen(): void {
    clearTimeout(this.watch);
    this.watch = setTimeout(() => this.end(`nothing came for ${silenceMs / 1000} s`), silenceMs);
    this.watch.unref();
  }

  private end(reason: string): void {
    if (this.over) return;
    this.over = true;
    clearTimeout(this.watch);
    this.socket?.close();
    this.handlers.ended(reason);
  }
}

/** An event as it comes by HTTP: the stream puts its name and ids into headers. */
function eventOf({ headers, data }: Frame): string {
  const { eventType, eventId, eventBornTime, eventCorpId } = headers;
  const own: unknown = jsonOf(data);
  return JSON.stringify({
    EventType: eventType,
    EventTime: Number(eventBornTime),
    CorpId: eventCorpId,
    eventId,
    ...(typeof own === 'object' ? own : {}),
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
