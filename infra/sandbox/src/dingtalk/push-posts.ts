import { randomToken } from '../core/random.js';
import { decryptMessage, encryptMessage, sameSignature, signatureOf } from '../wecom/crypto.js';
import type { DingContext } from './context.js';
import type { DingApp, EventPush } from './world.js';

type Body = Record<string, unknown>;

/** Where a push goes and for whom it is sealed. */
export interface PushTarget {
  url: string;
  token: string;
  aesKey: string;
  owner: string;
  corpId: string;
  agentId: number;
}

/** Requests to the addresses of applications, each kept in the log. */
export class PushPosts {
  constructor(
    private readonly context: DingContext,
    private readonly eventMs: number,
  ) {}

  /** One encrypted POST; null when the answer is the encrypted `success` that the platform asks for. */
  async post(target: PushTarget, body: Body): Promise<string | null> {
    const { clock, random } = this.context;
    const timestamp = String(clock.now());
    const nonce = randomToken(random, 6);
    const encrypt = encryptMessage({
      aesKey: target.aesKey,
      receiveId: target.owner,
      message: JSON.stringify(body),
      random16: random.bytes(16),
    });
    const signature = signatureOf(target.token, timestamp, nonce, encrypt);
    const url = new URL(target.url);
    for (const [name, value] of Object.entries({ signature, msg_signature: signature, timestamp, nonce }))
      url.searchParams.set(name, value);
    const answer = await this.send(target, url.toString(), { encrypt }, {}, body, this.eventMs);
    return answer.problem ?? successProblem(answer.text, target);
  }

  /** One POST of any kind; a problem where there is no answer within the limit, or none with 200. */
  async send(
    app: Pick<PushTarget, 'corpId' | 'agentId'>,
    url: string,
    body: Body,
    headers: Record<string, string>,
    shown: Body,
    limitMs: number,
  ): Promise<{ text: string; problem: string | null }> {
    const started = Date.now();
    let status = 0;
    let text = '';
    let problem: string | null = null;
    try {
      const response = await this.context.fetch(url, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
        redirect: 'manual',
        signal: AbortSignal.timeout(limitMs),
      });
      status = response.status;
      text = (await response.text()).slice(0, 20_000);
      if (status !== 200) problem = `回调地址应答 HTTP ${status}，应为 200`;
    } catch (error) {
      problem =
        error instanceof Error && error.name === 'TimeoutError'
          ? `回调地址 ${limitMs / 1000} 秒内没有应答`
          : `连接不上回调地址：${error instanceof Error ? error.message : String(error)}`;
    }
    this.context.log.add({
      platform: 'dingtalk',
      direction: 'out',
      method: 'POST',
      path: url,
      corpId: app.corpId,
      agentId: app.agentId,
      request: shown,
      status,
      response: problem ?? text,
      errcode: problem === null ? 0 : null,
      ms: Date.now() - started,
      warnings: problem === null ? [] : [problem],
    });
    return { text, problem };
  }
}

/** The address an application registered for events. */
export function ownTarget(app: DingApp, { url, token, aesKey }: Omit<EventPush, 'verifiedAt'>): PushTarget {
  return { url, token, aesKey, owner: app.appKey, corpId: app.corpId, agentId: app.agentId };
}

/** The object that a text is; null where it is none. */
export function jsonObject(text: string): Body | null {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Body) : null;
  } catch {
    return null;
  }
}

/** The reply must be `success`, encrypted for the same owner and signed (DD/configure-stream-push, FAQ). */
function successProblem(text: string, target: PushTarget): string | null {
  const answer = jsonObject(text);
  const { msg_signature: signature, timeStamp, nonce, encrypt } = answer ?? {};
  if (
    typeof signature !== 'string' ||
    typeof encrypt !== 'string' ||
    timeStamp === undefined ||
    typeof nonce !== 'string'
  )
    return '应答须是 {msg_signature, timeStamp, nonce, encrypt}';
  if (!sameSignature(signature, signatureOf(target.token, String(timeStamp), nonce, encrypt)))
    return '应答的 msg_signature 不正确';
  try {
    const { message } = decryptMessage({ aesKey: target.aesKey, receiveId: target.owner, encrypt });
    return message === 'success' ? null : `应答解密后是「${message}」，应为 success`;
  } catch (error) {
    return `应答解不开：${error instanceof Error ? error.message : String(error)}`;
  }
}
