/** A browser without a screen: keeps cookies of one origin and follows nothing by itself. */
export class TestBrowser {
  readonly cookies = new Map<string, string>();

  constructor(
    private readonly origin: string,
    private readonly userAgent = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36',
  ) {}

  get(url: string, headers: Record<string, string> = {}): Promise<Response> {
    return this.send('GET', url, undefined, headers);
  }

  json(method: string, path: string, body?: unknown): Promise<Response> {
    const headers: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
    return this.send(method, path, body === undefined ? undefined : JSON.stringify(body), headers);
  }

  form(path: string, fields: Record<string, string>): Promise<Response> {
    return this.send('POST', path, new URLSearchParams(fields).toString(), {
      'content-type': 'application/x-www-form-urlencoded',
    });
  }

  private async send(
    method: string,
    url: string,
    body: string | undefined,
    headers: Record<string, string>,
  ): Promise<Response> {
    const target = new URL(url, this.origin);
    const own = target.origin === this.origin;
    const answer = await fetch(target, {
      method,
      redirect: 'manual',
      ...(body === undefined ? {} : { body }),
      headers: {
        'user-agent': this.userAgent,
        'accept-language': 'zh-CN',
        ...(own && this.cookies.size > 0 ? { cookie: [...this.cookies].map((pair) => pair.join('=')).join('; ') } : {}),
        ...(own && method !== 'GET' ? { origin: this.origin } : {}),
        ...headers,
      },
    });
    if (own) for (const line of answer.headers.getSetCookie()) this.store(line);
    return answer;
  }

  private store(line: string): void {
    const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=');
    if (/Max-Age=0/.test(line)) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}
