import { connect, type Socket } from 'node:net';

export interface HttpAnswer {
  status: number;
  body: Buffer;
}

const headEnd = Buffer.from('\r\n\r\n');

/**
 * One keep-alive connection that sends a request at a time. The load generator shares the machine with what it
 * measures, and `fetch` costs it more than a thin server needs to answer.
 */
export class HttpConnection {
  private readonly socket: Socket;
  private received: Buffer = Buffer.alloc(0);
  private waiting: { resolve(answer: HttpAnswer): void; reject(error: Error): void } | undefined;

  constructor(private readonly origin: URL) {
    this.socket = connect(Number(origin.port), origin.hostname);
    this.socket.setNoDelay(true);
    this.socket.on('data', (chunk: Buffer) => {
      this.received = this.received.length === 0 ? chunk : Buffer.concat([this.received, chunk]);
      this.answer();
    });
    this.socket.on('error', (error) => this.waiting?.reject(error));
    this.socket.on('close', () => this.waiting?.reject(new Error('the server closed the connection')));
  }

  /** Sends a JSON body; answers with Content-Length only. */
  post(path: string, body: string, headers: Record<string, string> = {}): Promise<HttpAnswer> {
    const head = Object.entries({
      host: this.origin.host,
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      ...headers,
    }).map(([name, value]) => `${name}: ${value}\r\n`);
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.socket.write(`POST ${path} HTTP/1.1\r\n${head.join('')}\r\n${body}`);
    });
  }

  close(): void {
    this.waiting = undefined;
    this.socket.destroy();
  }

  private answer(): void {
    const at = this.received.indexOf(headEnd);
    if (at < 0 || !this.waiting) return;
    const head = this.received.toString('latin1', 0, at);
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? Number.NaN);
    const start = at + headEnd.length;
    if (Number.isNaN(length)) {
      this.waiting.reject(new Error(`an answer without Content-Length: ${head}`));
      return;
    }
    if (this.received.length < start + length) return;
    const { resolve } = this.waiting;
    this.waiting = undefined;
    const body = this.received.subarray(start, start + length);
    this.received = this.received.subarray(start + length);
    resolve({ status: Number(head.slice(9, 12)), body });
  }
}
