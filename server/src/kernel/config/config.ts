import { resolve } from 'node:path';
import type { S3Options } from '../storage/s3-storage.js';
import { loadSecretKey } from './secret-key.js';
import { type Setting, type SettingName, type SettingValues, settings } from './settings.js';
import { StartupError } from './startup-error.js';
import { type SuiteConfigs, suiteNeeds, suitesOf } from './suites.js';

/** The validated settings of one process. */
export interface Config {
  role: 'api' | 'worker' | 'all';
  port: number;
  host: string;
  /** Origin of every link, QR code, OAuth return and callback; no trailing slash. */
  publicUrl: string;
  /** Absolute path of the folder for the embedded database, files and keys. */
  home: string;
  secretKey: string;
  /** Absent: the embedded database. `directUrl` bypasses a transaction pooler. */
  database: { url: string; directUrl: string } | undefined;
  redisUrl: string | undefined;
  /** Where files are kept; absent: below `home`. */
  s3: S3Options | undefined;
  /** Addresses and CIDR ranges whose X-Forwarded-* headers are believed. */
  trustedProxies: string[];
  outboundProxy: string | undefined;
  /** Private addresses and ranges that flows and letters may reach all the same. */
  outboundPrivate: string[];
  adminPassword: string | undefined;
  passwordLogin: boolean;
  /** The chat platforms are the sandbox on this machine. */
  sandbox: boolean;
  logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
  /** Origins of WeCom's API, of its in-chat OAuth page, of its web log-in page and of the page that installs a suite. */
  wecom: { apiBase: string; oauthBase: string; loginBase: string; installBase: string };
  /** Origins of DingTalk's newer API, of its older one and of its log-in page. */
  dingtalk: { apiBase: string; oapiBase: string; loginBase: string };
  /** This deployment's apps in the platforms' directories (第三方应用); absent where it has none. */
  suites: SuiteConfigs;
  /** Lines to log at start: settings that look like ours and are not read. */
  warnings: string[];
}

interface Problem {
  zh: string;
  en: string;
}

// Foreign software shares these prefixes, so an unknown name is told but does not stop the start.
const sharedPrefixes = ['S3_', 'WECOM_', 'DINGTALK_'];

/**
 * Reads and validates the environment. Empty variables count as absent.
 * @param cwd folder that a relative LIANKE_HOME is meant from
 * @throws StartupError with one line per problem
 */
export function loadConfig(env: NodeJS.ProcessEnv = process.env, cwd = process.cwd()): Config {
  const problems: Problem[] = [];
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const values = readValues(given, problems);
  for (const name of Object.keys(given)) {
    if (name.startsWith('LIANKE_') && !(name in settings)) {
      const close = nearest(name);
      problems.push({
        zh: `不认识设置 ${name}${close ? `，是否想写 ${close}` : ''}`,
        en: `${name} is not a known setting${close ? `; did you mean ${close}` : ''}`,
      });
    }
  }
  checkTogether(values, given, problems);
  const [first, ...more] = problems;
  if (first) throw new StartupError(first.zh, first.en, more);

  const home = resolve(cwd, values.LIANKE_HOME ?? '.lianke');
  const port = values.PORT ?? 3000;
  // The sandbox stands for both platforms at one address.
  const sandbox = values.SANDBOX ? values.WECOM_API_BASE : undefined;
  return {
    role: values.ROLE ?? 'all',
    port,
    host: values.HOST ?? '127.0.0.1',
    publicUrl: values.LIANKE_PUBLIC_URL ?? `http://127.0.0.1:${port}`,
    home,
    secretKey: values.LIANKE_SECRET_KEY ?? loadSecretKey(home),
    database: values.DATABASE_URL
      ? { url: values.DATABASE_URL, directUrl: values.DATABASE_DIRECT_URL ?? values.DATABASE_URL }
      : undefined,
    redisUrl: values.REDIS_URL,
    s3: s3Of(values),
    trustedProxies: values.TRUSTED_PROXIES ?? [],
    outboundProxy: values.OUTBOUND_PROXY,
    outboundPrivate: values.OUTBOUND_PRIVATE ?? [],
    adminPassword: values.LIANKE_ADMIN_PASSWORD,
    passwordLogin: values.LIANKE_PASSWORD_LOGIN ?? true,
    sandbox: values.SANDBOX ?? false,
    logLevel: values.LOG_LEVEL ?? 'info',
    wecom: {
      apiBase: values.WECOM_API_BASE ?? 'https://qyapi.weixin.qq.com',
      oauthBase: values.WECOM_OPEN_BASE ?? 'https://open.weixin.qq.com',
      loginBase: values.WECOM_OPEN_BASE ?? 'https://login.work.weixin.qq.com',
      installBase: values.WECOM_INSTALL_BASE ?? values.WECOM_OPEN_BASE ?? 'https://open.work.weixin.qq.com',
    },
    dingtalk: {
      apiBase: values.DINGTALK_API_BASE ?? sandbox ?? 'https://api.dingtalk.com',
      oapiBase: values.DINGTALK_OAPI_BASE ?? sandbox ?? 'https://oapi.dingtalk.com',
      loginBase:
        values.DINGTALK_LOGIN_BASE ??
        (values.SANDBOX ? values.WECOM_OPEN_BASE : undefined) ??
        'https://login.dingtalk.com',
    },
    suites: suitesOf(values),
    warnings: Object.keys(given)
      .filter((name) => sharedPrefixes.some((prefix) => name.startsWith(prefix)) && !(name in settings))
      .map((name) => `不使用设置 ${name} / the setting ${name} is not used`),
  };
}

function readValues(given: NodeJS.ProcessEnv, problems: Problem[]): SettingValues {
  const values: Record<string, unknown> = {};
  for (const [name, { schema, zh, en, secret }] of Object.entries(settings) as [SettingName, Setting<unknown>][]) {
    const text = given[name];
    if (text === undefined) continue;
    const parsed = schema.safeParse(text);
    if (parsed.success) values[name] = parsed.data;
    else {
      const shown = secret ? name : `${name}=${text}`;
      problems.push({ zh: `设置 ${shown} 有误，应为${zh}`, en: `${shown} is not valid, it must be ${en}` });
    }
  }
  return values;
}

function checkTogether(values: SettingValues, given: NodeJS.ProcessEnv, problems: Problem[]): void {
  const missing = (name: SettingName) => given[name] === undefined;
  if (!missing('DATABASE_URL') && missing('LIANKE_SECRET_KEY')) {
    problems.push({
      zh: '设置了 DATABASE_URL 时必须设置 LIANKE_SECRET_KEY（所有进程用同一个，妥善保存）',
      en: 'LIANKE_SECRET_KEY is required with DATABASE_URL (the same for all processes, kept safe)',
    });
  }
  if (!missing('DATABASE_DIRECT_URL') && missing('DATABASE_URL')) {
    problems.push({
      zh: '只设置了 DATABASE_DIRECT_URL，还需要 DATABASE_URL',
      en: 'DATABASE_DIRECT_URL needs DATABASE_URL',
    });
  }
  if (values.ROLE && values.ROLE !== 'all' && (missing('DATABASE_URL') || missing('REDIS_URL'))) {
    problems.push({
      zh: `ROLE=${values.ROLE} 时进程不止一个，必须设置 DATABASE_URL 和 REDIS_URL`,
      en: `ROLE=${values.ROLE} means several processes and needs DATABASE_URL and REDIS_URL`,
    });
  }
  const s3Given = Object.keys(given).some((name) => name.startsWith('S3_') && name in settings);
  const s3Missing = s3Needs.filter(missing);
  if (s3Given && s3Missing.length > 0) {
    problems.push({
      zh: `文件要存到 S3，还需要设置 ${s3Missing.join('、')}`,
      en: `keeping files in S3 also needs ${s3Missing.join(', ')}`,
    });
  }
  for (const names of suiteNeeds) {
    const absent = names.filter(missing);
    if (absent.length > 0 && absent.length < names.length) {
      problems.push({
        zh: `第三方应用的设置不完整，还需要 ${absent.join('、')}`,
        en: `the app in the platform's directory also needs ${absent.join(', ')}`,
      });
    }
  }
  if (values.SANDBOX && (missing('WECOM_API_BASE') || missing('WECOM_OPEN_BASE'))) {
    problems.push({
      zh: 'SANDBOX=on 时必须设置 WECOM_API_BASE 和 WECOM_OPEN_BASE，指向演示台',
      en: 'SANDBOX=on needs WECOM_API_BASE and WECOM_OPEN_BASE, pointing at the sandbox',
    });
  }
}

const s3Needs = ['S3_ENDPOINT', 'S3_BUCKET', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'] as const;

function s3Of(values: SettingValues): S3Options | undefined {
  const [endpoint, bucket, accessKeyId, secretAccessKey] = s3Needs.map((name) => values[name]);
  if (!endpoint || !bucket || !accessKeyId || !secretAccessKey) return undefined;
  const region = values.S3_REGION ?? 'us-east-1';
  return { endpoint, bucket, accessKeyId, secretAccessKey, region, pathStyle: values.S3_PATH_STYLE ?? true };
}

/** The setting that somebody who wrote this name may have meant. */
function nearest(name: string): string | undefined {
  return Object.keys(settings).find((known) => distance(known, name) <= 2);
}

/** Levenshtein distance: the fewest single-character changes from one word to the other. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      next.push(Math.min((row[j] ?? 0) + (letter === other ? 0 : 1), (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
