interface Cookie {
  value: string;
  path: string;
  expiresAt: number | null;
}

/**
 * The cookies of one phone. Two phones and the console stand in one browser, which would share one session among them;
 * so each phone keeps its own here.
 */
export class CookieJar {
  private readonly cookies = new Map<string, Cookie>();

  /** Takes `Set-Cookie` lines in. `now` in milliseconds, real time: expiry is the browser's business, not the demo's. */
  store(lines: readonly string[], now: number): void {
    for (const line of lines) {
      const [pair = '', ...attributes] = line.split(';');
      const at = pair.indexOf('=');
      if (at < 1) continue;
      const name = pair.slice(0, at).trim();
      const cookie: Cookie = { value: pair.slice(at + 1).trim(), path: '/', expiresAt: null };
      for (const attribute of attributes) {
        const [key = '', value = ''] = attribute.split('=').map((part) => part.trim());
        if (key.toLowerCase() === 'path' && value.startsWith('/')) cookie.path = value;
        else if (key.toLowerCase() === 'max-age') cookie.expiresAt = now + Number(value) * 1000;
        else if (key.toLowerCase() === 'expires' && cookie.expiresAt === null) cookie.expiresAt = Date.parse(value);
      }
      const id = `${name} ${cookie.path}`;
      if (cookie.expiresAt !== null && cookie.expiresAt <= now) this.cookies.delete(id);
      else this.cookies.set(id, cookie);
    }
  }

  /** The `Cookie` header for a request path, or null. Longer paths first, as browsers do. */
  header(path: string, now: number): string | null {
    const fitting = [...this.cookies.entries()]
      .filter(([, cookie]) => (cookie.expiresAt === null || cookie.expiresAt > now) && covers(cookie.path, path))
      .sort(([, a], [, b]) => b.path.length - a.path.length);
    return fitting.length > 0 ? fitting.map(([id, cookie]) => `${id.split(' ')[0]}=${cookie.value}`).join('; ') : null;
  }

  clear(): void {
    this.cookies.clear();
  }
}

function covers(cookiePath: string, path: string): boolean {
  return path === cookiePath || path.startsWith(cookiePath.endsWith('/') ? cookiePath : `${cookiePath}/`);
}
