import type { Connection } from '../connection.js';

export interface LoginPlace {
  /** Origin of the platform's page, without a slash at its end. */
  base: string;
  redirectUri: string;
  /** Letters and digits, at most 128. */
  state: string;
}

/** The web log-in page with its QR (WW/98152): of the company's own app, or of a suite, which names no company (A16). Inside a frame it sends the whole window on to `redirectUri`. */
export function webLoginUrl(
  connection: Connection,
  { base, redirectUri, state }: LoginPlace,
  language: 'zh' | 'en',
): string {
  const query = new URLSearchParams({
    ...(connection.suiteId === null
      ? { login_type: 'CorpApp', appid: connection.corpId, agentid: connection.agentId }
      : { login_type: 'ServiceApp', appid: connection.suiteId }),
    redirect_uri: redirectUri,
    state,
    lang: language,
  });
  return `${base}/wwlogin/sso/login?${query}`;
}

/** The silent authorisation inside WeCom (WW/91022). */
export function inChatLoginUrl(connection: Connection, { base, redirectUri, state }: LoginPlace): string {
  const query = new URLSearchParams({
    appid: connection.suiteId ?? connection.corpId,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'snsapi_base',
    state,
    ...(connection.suiteId === null ? { agentid: connection.agentId } : {}),
  });
  return `${base}/connect/oauth2/authorize?${query}#wechat_redirect`;
}
