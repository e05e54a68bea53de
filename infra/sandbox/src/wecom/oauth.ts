import { mintCode } from './codes.js';
import type { WecomContext } from './context.js';
import { redirectProblem, withCode } from './redirect.js';
import { installFor } from './suites.js';
import { type App, type Corp, canSee, findCorp, findMember, type Member } from './world.js';

export type OauthQuery = Record<string, string | undefined>;

/** What the authorize page does next. */
export type OauthStep =
  | { kind: 'error'; code: number; message: string }
  /** Nobody is known yet: the page looks at its frame's name, else asks. */
  | { kind: 'who'; corp: Corp; app: App; members: Member[] }
  /** `snsapi_privateinfo`: the person is asked. */
  | { kind: 'consent'; corp: Corp; app: App; member: Member }
  | { kind: 'redirect'; url: string; corp: Corp; userid: string };

function appOf(corp: Corp, agentid: string | undefined): App | undefined {
  if (agentid) return corp.apps.get(Number(agentid));
  return [...corp.apps.values()].find((app) => !app.contactSync);
}

/**
 * `connect/oauth2/authorize` (WW/91022): silent for `snsapi_base`; asks once for `snsapi_privateinfo`, which needs `agentid`.
 * `userid` is whose phone opened the page; `sandbox_openid` in the query plays somebody who is no member.
 */
export function authorize(context: WecomContext, query: OauthQuery, userid: string | null, agreed: boolean): OauthStep {
  const fail = (code: number, message: string): OauthStep => ({ kind: 'error', code, message });
  const suite = context.world.suites.get(query.appid ?? '');
  const install = suite && installFor(context, suite, userid, query.sandbox_corp);
  const corp = findCorp(context.world, install?.corpId ?? query.appid ?? '');
  if (!corp) return fail(40013, `appid「${query.appid ?? ''}」不是沙箱里的企业 ID`);
  if (query.response_type !== 'code') return fail(40035, 'response_type 须是 code');
  const scope = query.scope ?? '';
  if (scope !== 'snsapi_base' && scope !== 'snsapi_privateinfo')
    return fail(40035, `scope「${scope}」须是 snsapi_base 或 snsapi_privateinfo`);
  if (scope === 'snsapi_privateinfo' && !query.agentid) return fail(40035, 'snsapi_privateinfo 须带 agentid');
  const state = query.state ?? '';
  if (!/^[a-zA-Z0-9]{0,128}$/.test(state)) return fail(40035, 'state 只能是 a-z A-Z 0-9，不超过 128 字节');
  const app = install ? corp.apps.get(install.agentId) : appOf(corp, query.agentid);
  if (!app || app.contactSync) return fail(40056, `企业「${corp.name}」没有应用 agentid「${query.agentid ?? ''}」`);
  const problem = redirectProblem(context, app, query.redirect_uri, 'page');
  if (problem) return fail(50001, problem);
  const redirectUri = query.redirect_uri ?? '';
  const base = {
    pool: 'web',
    origin: 'oauth',
    corpId: corp.corpId,
    agentId: query.agentid || install ? app.agentId : null,
  } as const;

  if (query.sandbox_openid) {
    const code = mintCode(context, { ...base, userid: null, openid: query.sandbox_openid, privateInfo: false });
    return { kind: 'redirect', url: withCode(redirectUri, code, state), corp, userid: query.sandbox_openid };
  }
  if (!userid)
    return {
      kind: 'who',
      corp,
      app,
      members: [...corp.members.values()].filter((member) => canSee(corp, app, member)),
    };
  const member = findMember(corp, userid);
  if (!member) return fail(46004, `「${userid}」不是企业「${corp.name}」的成员`);
  if (!canSee(corp, app, member)) return fail(50002, `「${member.name}」不在应用「${app.name}」的可见范围`);
  const privateInfo = scope === 'snsapi_privateinfo';
  if (privateInfo && !agreed) return { kind: 'consent', corp, app, member };
  const code = mintCode(context, { ...base, userid: member.userid, openid: null, privateInfo });
  return { kind: 'redirect', url: withCode(redirectUri, code, state), corp, userid: member.userid };
}

/** Name of the frame in which a phone shows a page; the authorize page reads from it whose phone it is. */
export const frameName = (corpId: string, userid: string): string => `lianke-phone:${corpId}:${userid}`;

/** What the workbench opens for this app. */
export function homeUrl(context: WecomContext, corp: Corp, app: App): string {
  return app.homeUrl ?? `${context.publicUrl}/m/?channel=wecom&corpid=${corp.corpId}&agentid=${app.agentId}`;
}

/** In-chat OAuth address of a page of the app for one person, as WeCom opens it from the workbench. */
export function miniAppUrl(context: WecomContext, corp: Corp, app: App, userid: string, target: string): string {
  const url = new URL('/connect/oauth2/authorize', context.selfUrl);
  url.search = new URLSearchParams({
    appid: corp.corpId,
    redirect_uri: target,
    response_type: 'code',
    scope: 'snsapi_base',
    state: 'workbench',
    agentid: String(app.agentId),
    sandbox_user: userid,
  }).toString();
  url.hash = 'wechat_redirect';
  return url.toString();
}
