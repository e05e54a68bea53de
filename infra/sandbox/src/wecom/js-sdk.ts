import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { WecomContext } from './context.js';
import { WecomError } from './errors.js';
import { trustedDomain } from './redirect.js';
import { installByOpenId } from './suites.js';
import { getTicket } from './tokens.js';
import { type Corp, findCorp } from './world.js';

const pageConfig = z.object({
  kind: z.enum(['config', 'agentConfig']),
  corpId: z.string(),
  /** Of `agentConfig` only. */
  agentId: z.string().nullable(),
  /** The page's whole address. */
  url: z.string(),
  timestamp: z.string(),
  nonceStr: z.string(),
  signature: z.string(),
});
/** What a page says of itself to the client before it may use its interface. */
export type PageConfig = z.infer<typeof pageConfig>;

/** `sha1` of ticket, nonce, seconds and address without its fragment (reference A8). */
export function pageSignature(ticket: string, page: Pick<PageConfig, 'url' | 'timestamp' | 'nonceStr'>): string {
  const url = page.url.split('#')[0];
  const plain = `jsapi_ticket=${ticket}&noncestr=${page.nonceStr}&timestamp=${page.timestamp}&url=${url}`;
  return createHash('sha1').update(plain).digest('hex');
}

/** The company of an id as a page names it: plain, or encrypted for the provider of an app that it added. */
export function corpBehind(context: WecomContext, corpId: string): Corp | undefined {
  const plain = findCorp(context.world, corpId);
  if (plain) return plain;
  const installs = [...context.world.suites.values()].map((suite) => installByOpenId(suite, corpId));
  const install = installs.find((each) => each !== undefined);
  return install && findCorp(context.world, install.corpId);
}

/** What the client asks its servers: 80001 for a page outside of the app's trusted domain, 40093 for a wrong signature. */
export function verifyPage(context: WecomContext, page: PageConfig): void {
  const corp = corpBehind(context, page.corpId);
  if (!corp) throw new WecomError(40013, page.corpId);
  const app = page.agentId === null ? null : (corp.apps.get(Number(page.agentId)) ?? null);
  if (page.kind === 'agentConfig' && !app) throw new WecomError(40056, String(page.agentId));
  const trusted = [...corp.apps.values()]
    .filter((each) => !each.contactSync && (!app || each === app))
    .map((each) => trustedDomain(context, each));
  if (!URL.canParse(page.url) || !trusted.includes(new URL(page.url).host)) throw new WecomError(80001, page.url);
  const { ticket } = getTicket(context, corp, page.kind === 'agentConfig' ? app : null) as { ticket: string };
  if (pageSignature(ticket, page) !== page.signature) throw new WecomError(40093);
}

/** The same as the client's servers answer it to the client, and as a line of the log. */
export function answerPage(context: WecomContext, body: string): { errcode: number; errmsg: string } {
  let page: PageConfig | null = null;
  let answer = { errcode: 0, errmsg: 'ok' };
  try {
    page = pageConfig.parse(JSON.parse(body));
    verifyPage(context, page);
  } catch (error) {
    answer =
      error instanceof WecomError
        ? { errcode: error.errcode, errmsg: error.message }
        : { errcode: 40035, errmsg: 'invalid parameter' };
  }
  context.log.add({
    platform: 'wecom',
    direction: 'in',
    method: 'JSAPI',
    path: page?.kind ?? 'config',
    query: {},
    corpId: page?.corpId ?? null,
    agentId: page?.agentId ? Number(page.agentId) : null,
    request: page ?? body,
    status: 200,
    response: answer,
    errcode: answer.errcode,
    ms: 0,
    warnings: [],
  });
  return answer;
}
