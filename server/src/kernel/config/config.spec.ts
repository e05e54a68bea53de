import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from './config.js';
import { StartupError } from './startup-error.js';

describe('loadConfig', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lianke-config-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function refusal(env: Record<string, string>): string[] {
    try {
      loadConfig(env, folder);
    } catch (error) {
      if (error instanceof StartupError) return error.lines;
      throw error;
    }
    return [];
  }
  const key = 'k'.repeat(43);

  it('has a default for everything', () => {
    const config = loadConfig({}, folder);
    expect(config).toMatchObject({
      role: 'all',
      port: 3000,
      host: '127.0.0.1',
      publicUrl: 'http://127.0.0.1:3000',
      home: join(folder, '.lianke'),
      database: undefined,
      passwordLogin: true,
      sandbox: false,
      wecom: { apiBase: 'https://qyapi.weixin.qq.com', loginBase: 'https://login.work.weixin.qq.com' },
      warnings: [],
    });
  });

  it('makes a secret key once and keeps it readable by its owner only', () => {
    const first = loadConfig({}, folder).secretKey;
    expect(first.length).toBeGreaterThanOrEqual(43);
    expect(loadConfig({}, folder).secretKey).toBe(first);
    if (process.platform !== 'win32') expect(statSync(join(folder, '.lianke', 'secret-key')).mode & 0o777).toBe(0o600);
  });

  it('does not write a key file when the key is given', () => {
    expect(loadConfig({ LIANKE_SECRET_KEY: key }, folder).secretKey).toBe(key);
    expect(() => readFileSync(join(folder, '.lianke', 'secret-key'))).toThrow('ENOENT');
  });

  it('refuses a damaged key file rather than making another key', () => {
    loadConfig({}, folder);
    writeFileSync(join(folder, '.lianke', 'secret-key'), 'short');
    expect(refusal({})).toEqual([expect.stringContaining('secret-key')]);
  });

  it('names every malformed value in one line each, in both languages', () => {
    const lines = refusal({
      PORT: '99999',
      ROLE: 'boss',
      LIANKE_PUBLIC_URL: 'https://x.example/path',
      TRUSTED_PROXIES: '10.0.0.0/99',
    });
    expect(lines).toHaveLength(4);
    for (const [line, name] of [
      [lines[0], 'PORT=99999'],
      [lines[1], 'ROLE=boss'],
      [lines[2], 'LIANKE_PUBLIC_URL=https://x.example/path'],
      [lines[3], 'TRUSTED_PROXIES=10.0.0.0/99'],
    ]) {
      expect(line).toContain(`设置 ${name} 有误`);
      expect(line).toContain(`${name} is not valid`);
      expect(line).not.toContain('\n');
    }
  });

  it('never repeats a secret in a message', () => {
    expect(refusal({ LIANKE_SECRET_KEY: 'hunter2', DATABASE_URL: 'mysql://root:hunter2@x/y' }).join()).not.toContain(
      'hunter2',
    );
  });

  it('names an unknown LIANKE_ setting and what it was probably meant to be', () => {
    expect(refusal({ LIANKE_SECRT_KEY: key })).toEqual([
      expect.stringMatching(/LIANKE_SECRT_KEY.*是否想写 LIANKE_SECRET_KEY/),
    ]);
  });

  it('only tells about unused names that other software may own', () => {
    expect(loadConfig({ WECOM_CORP: 'x', PATH: '/bin' }, folder).warnings).toEqual([
      expect.stringContaining('WECOM_CORP'),
    ]);
  });

  it('keeps files in S3 once everything for it is given', () => {
    const s3 = { S3_ENDPOINT: 'http://minio:9000/', S3_BUCKET: 'lianke', S3_ACCESS_KEY_ID: 'a' };
    expect(refusal(s3)).toEqual([expect.stringContaining('S3_SECRET_ACCESS_KEY')]);
    expect(loadConfig({ ...s3, S3_SECRET_ACCESS_KEY: 'b' }, folder).s3).toEqual({
      endpoint: 'http://minio:9000',
      bucket: 'lianke',
      accessKeyId: 'a',
      secretAccessKey: 'b',
      region: 'us-east-1',
      pathStyle: true,
    });
    expect(loadConfig({}, folder).s3).toBeUndefined();
  });

  it('asks for what belongs together', () => {
    expect(refusal({ DATABASE_URL: 'postgres://a@b/c' })).toEqual([expect.stringContaining('LIANKE_SECRET_KEY')]);
    expect(refusal({ DATABASE_DIRECT_URL: 'postgres://a@b/c' })).toEqual([expect.stringContaining('DATABASE_URL')]);
    expect(refusal({ ROLE: 'worker' })).toEqual([expect.stringContaining('REDIS_URL')]);
    expect(refusal({ SANDBOX: 'on' })).toEqual([expect.stringContaining('WECOM_API_BASE')]);
    expect(refusal({ WECOM_SUITE_ID: 'wwx', WECOM_SUITE_SECRET: 'secret' })).toEqual([
      expect.stringContaining('WECOM_SUITE_TOKEN、WECOM_SUITE_AES_KEY'),
    ]);
    expect(refusal({ DINGTALK_SUITE_AES_KEY: 'short' })[0]).not.toContain('short');
  });

  it('has an app in a platform’s directory once everything for it is given', () => {
    expect(loadConfig({}, folder).suites).toEqual({ wecom: undefined, dingtalk: undefined });
    const keys = { token: 'token1', aesKey: 'a'.repeat(43) };
    const { suites } = loadConfig(
      {
        WECOM_SUITE_ID: 'wwx',
        WECOM_SUITE_SECRET: 'secret',
        WECOM_SUITE_TOKEN: keys.token,
        WECOM_SUITE_AES_KEY: keys.aesKey,
        WECOM_PROVIDER_CORPID: 'wwp',
        WECOM_PROVIDER_SECRET: 'other',
      },
      folder,
    );
    expect(suites.wecom).toEqual({
      id: 'wwx',
      secret: 'secret',
      ...keys,
      provider: { corpId: 'wwp', secret: 'other' },
    });
    expect(suites.dingtalk).toBeUndefined();
  });

  it('reads a full deployment', () => {
    const config = loadConfig(
      {
        DATABASE_URL: 'postgres://a:b@db:6432/lianke',
        DATABASE_DIRECT_URL: 'postgres://a:b@db:5432/lianke',
        REDIS_URL: 'redis://cache:6379',
        LIANKE_SECRET_KEY: key,
        LIANKE_PUBLIC_URL: 'https://crm.example.com/',
        ROLE: 'worker',
        TRUSTED_PROXIES: '10.0.0.0/8, 127.0.0.1',
        LIANKE_PASSWORD_LOGIN: 'off',
        PORT: '',
      },
      folder,
    );
    expect(config).toMatchObject({
      database: { directUrl: 'postgres://a:b@db:5432/lianke' },
      publicUrl: 'https://crm.example.com',
      trustedProxies: ['10.0.0.0/8', '127.0.0.1'],
      passwordLogin: false,
      port: 3000,
    });
  });
});
