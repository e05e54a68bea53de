import { ApiError, type Transport } from '@lianke/shared/api/client';
import Taro from '@tarojs/taro';
import { earlyPath, takeEarly } from './early.js';
import { isDd, isH5 } from './host.js';
import { readStored } from './storage.js';

/** Where requests go: the page's own server on h5, the built-in address in mini-programs. */
export const server: string = isH5 ? '' : LIANKE_SERVER;
export const tokenKey = 'token';
const timeout = 20_000;

/** What a server answered, whatever its status. */
export interface Answer {
  status: number;
  json: unknown;
}

/** Headers every request carries. The cookie logs h5 in; mini-programs have no cookies and send the token. */
export function commonHeaders(): Record<string, string> {
  const headers: Record<string, string> = { 'Accept-Language': readStored<string>('lang') === 'en' ? 'en' : 'zh-CN' };
  const token = isH5 ? undefined : readStored<string>(tokenKey);
  if (token) headers.Authorization = `Bearer ${token}`;
  return headers;
}

/** True when no answer came: the phone is offline or the server cannot be reached. */
export function isOffline(error: unknown): boolean {
  return error instanceof ApiError && error.status === 0;
}

/** What a gateway says for a server that is away, and a server for itself that has too much to do. */
const awayStatuses = [0, 429, 502, 503, 504];

/** True when the same request will be answered later: there is no network, or the server is away or too busy. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof ApiError && awayStatuses.includes(error.status);
}

export function offlineError(): ApiError {
  return new ApiError(0, { type: 'about:blank', title: 'offline', status: 0, code: 'offline' });
}

/** DingTalk hands an answer outside of 2xx to `fail`; it still is the server's answer. */
export function answerInFailure(error: unknown): Answer | undefined {
  if (typeof error !== 'object' || error === null || !('status' in error) || typeof error.status !== 'number') return;
  const data: unknown = 'data' in error ? error.data : null;
  return { status: error.status, json: typeof data === 'string' ? parsed(data) : data };
}

export function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

/** The shared client's transport over Taro.request. An answer of any status resolves; only silence throws. */
export const transport: Transport = async ({ method, path, body, headers }) => {
  const early = path === earlyPath ? await takeEarly() : undefined;
  if (early) return early;
  const header: Record<string, string> = { ...commonHeaders(), ...headers };
  let data: unknown = body;
  if (method !== 'GET' && (body !== undefined || !isH5)) {
    // Mini-program hosts announce JSON even without a body, so there must be one.
    header['Content-Type'] = 'application/json';
    data = JSON.stringify(body ?? {});
  }
  try {
    const answer = await Taro.request<unknown, unknown>({
      url: server + path,
      method: method as 'GET',
      header,
      data,
      timeout,
      ...(isDd ? { dataType: 'json' as const } : {}),
    });
    return { status: answer.statusCode, json: typeof answer.data === 'string' ? parsed(answer.data) : answer.data };
  } catch (error) {
    const refused = answerInFailure(error);
    if (refused) return refused;
    throw offlineError();
  }
};
