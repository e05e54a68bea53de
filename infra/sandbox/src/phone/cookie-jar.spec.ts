import { describe, expect, it } from 'vitest';
import { CookieJar } from './cookie-jar.js';

describe('a phone’s cookies', () => {
  it('are sent to the paths they are for, longer paths first', () => {
    const jar = new CookieJar();
    jar.store(['sid=1; Path=/; HttpOnly; SameSite=Lax', 'state=2; Path=/api/v1/auth'], 0);
    expect(jar.header('/api/v1/auth/wecom/callback', 0)).toBe('state=2; sid=1');
    expect(jar.header('/api/v1/authority', 0)).toBe('sid=1');
  });

  it('are replaced, expire and are deleted', () => {
    const jar = new CookieJar();
    jar.store(['sid=1; Max-Age=10', 'other=x; Expires=Thu, 01 Jan 1970 00:00:05 GMT'], 0);
    jar.store(['sid=2; Max-Age=10'], 0);
    expect(jar.header('/', 4000)).toBe('sid=2; other=x');
    expect(jar.header('/', 6000)).toBe('sid=2');
    jar.store(['sid=; Max-Age=0'], 6000);
    expect(jar.header('/', 6000)).toBeNull();
  });

  it('keep values with equal signs and ignore lines without a name', () => {
    const jar = new CookieJar();
    jar.store(['token=a=b==', 'nonsense'], 0);
    expect(jar.header('/', 0)).toBe('token=a=b==');
  });
});
