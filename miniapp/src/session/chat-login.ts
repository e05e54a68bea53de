import { urlOf } from '@lianke/shared/api/client';
import Taro from '@tarojs/taro';
import { api } from '../api/client.js';
import { codeOfDingtalk } from '../platform/dingtalk-code.js';
import { chatHost, isDd, isH5 } from '../platform/host.js';
import { dropStored, readStored, writeStored } from '../platform/storage.js';

export type Channel = 'wecom' | 'dingtalk';
/** `token`: logged in; `leaving`: the browser is on its way to the platform's page; `none`: no chat to log in through. */
export type ChatLogin = { kind: 'token'; token: string } | { kind: 'leaving' } | { kind: 'none' };

const connectionKey = 'connection';
const redirectKey = 'redirectedAt';
/** A second redirect within this time means that the first one came back without a session. */
const redirectPause = 60_000;

/** Query parameters of the h5 address: of the page itself and of the route behind the hash. */
function addressParams(): Record<string, string> {
  const found: Record<string, string> = {};
  for (const part of [location.search.slice(1), location.hash.split('?')[1] ?? '']) {
    for (const pair of part.split('&').filter(Boolean)) {
      const [key = '', value = ''] = pair.split('=');
      found[decodeURIComponent(key)] = decodeURIComponent(value.replace(/\+/g, ' '));
    }
  }
  return found;
}

/** The connection named by the address or the launch options; remembered for the next time. */
function namedConnection(): string | undefined {
  const named = isH5
    ? addressParams().connection
    : (Taro.getLaunchOptionsSync().query as { connection?: string }).connection;
  if (named) writeStored(connectionKey, named);
  return named;
}

export function knownConnection(): string | undefined {
  return namedConnection() ?? readStored<string>(connectionKey) ?? (isH5 ? undefined : LIANKE_CONNECTION || undefined);
}

/** The connection to use where none is named: the only one of this chat that the server offers. */
async function onlyConnection(channel: Channel): Promise<string | undefined> {
  const { items } = await api('auth.connections', { query: {} });
  const matching = items.filter((item) => item.channel === channel);
  return matching.length === 1 ? matching[0]?.id : undefined;
}

function authCode(): Promise<string> {
  return new Promise((resolve, reject) => {
    // Tested here and not through `isDd`, so that each build names its own host's global only.
    if (process.env.TARO_ENV === 'dd') dd.getAuthCode({ success: (answer) => resolve(answer.authCode), fail: reject });
    else if (wx.qy) wx.qy.login({ success: (answer) => resolve(answer.code), fail: reject });
    else reject(new Error('wx.qy'));
  });
}

/** Forgets the last redirect: it led to a session. */
export function redirectWorked(): void {
  dropStored(redirectKey);
}

/** The address that starts the platform's log-in and comes back to the page shown now. */
export function logInAddress(channel: Channel, connectionId: string): string {
  // The log-in page itself is no place to come back to.
  const hash = location.hash.includes('pages/login/') ? '' : location.hash;
  const returnTo = `${location.pathname}${location.search}${hash}`;
  const start = urlOf('auth.code', { channel }).replace(/code$/, 'start');
  return `${start}?connectionId=${encodeURIComponent(connectionId)}&returnTo=${encodeURIComponent(returnTo)}`;
}

async function onH5(): Promise<ChatLogin> {
  const named = namedConnection();
  const host = chatHost();
  const inside = named !== undefined || host !== 'browser';
  const last = readStored<number>(redirectKey) ?? 0;
  if (!inside || readStored<boolean>('signedOut') || Date.now() - last < redirectPause) return { kind: 'none' };
  const channel: Channel = host === 'dingtalk' ? 'dingtalk' : 'wecom';
  const connectionId = named ?? readStored<string>(connectionKey) ?? (await onlyConnection(channel));
  if (!connectionId) return { kind: 'none' };
  if (host === 'dingtalk') {
    const token = await throughDingtalk(connectionId);
    return token === null ? { kind: 'none' } : { kind: 'token', token };
  }
  leaveFor(logInAddress(channel, connectionId));
  return { kind: 'leaving' };
}

/** The log-in inside of DingTalk needs no page of its own; null where the connection is none of DingTalk's. */
async function throughDingtalk(connectionId: string): Promise<string | null> {
  const { items } = await api('auth.connections', { query: { connection: connectionId } });
  const corpId = items.find((item) => item.id === connectionId && item.channel === 'dingtalk')?.corpId;
  if (!corpId) return null;
  const code = await codeOfDingtalk(corpId);
  const { token } = await api('auth.code', {
    params: { channel: 'dingtalk' },
    body: { connectionId, code, client: 'h5' },
  });
  return token;
}

function leaveFor(address: string): void {
  writeStored(redirectKey, Date.now());
  location.replace(address);
}

/** What a tap on 用企业微信登录 does on h5. */
export function startLogIn(channel: Channel, connectionId: string): void {
  dropStored('signedOut');
  writeStored(connectionKey, connectionId);
  leaveFor(logInAddress(channel, connectionId));
}

const recordPages = /pages\/(task|record|form|visit|list|dashboard|sidebar)\//;

/**
 * A card of one company opened while the person is in another of theirs: goes through that company's log-in, or its
 * record would not be found. True when the browser is on its way.
 */
export async function followsCompany(tenantKey: string, companies: number): Promise<boolean> {
  if (!isH5 || companies < 2 || !recordPages.test(location.hash)) return false;
  const named = namedConnection();
  if (!named || Date.now() - (readStored<number>(redirectKey) ?? 0) < redirectPause) return false;
  const { items } = await api('auth.connections', { query: {} });
  const connection = items.find((item) => item.id === named);
  if (!connection || connection.tenant.key === tenantKey) return false;
  if (chatHost() === 'dingtalk') {
    await throughDingtalk(named);
    location.reload();
    return true;
  }
  leaveFor(logInAddress(connection.channel, named));
  return true;
}

async function inMiniProgram(): Promise<ChatLogin> {
  if (readStored<boolean>('signedOut')) return { kind: 'none' };
  const channel: Channel = isDd ? 'dingtalk' : 'wecom';
  const connectionId = knownConnection() ?? (await onlyConnection(channel));
  if (!connectionId) return { kind: 'none' };
  const code = await authCode();
  const { token } = await api('auth.code', {
    params: { channel },
    body: { connectionId, code, client: 'miniprogram' },
  });
  return { kind: 'token', token };
}

/** Logs in without asking anything, where a chat app vouches for the person. */
export function logInThroughChat(): Promise<ChatLogin> {
  return isH5 ? onH5() : inMiniProgram();
}
