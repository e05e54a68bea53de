import type dns from 'node:dns';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mayConnect } from './address-guard.js';
import type { OutboundError, OutboundRequest } from './outbound-http.js';
import { UndiciHttp } from './undici-http.js';

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

describe('mayConnect', () => {
  it.each(['8.8.8.8', '120.232.145.144', '2400:3200::1', '::ffff:8.8.8.8'])('lets %s pass', (address) => {
    expect(mayConnect(address, 'public')).toBe(true);
  });

  it.each([
    ...['127.0.0.1', '127.8.8.8', '0.0.0.0', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', '100.64.0.1'],
    ...['100.100.100.200', '169.254.169.254', '192.0.0.192', '198.18.0.1', '224.0.0.1', '240.0.0.1', '255.255.255.255'],
    ...['::', '::1', '::ffff:127.0.0.1', '::ffff:10.0.0.1', '::7f00:1', '64:ff9b::7f00:1', '2002:7f00:1::', 'fe80::1'],
    ...['fe80::1%eth0', 'fd00::1', 'fc00::1', 'ff02::1', 'fd00:ec2::254', 'not an address', ''],
  ])('refuses %s', (address) => {
    expect(mayConnect(address, 'public')).toBe(false);
  });

  it('opens private networks when asked, but never the metadata addresses', () => {
    for (const address of ['10.0.0.1', '127.0.0.1', 'fd00::1', '::1'])
      expect(mayConnect(address, 'private-too')).toBe(true);
    for (const address of ['169.254.169.254', 'fe80::1', 'fd00:ec2::254', '0.0.0.0', '::7f00:1']) {
      expect(mayConnect(address, 'private-too')).toBe(false);
    }
  });
});

it('opens the private addresses that the operator names, and nothing beside them', () => {
  const inner = ['10.1.2.0/24', '192.168.1.5', 'fd12::/16', '169.254.0.0/16'];
  for (const address of ['10.1.2.3', '::ffff:10.1.2.3', '192.168.1.5', 'fd12::1', '8.8.8.8'])
    expect(mayConnect(address, 'public', inner), address).toBe(true);
  for (const address of ['10.1.3.1', '192.168.1.6', '127.0.0.1', 'fd13::1', '169.254.169.254', 'fd00:ec2::254'])
    expect(mayConnect(address, 'public', inner), address).toBe(false);
});

describe('UndiciHttp', () => {
  const servers: Server[] = [];
  const clients: UndiciHttp[] = [];
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
    for (const server of servers.splice(0)) server.closeAllConnections();
  });

  async function serve(handler: Handler): Promise<string> {
    const server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (chunk: string) => {
        body += chunk;
      });
      request.on('end', () => handler(request, response, body));
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  function client(options: ConstructorParameters<typeof UndiciHttp>[0] = {}): UndiciHttp {
    const made = new UndiciHttp(options);
    clients.push(made);
    return made;
  }

  /** Names answering with the given addresses, one list per question. */
  function names(table: Record<string, string[][]>): { lookup: typeof dns.lookup; asked: string[] } {
    const asked: string[] = [];
    const lookup = ((
      name: string,
      _options: unknown,
      done: (error: Error | null, list: dns.LookupAddress[]) => void,
    ) => {
      asked.push(name);
      const answers = table[name];
      const list = (answers && answers.length > 1 ? answers.shift() : answers?.[0]) ?? [];
      done(
        null,
        list.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );
    }) as unknown as typeof dns.lookup;
    return { lookup, asked };
  }

  async function reason(promise: Promise<unknown>): Promise<string> {
    return promise.then(
      () => 'answered',
      (error: OutboundError) => error.reason,
    );
  }

  it('sends and receives', async () => {
    const origin = await serve((request, response, body) => {
      response.writeHead(201, { 'x-got': `${request.method} ${request.headers['x-test']} ${body}` }).end('{"好":1}');
    });
    const answer = await client({ trustedHosts: [origin] }).request({
      url: `${origin}/path`,
      method: 'POST',
      headers: { 'X-Test': 'yes' },
      body: 'data',
    });
    expect(answer).toMatchObject({ status: 201, headers: { 'x-got': 'POST yes data' }, url: `${origin}/path` });
    expect(answer.body.toString()).toBe('{"好":1}');
  });

  it.each([
    ...['http://127.0.0.1:PORT/', 'http://2130706433:PORT/', 'http://0x7f.1:PORT/', 'http://017700000001:PORT/'],
    ...['http://[::1]:PORT/', 'http://[::ffff:127.0.0.1]:PORT/', 'http://0:PORT/', 'http://localhost:PORT/'],
    ...['http://169.254.169.254/latest/meta-data/', 'http://10.0.0.1/'],
  ])('refuses %s without connecting', async (template) => {
    let requests = 0;
    const origin = await serve((_, response) => {
      requests += 1;
      response.end();
    });
    expect(await reason(client().request({ url: template.replace('PORT', new URL(origin).port) }))).toBe('blocked');
    expect(requests).toBe(0);
  });

  it.each(['file:///etc/passwd', 'ftp://example.com/', 'gopher://x/', 'not a url', 'http://user:pw@example.com/'])(
    'refuses %s as an address',
    async (url) => {
      expect(await reason(client().request({ url }))).toBe('bad_url');
    },
  );

  it('refuses a name with an inner address, also among public ones', async () => {
    const { lookup } = names({ 'inner.example': [['10.1.2.3']], 'mixed.example': [['8.8.8.8', '127.0.0.1']] });
    expect(await reason(client({ lookup }).request({ url: 'http://inner.example/' }))).toBe('blocked');
    expect(await reason(client({ lookup }).request({ url: 'http://mixed.example/' }))).toBe('blocked');
  });

  it('connects to the address it checked, so a name that changes its answer gains nothing', async () => {
    const origin = await serve((_, response) => response.end('inside'));
    const { lookup, asked } = names({ 'rebind.example': [['127.0.0.1'], ['169.254.169.254'], ['10.0.0.1']] });
    const http = client({ lookup });
    const url = `http://rebind.example:${new URL(origin).port}/`;
    const private1 = await http.request({ url, allowPrivate: true });
    expect(private1.body.toString()).toBe('inside');
    expect(asked).toEqual(['rebind.example']);
    // A kept-alive connection of a private request must not serve a public one either.
    expect(await reason(http.request({ url }))).toBe('blocked');
  });

  it('reaches private addresses when allowed', async () => {
    const origin = await serve((_, response) => response.end('ok'));
    expect((await client().request({ url: origin, allowPrivate: true })).status).toBe(200);
  });

  describe('redirects', () => {
    it('are followed, with method, body and credentials as browsers do', async () => {
      const seen: string[] = [];
      const note: Handler = (request, response, body) => {
        seen.push(`${request.method} ${request.headers.authorization ?? '-'} ${body || '-'}`);
        response.end('done');
      };
      const second = await serve(note);
      const first = await serve((request, response) => {
        const status = Number(request.url?.slice(1, 4));
        response.writeHead(status, { location: request.url?.endsWith('same') ? '/done' : `${second}/done` });
        if (request.url === '/done') note(request, response, '');
        else response.end();
      });
      const http = client({ trustedHosts: [first, second] });
      const send = (path: string): OutboundRequest => ({
        url: first + path,
        method: 'POST',
        headers: { Authorization: 'Bearer x' },
        body: 'data',
      });
      await http.request(send('/302'));
      await http.request(send('/303'));
      await http.request(send('/307'));
      await http.request(send('/308'));
      expect(seen).toEqual(['GET - -', 'GET - -', 'POST - data', 'POST - data']);
    });

    it('to an inner address are refused', async () => {
      const inner = await serve((_, response) => response.end('secret'));
      const outer = await serve((_, response) => response.writeHead(302, { location: inner }).end());
      expect(await reason(client({ trustedHosts: [outer] }).request({ url: outer }))).toBe('blocked');
    });

    it('to another protocol are refused, and endless ones end', async () => {
      const origin = await serve((request, response) => {
        response.writeHead(302, { location: request.url === '/file' ? 'file:///etc/passwd' : '/again' }).end();
      });
      const http = client({ trustedHosts: [origin] });
      expect(await reason(http.request({ url: `${origin}/file` }))).toBe('bad_url');
      expect(await reason(http.request({ url: origin }))).toBe('too_many_redirects');
    });
  });

  it('gives up on an answer that is too large or never ends', async () => {
    const origin = await serve((request, response) => {
      if (request.url === '/large') response.end(Buffer.alloc(2_000));
      else if (request.url === '/slow') response.write('begin');
    });
    const http = client({ trustedHosts: [origin] });
    expect(await reason(http.request({ url: `${origin}/large`, maxBytes: 1_000 }))).toBe('too_large');
    expect((await http.request({ url: `${origin}/large`, maxBytes: 2_000 })).body).toHaveLength(2_000);
    expect(await reason(http.request({ url: `${origin}/slow`, timeoutMs: 50 }))).toBe('timeout');
    expect(await reason(http.request({ url: `${origin}/silent`, timeoutMs: 50 }))).toBe('timeout');
  });

  it('reports a refused connection as a network failure', async () => {
    expect(await reason(client({ trustedHosts: ['http://127.0.0.1:1'] }).request({ url: 'http://127.0.0.1:1/' }))).toBe(
      'network',
    );
  });

  describe('through a proxy', () => {
    let proxied: string[];
    let proxy: string;
    beforeEach(async () => {
      proxied = [];
      proxy = await serve(() => undefined);
      servers.at(-1)?.on('connect', (request: IncomingMessage, socket) => {
        proxied.push(request.url ?? '');
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        socket.once('data', () =>
          socket.end('HTTP/1.1 200 OK\r\ncontent-length: 7\r\nconnection: close\r\n\r\nproxied'),
        );
      });
    });

    it('goes out there, and directly to trusted hosts', async () => {
      const direct = await serve((_, response) => response.end('direct'));
      const { lookup } = names({ 'public.example': [['8.8.8.8']] });
      const http = client({ proxy, lookup, trustedHosts: [direct] });
      expect((await http.request({ url: 'http://public.example/' })).body.toString()).toBe('proxied');
      expect(proxied).toEqual(['public.example:80']);
      expect((await http.request({ url: direct })).body.toString()).toBe('direct');
    });

    it('still refuses inner addresses', async () => {
      const { lookup } = names({ 'inner.example': [['10.0.0.1']] });
      const http = client({ proxy, lookup });
      for (const url of ['http://10.0.0.1/', 'http://inner.example/', 'http://[::1]/']) {
        expect(await reason(http.request({ url }))).toBe('blocked');
      }
      expect(proxied).toEqual([]);
    });
  });
});
