import { createHash } from 'node:crypto';
import type { WecomContext } from './context.js';
import { WecomError } from './errors.js';
import type { App, Corp } from './world.js';

/** Why the platform's console does not take what an administrator enters, in words that say what to do first. */
export class SetupError extends Error {
  constructor(
    readonly code: 'not_yet' | 'not_verified' | 'invalid',
    message: string,
  ) {
    super(message);
    this.name = 'SetupError';
  }
}

/** The file that the console gives out under 申请校验域名: the same for an app at any time. */
export function verifyFile(corp: Corp, app: App): { name: string; content: string } {
  const content = createHash('sha256').update(`verify/${corp.corpId}/${app.agentId}`).digest('hex').slice(0, 16);
  return { name: `WW_verify_${content}.txt`, content };
}

/** Sets the trusted domain once the file stands at its root. @throws SetupError when it does not */
export async function setTrustedDomain(context: WecomContext, corp: Corp, app: App, domain: string): Promise<void> {
  if (!/^[a-z0-9.-]+(:\d{1,5})?$/i.test(domain))
    throw new SetupError('invalid', `「${domain}」不是域名，不要带 http:// 和路径`);
  const { name, content } = verifyFile(corp, app);
  const url = `${new URL(context.publicUrl).protocol}//${domain}/${name}`;
  const found = await readText(context, url);
  if (found !== content)
    throw new SetupError(
      'not_verified',
      `域名 ${domain} 没有通过校验：${url} ${found === null ? '打不开' : '的内容不对'}，请把校验文件放到域名的根目录`,
    );
  app.trustedDomain = domain;
}

/** Sets 企业可信 IP. @throws SetupError before receiving messages is set up, which the console asks for first */
export function setTrustedIps(context: WecomContext, app: App, ips: readonly string[]): void {
  const wrong = ips.find((ip) => !/^(\d{1,3}\.){3}\d{1,3}$|^[0-9a-f:]+$/i.test(ip));
  if (wrong !== undefined) throw new SetupError('invalid', `「${wrong}」不是 IP 地址`);
  if (context.switches.strictSetup && !app.callback && !app.contactSync)
    throw new SetupError('not_yet', '请先设置接收消息服务器，再填企业可信 IP');
  app.trustedIps = [...ips];
  app.trustedSince = context.clock.now() + context.switches.trustedIpDelayMs;
}

/** Refuses a call of a company's own app from an address that it does not trust. */
export function needTrustedIp(context: WecomContext, app: App, ip: string): void {
  if (!context.switches.strictSetup || app.suite) return;
  if (!app.trustedIps.includes(ip) || app.trustedSince > context.clock.now()) throw new WecomError(60020);
}

async function readText(context: WecomContext, url: string): Promise<string | null> {
  try {
    const answer = await context.fetch(url, { redirect: 'error', signal: AbortSignal.timeout(5000) });
    return answer.ok ? (await answer.text()).trim() : null;
  } catch {
    return null;
  }
}
