import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Another system that knows idempotency keys: it acts once for each, and keeps what it was asked. */
export class EffectsServer {
  /** Bodies by key, in the order they came; more than one means that a request was repeated. */
  readonly asked = new Map<string, string[]>();
  private constructor(private readonly server: Server) {}

  static async start(): Promise<EffectsServer> {
    const effects: EffectsServer = new EffectsServer(
      createServer((request, response) => {
        const parts: Buffer[] = [];
        request.on('data', (part: Buffer) => parts.push(part));
        request.on('end', () => {
          const key = String(request.headers['idempotency-key'] ?? '');
          effects.asked.set(key, [...(effects.asked.get(key) ?? []), Buffer.concat(parts).toString('utf8')]);
          response.setHeader('content-type', 'application/json');
          response.end(JSON.stringify({ ok: true }));
        });
      }),
    );
    await new Promise<void>((resolve) => effects.server.listen(0, '127.0.0.1', resolve));
    return effects;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
