import { randomToken } from '../core/random.js';
import { CODE_LIFE_MS, mintCode } from './codes.js';
import type { WecomContext } from './context.js';
import { redirectProblem, withCode } from './redirect.js';
import { installFor } from './suites.js';
import { canSee, findCorp, findMember, type PendingLogin } from './world.js';

/** A page that gave no sign of life for this long (real time) is taken for closed. */
const SILENT_MS = 20_000;

/** The log-in page refuses to show a QR; `title` and `detail` are for the page, `code` is the platform's number. */
export class LoginPageError extends Error {
  constructor(
    readonly code: number,
    detail: string,
  ) {
    super(detail);
    this.name = 'LoginPageError';
  }
}

/** A scan or confirmation that cannot be. */
export class ScanError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ScanError';
  }
}

const refusals = {
  [-31033]: '登录页所在的地址不在允许的来源里',
  [-31034]: '这家企业不是服务商',
  [-31037]: 'appid 不是登录授权的应用',
  [-31039]: '授权回调域与应用的可信域名不一致',
} as const;

export type LoginQuery = Record<string, string | undefined>;

/** Opens a log-in page (WW/98152) and its QR, which lives five minutes. */
export function openLogin(context: WecomContext, query: LoginQuery): PendingLogin {
  const { loginRefusal } = context.switches;
  if (loginRefusal !== null) throw new LoginPageError(loginRefusal, refusals[loginRefusal]);
  const suite = query.login_type === 'ServiceApp' ? context.world.suites.get(query.appid ?? '') : undefined;
  if (query.login_type !== undefined && query.login_type !== (suite ? 'ServiceApp' : 'CorpApp')) {
    throw new LoginPageError(
      -31040,
      `login_type「${query.login_type}」不支持，自建应用须是 CorpApp，第三方应用须是 ServiceApp`,
    );
  }
  const install = suite && installFor(context, suite, null, query.sandbox_corp);
  if (suite && !install) throw new LoginPageError(-31027, `还没有企业安装第三方应用「${suite.name}」`);
  const corp = findCorp(context.world, install?.corpId ?? query.appid ?? '');
  if (!corp) throw new LoginPageError(-31027, `appid「${query.appid ?? ''}」不是沙箱里的企业 ID`);
  const app = corp.apps.get(install?.agentId ?? Number(query.agentid));
  if (!app || app.contactSync)
    throw new LoginPageError(-31028, `企业「${corp.name}」没有应用 agentid「${query.agentid ?? ''}」`);
  const problem = redirectProblem(context, app, query.redirect_uri, 'login');
  if (problem) throw new LoginPageError(query.redirect_uri ? 50001 : -31035, problem);
  const login: PendingLogin = {
    id: randomToken(context.random, 16),
    suiteId: suite?.suiteId ?? null,
    corpId: corp.corpId,
    agentId: app.agentId,
    redirectUri: query.redirect_uri ?? '',
    redirectType: query.redirect_type === 'callback' || query.redirect_type === 'self' ? query.redirect_type : 'top',
    state: query.state ?? '',
    lang: query.lang === 'en' ? 'en' : 'zh',
    status: 'waiting',
    userid: null,
    code: null,
    createdAt: context.clock.now(),
    seenAt: Date.now(),
  };
  context.world.logins.set(login.id, login);
  context.hub.emit({ kind: 'login' });
  return login;
}

/** Whether the QR is too old to be scanned or confirmed. */
export function expired(context: WecomContext, login: PendingLogin): boolean {
  return context.clock.now() - login.createdAt > CODE_LIFE_MS;
}

/** Pages that wait for a phone now, newest first. */
export function pendingLogins(context: WecomContext): PendingLogin[] {
  const live = [...context.world.logins.values()].filter(
    (login) =>
      (login.status === 'waiting' || login.status === 'scanned') &&
      !expired(context, login) &&
      Date.now() - login.seenAt < SILENT_MS,
  );
  return live.reverse();
}

function open(context: WecomContext, qrId: string): PendingLogin {
  const login = context.world.logins.get(qrId);
  if (!login) throw new ScanError(`没有二维码 ${qrId}`);
  if (login.status === 'confirmed') throw new ScanError('这个二维码已经用过，请刷新登录页');
  if (login.status === 'cancelled' || login.status === 'closed')
    throw new ScanError('登录页已关闭或已取消，请重新打开登录页');
  if (expired(context, login)) throw new ScanError('二维码已过期，请刷新登录页');
  return login;
}

function allowed(context: WecomContext, login: PendingLogin, userid: string): string {
  const suite = login.suiteId === null ? undefined : context.world.suites.get(login.suiteId);
  const install = suite && installFor(context, suite, userid, login.corpId);
  if (install) Object.assign(login, { corpId: install.corpId, agentId: install.agentId });
  const corp = findCorp(context.world, login.corpId);
  const member = corp ? findMember(corp, userid) : undefined;
  const app = corp?.apps.get(login.agentId);
  if (!corp || !member || !app) throw new ScanError(`「${userid}」不是企业 ${corp?.name ?? login.corpId} 的成员`);
  if (!canSee(corp, app, member)) throw new ScanError(`「${member.name}」不在应用「${app.name}」的可见范围`);
  return member.userid;
}

/** The phone reads the QR: the page then says 「请在手机上确认登录」. */
export function scanLogin(context: WecomContext, qrId: string, userid: string): PendingLogin {
  const login = open(context, qrId);
  login.userid = allowed(context, login, userid);
  login.status = 'scanned';
  context.hub.emit({ kind: 'login' });
  return login;
}

/** The person confirms: a web code is minted and the page goes on to `redirect_uri`. Answers that address. */
export function confirmLogin(
  context: WecomContext,
  qrId: string,
  userid: string,
): { login: PendingLogin; redirect: string } {
  const login = open(context, qrId);
  const member = allowed(context, login, userid);
  if (login.status !== 'scanned' || login.userid !== member) throw new ScanError(`「${userid}」还没有扫这个二维码`);
  login.status = 'confirmed';
  login.code = mintCode(context, {
    pool: 'web',
    origin: 'login',
    corpId: login.corpId,
    agentId: login.agentId,
    userid: member,
    openid: null,
    privateInfo: false,
  });
  context.journal.add({ kind: 'login-confirmed', corpId: login.corpId, userid: member });
  context.hub.emit({ kind: 'login' });
  return { login, redirect: withCode(login.redirectUri, login.code, login.state) };
}

/** The person declines on the phone, or the tab is closed. */
export function endLogin(context: WecomContext, qrId: string, as: 'cancelled' | 'closed'): void {
  const login = context.world.logins.get(qrId);
  if (!login || login.status === 'confirmed') return;
  login.status = as;
  context.hub.emit({ kind: 'login' });
}

/** What the page learns when it asks; asking is its sign of life. */
export function loginStatus(
  context: WecomContext,
  qrId: string,
): { status: PendingLogin['status'] | 'expired' | 'unknown'; code?: string; redirect?: string; name?: string } {
  const login = context.world.logins.get(qrId);
  if (!login) return { status: 'unknown' };
  login.seenAt = Date.now();
  if (login.status === 'confirmed' && login.code) {
    return { status: 'confirmed', code: login.code, redirect: withCode(login.redirectUri, login.code, login.state) };
  }
  if (login.status !== 'cancelled' && expired(context, login)) return { status: 'expired' };
  const corp = findCorp(context.world, login.corpId);
  const name = corp && login.userid ? findMember(corp, login.userid)?.name : undefined;
  return { status: login.status, ...(name ? { name } : {}) };
}
