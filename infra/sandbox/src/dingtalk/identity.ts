import { randomToken } from '../core/random.js';
import type { DingContext } from './context.js';
import { NewApiError, OapiError } from './errors.js';
import { loginApp } from './suites.js';
import { DING_TOKEN_LIFE_MS } from './tokens.js';
import { corpOf, type DingApp, type DingCode, type DingCorp, findDingApp, unionIdFor } from './world.js';

/** Codes live five minutes and are used once (DD/jsapi-request-auth-code). */
export const DING_CODE_LIFE_MS = 300_000;

/** A code as the log-in page (`login`) or the client inside DingTalk (`client`) hands it out. */
export function mintDingCode(context: DingContext, app: DingApp, userid: string, kind: DingCode['kind']): string {
  const code = randomToken(context.random, 18);
  context.world.codes.set(code, {
    code,
    kind,
    appKey: app.appKey,
    userid,
    expiresAt: context.clock.now() + DING_CODE_LIFE_MS,
    used: false,
  });
  return code;
}

/** The code that this company's client hands to a page shown in it; null when that is no DingTalk company of this person. */
export function clientCode(context: DingContext, corpId: string, userid: string): string | null {
  const corp = context.world.corps.get(corpId);
  const [app] = corp?.apps.values() ?? [];
  return corp?.members.has(userid) && app ? mintDingCode(context, app, userid, 'client') : null;
}

function takeCode(context: DingContext, code: unknown, kind: DingCode['kind'], appKey: string): DingCode | undefined {
  const record = typeof code === 'string' ? context.world.codes.get(code) : undefined;
  const good =
    record &&
    record.kind === kind &&
    record.appKey === appKey &&
    !record.used &&
    record.expiresAt > context.clock.now();
  if (!good) return undefined;
  record.used = true;
  return record;
}

/** `topapi/v2/user/getuserinfo`: who opened the app inside DingTalk. */
export function clientUser(context: DingContext, corp: DingCorp, app: DingApp, code: unknown): Record<string, unknown> {
  const record = takeCode(context, code, 'client', app.appKey);
  const member = record && corp.members.get(record.userid);
  if (!member) throw new OapiError(40078);
  return {
    userid: member.userid,
    unionid: unionIdFor(app, member),
    associated_unionid: unionIdFor(app, member),
    device_id: 'sandbox',
    sys: member.userid === 'admin',
    sys_level: member.userid === 'admin' ? 1 : member.userid === 'boss' ? 100 : 0,
    name: member.name,
  };
}

/** `POST /v1.0/oauth2/userAccessToken`: a log-in page's code, or a refresh token, for a token of that person. */
export function userToken(context: DingContext, body: Record<string, unknown>): Record<string, unknown> {
  const app = clientOf(context, body);
  if (!app) throw new NewApiError(400, 'invalidClientIdOrSecret', '无效的clientId或者clientSecret');
  const userid = body.grantType === 'refresh_token' ? refreshed(context, app, body) : loggedIn(context, app, body);
  const token = {
    token: randomToken(context.random, 24),
    refreshToken: randomToken(context.random, 24),
    appKey: app.appKey,
    userid,
    expiresAt: context.clock.now() + DING_TOKEN_LIFE_MS,
  };
  context.world.userTokens.set(token.token, token);
  return {
    accessToken: token.token,
    refreshToken: token.refreshToken,
    expireIn: DING_TOKEN_LIFE_MS / 1000,
    corpId: app.corpId,
  };
}

/** Whose client id and secret these are; of an app of the directory the copy of the company that the code is of. */
function clientOf(context: DingContext, body: Record<string, unknown>): DingApp | undefined {
  const clientId = String(body.clientId ?? '');
  const suite = context.world.suites.get(clientId);
  if (!suite) {
    const app = findDingApp(context.world, clientId);
    return app && !app.suite && app.appSecret === body.clientSecret ? app : undefined;
  }
  if (suite.suiteSecret !== body.clientSecret) return undefined;
  const app = findDingApp(context.world, context.world.codes.get(String(body.code ?? ''))?.appKey ?? '');
  if (app && app.suite?.suiteKey !== suite.suiteKey) return undefined;
  return app ?? loginApp(context, clientId, undefined, undefined);
}

function loggedIn(context: DingContext, app: DingApp, body: Record<string, unknown>): string {
  if (body.grantType !== 'authorization_code')
    throw new NewApiError(400, 'invalidParameter', 'grantType 须是 authorization_code 或 refresh_token');
  const record = takeCode(context, body.code, 'login', app.appKey);
  if (!record) throw new NewApiError(400, 'invalidParameter.authCode.notFound', '不存在的临时授权码');
  return record.userid;
}

function refreshed(context: DingContext, app: DingApp, body: Record<string, unknown>): string {
  const known = [...context.world.userTokens.values()].find(
    (token) => token.refreshToken === body.refreshToken && token.appKey === app.appKey,
  );
  if (!known) throw new NewApiError(400, 'invalidParameter.refreshToken.notFound', 'refreshToken 不存在');
  context.world.userTokens.delete(known.token);
  return known.userid;
}

/** `GET /v1.0/contact/users/me` under a person's token; an app's token is refused. */
export function whoAmI(context: DingContext, token: string | undefined): Record<string, unknown> {
  if (!token) throw new NewApiError(400, 'AuthenticationFailed.MissingParameter', '缺少 x-acs-dingtalk-access-token');
  const record = context.world.userTokens.get(token);
  const app = record && findDingApp(context.world, record.appKey);
  const member = app && corpOf(context.world, app).members.get(record.userid);
  if (!record || !member || record.expiresAt <= context.clock.now())
    throw new NewApiError(400, 'InvalidAuthentication', '不合法的access_token');
  return {
    nick: member.name,
    avatarUrl: '',
    openId: `open_${member.userid}`,
    unionId: unionIdFor(app, member),
    ...(app.permissions.includes('mobile') ? { mobile: member.mobile, stateCode: '86' } : {}),
    ...(app.permissions.includes('email') && member.email !== '' ? { email: member.email } : {}),
  };
}
