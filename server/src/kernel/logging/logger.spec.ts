import { describe, expect, it } from 'vitest';
import { createLogger, requestIdFrom } from './logger.js';
import { redact, redactText } from './redact.js';

function capture() {
  const lines: Record<string, unknown>[] = [];
  const logger = createLogger({
    level: 'info',
    role: 'api',
    destination: { write: (line: string) => lines.push(JSON.parse(line) as Record<string, unknown>) },
  });
  return { logger, lines };
}

describe('redact', () => {
  it('removes values under secret names at any depth, in headers and bodies', () => {
    const cleaned = JSON.stringify(
      redact({
        headers: { authorization: 'Bearer abc', cookie: 'sid=xyz', 'x-api-key': 'k1', accept: 'application/json' },
        body: {
          account: 'admin',
          password: 'hunter2',
          nested: [{ access_token: 't1', corpsecret: 's1', EncodingAESKey: 'e1' }],
        },
      }),
    );
    for (const secret of ['abc', 'xyz', 'k1', 'hunter2', 't1', 's1', 'e1']) expect(cleaned).not.toContain(secret);
    expect(cleaned).toContain('application/json');
    expect(cleaned).toContain('admin');
  });

  it('leaves out the row that an error of the database quotes, and keeps what helps to find the fault', () => {
    const error = Object.assign(new Error('duplicate key value violates unique constraint "u_phone"'), {
      severity: 'ERROR',
      code: '23505',
      detail: 'Key (name)=(华兴科技) already exists.',
      where: 'COPY x, line 1: "华兴科技"',
      constraint: 'u_phone',
      routine: '_bt_check_unique',
    });
    const cleaned = JSON.stringify(redact({ err: error }));
    expect(cleaned).not.toContain('华兴');
    for (const kept of ['23505', 'u_phone', '_bt_check_unique']) expect(cleaned).toContain(kept);
  });

  it('keeps facts about secrets', () => {
    expect(redact({ passwordLogin: false, token: null })).toEqual({ passwordLogin: false, token: null });
  });

  it('cuts long lists, deep nesting and cycles', () => {
    expect((redact({ list: Array.from({ length: 60 }, () => 1) }) as { list: unknown[] }).list).toHaveLength(51);
    const loop: { self?: unknown } = {};
    loop.self = loop;
    expect(JSON.stringify(redact(loop))).toContain('[deeper]');
  });

  it('cleans texts: tokens in URLs, passwords in URLs, bearer tokens, phones', () => {
    expect(redactText('GET /cgi-bin/user/get?access_token=abc&userid=zhang')).toBe(
      'GET /cgi-bin/user/get?access_token=[removed]&userid=zhang',
    );
    expect(redactText('connect postgres://app:pw@db:5432/x')).toBe('connect postgres://app:[removed]@db:5432/x');
    expect(redactText('sent Bearer a.b-c')).toBe('sent Bearer [removed]');
    expect(redactText('致电 13812345678，或 +86 138-1234-5678')).toBe('致电 138******78，或 138******78');
  });

  it('leaves amounts, ids and times alone', () => {
    const text = 'id 0195a1b2-1381-7345-8678-138123456789 amount 13812345678901 at 2025-03-01T08:00:00Z';
    expect(redactText(text)).toBe(text);
  });
});

describe('createLogger', () => {
  it('writes JSON lines without secrets, messages and errors included', () => {
    const { logger, lines } = capture();
    logger.info({ req: { url: '/x?code=123', headers: { cookie: 'sid=1' } } }, 'login with token=%s', 'fine');
    logger.error(new Error('postgres://u:pw@h/d refused', { cause: new Error('phone 13812345678') }), 'failed');
    logger.child({ requestId: 'r-1', password: 'p' }).warn('child');
    const text = JSON.stringify(lines);
    for (const secret of ['123"', 'sid=1', ':pw@', '13812345678']) expect(text).not.toContain(secret);
    expect(lines[0]).toMatchObject({ level: 'info', role: 'api', msg: 'login with token=fine' });
    expect(lines[1]).toMatchObject({ level: 'error', err: { type: 'Error', cause: { message: 'phone 138******78' } } });
    expect(lines[2]).toMatchObject({ requestId: 'r-1', password: '[removed]' });
    expect(lines[0]?.time).toMatch(/^\d{4}-.*Z$/);
  });
});

describe('requestIdFrom', () => {
  it('keeps a harmless id and replaces anything else', () => {
    expect(requestIdFrom('trace-12345678')).toBe('trace-12345678');
    for (const bad of [undefined, '', 'short', 'a\nforged line', ['trace-12345678', 'x'], 'x'.repeat(65)]) {
      expect(requestIdFrom(bad)).toMatch(/^[0-9a-f-]{36}$/);
    }
  });
});
