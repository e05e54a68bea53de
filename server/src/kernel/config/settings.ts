import ipaddr from 'ipaddr.js';
import { z } from 'zod';

/** Smallest accepted LIANKE_SECRET_KEY, in characters: 32 random bytes in base64 have 43. */
export const secretKeyMinLength = 32;

/** What one environment variable accepts, and how to say so when it does not. */
export interface Setting<Value> {
  schema: z.ZodType<Value>;
  /** Completes 「应为…」 and "must be …". */
  zh: string;
  en: string;
  /** The value is never repeated in a message. */
  secret?: boolean;
}

function setting<Value>(schema: z.ZodType<Value>, zh: string, en: string, secret = false): Setting<Value> {
  return { schema, zh, en, secret };
}

function urlOf(protocols: string[], bare = false) {
  return z
    .string()
    .refine((text) => {
      const url = URL.canParse(text) ? new URL(text) : undefined;
      if (!url || url.hostname === '' || !protocols.includes(url.protocol)) return false;
      return !bare || (url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '');
    })
    .transform((text) => (bare ? new URL(text).origin : text));
}

const onOff = z
  .enum(['on', 'off', 'true', 'false', '1', '0'])
  .transform((text) => text === 'on' || text === 'true' || text === '1');

const word = z.string().regex(/^\S+$/);

const webBase = () =>
  setting(urlOf(['http:', 'https:'], true), 'http(s)://主机[:端口]，不带路径', 'http(s)://host[:port] without a path');
const postgresUrl = () =>
  setting(
    urlOf(['postgres:', 'postgresql:']),
    'postgres://用户:密码@主机:端口/库名',
    'postgres://user:password@host:port/database',
    true,
  );

/** Token and EncodingAESKey as the platforms' consoles take them (WW/90930, DD/configure-stream-push). */
const callbackToken = () =>
  setting(z.string().regex(/^[0-9A-Za-z]{3,32}$/), '3 到 32 位字母或数字', '3 to 32 letters or digits', true);
const callbackAesKey = () =>
  setting(z.string().regex(/^[0-9A-Za-z]{43}$/), '43 位字母或数字', '43 letters or digits', true);
const plainWord = () => setting(word, '不含空格的文字', 'text without spaces');
const secretWord = () => setting(word, '不含空格的文字', 'text without spaces', true);

const addressRange = z.string().refine((text) => {
  const bits = text.includes('/');
  return bits ? ipaddr.isValidCIDR(text) : ipaddr.isValid(text);
});

const addressRanges = z
  .string()
  .transform((text) => text.split(',').flatMap((part) => part.trim() || []))
  .pipe(z.array(addressRange));

/** Every environment variable the server reads. */
export const settings = {
  PORT: setting(
    z
      .string()
      .regex(/^\d{1,5}$/)
      .transform(Number)
      .refine((port) => port >= 1 && port <= 65_535),
    '1 到 65535 的整数',
    'an integer from 1 to 65535',
  ),
  HOST: setting(
    z.string().regex(/^[0-9A-Za-z.:_-]+$/),
    '本机的一个地址，例如 127.0.0.1 或 0.0.0.0',
    'an address of this machine, such as 127.0.0.1 or 0.0.0.0',
  ),
  ROLE: setting(z.enum(['api', 'worker', 'all']), 'api、worker 或 all', 'api, worker or all'),
  LOG_LEVEL: setting(
    z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),
    'fatal、error、warn、info、debug、trace 或 silent',
    'fatal, error, warn, info, debug, trace or silent',
  ),
  LIANKE_HOME: setting(z.string().min(1), '一个文件夹', 'a folder'),
  LIANKE_PUBLIC_URL: webBase(),
  LIANKE_SECRET_KEY: setting(
    z.string().min(secretKeyMinLength),
    `至少 ${secretKeyMinLength} 个字符的随机文字`,
    `random text of at least ${secretKeyMinLength} characters`,
    true,
  ),
  LIANKE_ADMIN_PASSWORD: setting(z.string().min(8).max(200), '8 到 200 个字符', '8 to 200 characters', true),
  LIANKE_PASSWORD_LOGIN: setting(onOff, 'on 或 off', 'on or off'),
  SANDBOX: setting(onOff, 'on 或 off', 'on or off'),
  DATABASE_URL: postgresUrl(),
  DATABASE_DIRECT_URL: postgresUrl(),
  REDIS_URL: setting(
    urlOf(['redis:', 'rediss:']),
    'redis://主机:端口 或 rediss://主机:端口',
    'redis://host:port or rediss://host:port',
    true,
  ),
  S3_ENDPOINT: webBase(),
  S3_REGION: setting(word, '区域名，例如 cn-north-1', 'a region such as cn-north-1'),
  S3_BUCKET: setting(
    z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/),
    '桶名：3 到 63 位小写字母、数字、点或横线',
    'a bucket name: 3 to 63 lower-case letters, digits, dots or hyphens',
  ),
  S3_ACCESS_KEY_ID: setting(word, '不含空格的文字', 'text without spaces', true),
  S3_SECRET_ACCESS_KEY: setting(word, '不含空格的文字', 'text without spaces', true),
  S3_PATH_STYLE: setting(onOff, 'on 或 off', 'on or off'),
  TRUSTED_PROXIES: setting(
    addressRanges,
    '用逗号隔开的地址或网段，例如 10.0.0.0/8,127.0.0.1',
    'addresses or ranges separated by commas, such as 10.0.0.0/8,127.0.0.1',
  ),
  OUTBOUND_PRIVATE: setting(
    addressRanges,
    '用逗号隔开的内网地址或网段，例如 10.1.2.0/24,192.168.1.5',
    'private addresses or ranges separated by commas, such as 10.1.2.0/24,192.168.1.5',
  ),
  OUTBOUND_PROXY: setting(urlOf(['http:', 'https:']), 'http://主机:端口', 'http://host:port', true),
  WECOM_API_BASE: webBase(),
  WECOM_OPEN_BASE: webBase(),
  DINGTALK_API_BASE: webBase(),
  DINGTALK_OAPI_BASE: webBase(),
  DINGTALK_LOGIN_BASE: webBase(),
  WECOM_INSTALL_BASE: webBase(),
  WECOM_SUITE_ID: plainWord(),
  WECOM_SUITE_SECRET: secretWord(),
  WECOM_SUITE_TOKEN: callbackToken(),
  WECOM_SUITE_AES_KEY: callbackAesKey(),
  WECOM_PROVIDER_CORPID: plainWord(),
  WECOM_PROVIDER_SECRET: secretWord(),
  DINGTALK_SUITE_KEY: plainWord(),
  DINGTALK_SUITE_SECRET: secretWord(),
  DINGTALK_SUITE_TOKEN: callbackToken(),
  DINGTALK_SUITE_AES_KEY: callbackAesKey(),
  DINGTALK_SUITE_CARD_TEMPLATE: plainWord(),
  DINGTALK_SUITE_NOTICE_TEMPLATE: plainWord(),
} satisfies Record<string, Setting<unknown>>;

export type SettingName = keyof typeof settings;
export type SettingValues = { [Name in SettingName]?: z.infer<(typeof settings)[Name]['schema']> };
