import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';

/** A company's gateway: an HTTP proxy that opens tunnels for whoever knows its password. */
export interface SmallProxy {
  /** `http://user:password@host:port`. */
  address: string;
  /** `host:port`. */
  host: string;
  /** Where each tunnel led, and what was asked for without the right password. */
  tunnels: string[];
  refused: number;
  close(): Promise<void>;
}

/** Listens on a free port of this machine. */
export async function smallProxy(user = 'lianke', password = 'p@ss:word'): Promise<SmallProxy> {
  const expected = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const server = createServer((_, response) => response.writeHead(405).end());
  const sockets = new Set<Duplex>();
  const kept = (socket: Duplex) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  };
  server.on('connect', (request: IncomingMessage, client: Duplex) => {
    kept(client);
    if (request.headers['proxy-authorization'] !== expected) {
      proxy.refused += 1;
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    const target = request.url ?? '';
    proxy.tunnels.push(target);
    const [host, port] = target.split(':');
    const upstream = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      client.pipe(upstream).pipe(client);
    });
    kept(upstream);
    upstream.on('error', () => client.destroy());
    client.on('close', () => upstream.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const proxy: SmallProxy = {
    address: `http://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${host}`,
    host,
    tunnels: [],
    refused: 0,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      server.closeAllConnections();
      await closed;
    },
  };
  return proxy;
}
