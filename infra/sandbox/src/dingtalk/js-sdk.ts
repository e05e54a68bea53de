import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { DingContext } from './context.js';
import { jsapiTicket } from './tokens.js';

const pageConfig = z.object({
  corpId: z.string(),
  agentId: z.string(),
  timestamp: z.string(),
  nonceStr: z.string(),
  signature: z.string(),
  /** The page's whole address. */
  url: z.string(),
});

/** What `dd.config` signs: the address as a person reads it, without its fragment (reference B5). */
export function dingPageSignature(
  algorithm: 'sha1' | 'sha256',
  ticket: string,
  page: { url: string; timestamp: string; nonceStr: string },
): string {
  const url = decodeURIComponent(page.url.split('#')[0] ?? '');
  const plain = `jsapi_ticket=${ticket}&noncestr=${page.nonceStr}&timestamp=${page.timestamp}&url=${url}`;
  return createHash(algorithm).update(plain).digest('hex');
}

/** The client's servers' answer to a page: 52013 for a signature that is not the app's. Also a line of the log. */
export function answerDingPage(context: DingContext, body: string): { errcode: number; errmsg: string } {
  const page = parsed(body);
  const corp = page && context.world.corps.get(page.corpId);
  const app = [...(corp?.apps.values() ?? [])].find((each) => String(each.agentId) === page?.agentId);
  const digests =
    context.switches.pageDigest === 'both' ? (['sha256', 'sha1'] as const) : [context.switches.pageDigest];
  const { ticket } = app ? jsapiTicket(context, app) : { ticket: '' };
  const good = page && app && digests.some((digest) => dingPageSignature(digest, ticket, page) === page.signature);
  const answer = good ? { errcode: 0, errmsg: 'ok' } : { errcode: 52013, errmsg: '签名校验失败' };
  context.log.add({
    platform: 'dingtalk',
    direction: 'in',
    method: 'JSAPI',
    path: 'dd.config',
    query: {},
    corpId: corp?.corpId ?? null,
    agentId: app?.agentId ?? null,
    request: page ?? body,
    status: 200,
    response: answer,
    errcode: answer.errcode,
    ms: 0,
    warnings: [],
  });
  return answer;
}

function parsed(body: string): z.infer<typeof pageConfig> | null {
  try {
    return pageConfig.parse(JSON.parse(body));
  } catch {
    return null;
  }
}
