import { createHmac } from 'node:crypto';
import { randomToken } from '../core/random.js';
import type { DingContext } from './context.js';
import { NewApiError, OapiError } from './errors.js';
import type { Pushes } from './pushes.js';
import { DING_TOKEN_LIFE_MS } from './tokens.js';
import { type DingApp, type DingCorp, type DingMember, type DingSuite, unionIdFor } from './world.js';

type Body = Record<string, unknown>;

/** Pushed about every five hours (B2); an older one stays good for a while. */
export const DING_TICKET_EVERY_MS = 5 * 3_600_000;
const TICKET_LIFE_MS = 6 * 3_600_000;
/** How far the time of a signed call may be from the platform's. */
const SIGNED_MS = 60_000;
const FIRST_AGENT = 3_000_001;

/** `biz_type` of SyncHTTP (B11). */
export const SYNC = { ticket: 2, consent: 4, app: 7, people: 13, departments: 14, company: 16, order: 17 } as const;

/** Key under which a company's copy of an app of the directory stands among its apps: the platform has one for all of them. */
export const installedKey = (suiteKey: string, corpId: string): string => `${suiteKey}@${corpId}`;

/** A company's copy of the app; undefined when it has not added it, or has taken it away. */
export function installedApp(corp: DingCorp | undefined, suite: DingSuite): DingApp | undefined {
  const app = corp?.apps.get(installedKey(suite.suiteKey, corp.corpId));
  return app?.suite?.authorised ? app : undefined;
}

/** The app through which somebody logs in by a client id: of one company, or of the directory and then of his company. */
export function loginApp(
  context: DingContext,
  clientId: string | undefined,
  userid: string | undefined,
  corpId: string | undefined,
): DingApp | undefined {
  const suite = context.world.suites.get(clientId ?? '');
  if (!suite) return undefined;
  const all = [...context.world.corps.values()].filter(
    (corp) => installedApp(corp, suite) && (userid === undefined || corp.members.has(userid)),
  );
  return installedApp(all.find((corp) => corp.corpId === corpId) ?? all[0], suite);
}

/** One object's latest state, as SyncHTTP carries it. */
export function syncItem(corpId: string, type: number, id: string, data: Body): Body {
  return { corp_id: corpId, biz_id: id, biz_type: type, biz_data: JSON.stringify(data) };
}

export function pushDingTicket(context: DingContext, pushes: Pushes, suite: DingSuite): string {
  const ticket = randomToken(context.random, 24);
  suite.tickets.set(ticket, context.clock.now() + TICKET_LIFE_MS);
  pushes.sync(suite, 'suite_ticket', [
    syncItem('', SYNC.ticket, suite.suiteKey, { syncAction: 'suite_ticket', suiteTicket: ticket }),
  ]);
  return ticket;
}

/** An administrator adds the app of the directory to his company; the provider learns of it by the event only. */
export function addDingSuite(
  context: DingContext,
  pushes: Pushes,
  suite: DingSuite,
  corp: DingCorp,
  userid: string,
): void {
  const key = installedKey(suite.suiteKey, corp.corpId);
  const before = corp.apps.get(key);
  const agentId =
    before?.agentId ?? Math.max(FIRST_AGENT - 1, ...[...corp.apps.values()].map((app) => app.agentId)) + 1;
  const permanentCode = randomToken(context.random, 48);
  const app: DingApp = {
    corpId: corp.corpId,
    agentId,
    appKey: key,
    appSecret: randomToken(context.random, 48),
    name: suite.name,
    homeUrl: null,
    miniProgram: false,
    redirectUrls: null,
    robotUrl: suite.robotUrl ?? `${suite.callbackUrl ?? `${context.publicUrl}/callbacks/suites/dingtalk`}/robot`,
    visibleDepartments: [1],
    usable: null,
    permissions: ['contacts', 'notice', 'card', 'todo', 'robot'],
    cardTemplates: new Map(suite.cardTemplates.map((each) => [each.id, each.variables])),
    eventPush: null,
    publishedAt: null,
    serverIps: [],
    cardRoutes: new Map(),
    ...before,
    suite: { suiteKey: suite.suiteKey, authorised: true, permanentCode, userid },
  };
  corp.apps.set(key, app);
  pushes.sync(suite, 'org_suite_auth', [
    syncItem(corp.corpId, SYNC.consent, corp.corpId, {
      syncAction: 'org_suite_auth',
      permanent_code: permanentCode,
      auth_corp_info: { corpid: corp.corpId, corp_name: corp.name },
      auth_user_info: { userId: userid },
      auth_scope: { errcode: 0 },
      auth_info: { agent: [{ agentid: agentId, appid: 1, agent_name: suite.name }] },
    }),
  ]);
}

/** A change of the company's people or departments as apps of the directory hear of it: one item each, with a snapshot. */
export function memberItem(
  { suiteKey }: Pick<DingSuite, 'suiteKey'>,
  corpId: string,
  action: string,
  userid: string,
  member: DingMember | undefined,
): Body {
  const snapshot = member
    ? {
        userid,
        unionid: unionIdFor({ suite: { suiteKey } }, member),
        name: member.name,
        department: member.departments,
        active: true,
      }
    : { userId: userid };
  return syncItem(corpId, SYNC.people, userid, { syncAction: action, ...snapshot });
}

/** `POST /v1.0/oauth2/corpAccessToken`: another token at each call, all of them good until their end. */
export function corpAccessToken(context: DingContext, body: Body): Body {
  const suite = proven(context, body);
  const app = installedApp(context.world.corps.get(String(body.authCorpId ?? '')), suite);
  if (!app) throw new NewApiError(400, 'invalidAuthInfo', '企业没有授权这个应用');
  const token = randomToken(context.random, 24);
  const expiresAt = context.clock.now() + DING_TOKEN_LIFE_MS;
  context.world.tokens.set(token, { token, appKey: app.appKey, expiresAt, known: true });
  context.world.currentTokens.set(app.appKey, token);
  return { accessToken: token, expireIn: DING_TOKEN_LIFE_MS / 1000 };
}

/** `POST /v1.0/oauth2/suiteAccessToken`. */
export function suiteAccessToken(context: DingContext, body: Body): Body {
  proven(context, body);
  return { accessToken: randomToken(context.random, 24), expireIn: DING_TOKEN_LIFE_MS / 1000 };
}

function proven(context: DingContext, body: Body): DingSuite {
  const suite = context.world.suites.get(String(body.suiteKey ?? ''));
  if (!suite || suite.suiteSecret !== body.suiteSecret)
    throw new NewApiError(400, 'invalidSuiteKey', '无效的suiteKey或者suiteSecret');
  if (!validTicket(context, suite, body.suiteTicket))
    throw new NewApiError(400, 'invalidSuiteTicket', '无效的suiteTicket');
  return suite;
}

const validTicket = (context: DingContext, suite: DingSuite, ticket: unknown): boolean =>
  (suite.tickets.get(String(ticket ?? '')) ?? 0) > context.clock.now();

/** `service/get_corp_token` and `service/get_auth_info` of the older interface, signed in their query. */
export function signedSuiteCall(
  context: DingContext,
  path: string,
  query: Record<string, string | undefined>,
  body: Body,
): Body {
  const { accessKey, timestamp = '', suiteTicket = '', signature } = query;
  const suite = context.world.suites.get(accessKey ?? '');
  if (!suite) throw new OapiError(853003);
  if (!/^\d{13}$/.test(timestamp)) throw new OapiError(853001);
  if (Math.abs(context.clock.now() - Number(timestamp)) > SIGNED_MS) throw new OapiError(853002);
  const expected = createHmac('sha256', suite.suiteSecret).update(`${timestamp}\n${suiteTicket}`).digest('base64');
  if (signature !== expected) throw new OapiError(context.switches.signatureError);
  if (!validTicket(context, suite, suiteTicket)) throw new OapiError(40085, 'suite_ticket');
  const corp = context.world.corps.get(String(body.auth_corpid ?? ''));
  const app = installedApp(corp, suite);
  if (!corp || !app) throw new OapiError(40089, 'auth_corpid');
  if (path === 'service/get_auth_info')
    return {
      auth_corp_info: { corpid: corp.corpId, corp_name: corp.name },
      auth_info: { agent: [{ agentid: app.agentId, agent_name: suite.name }] },
      auth_user_info: { userId: app.suite?.userid ?? '' },
    };
  const made = corpAccessToken(context, { ...body, ...bodyOf(suite, suiteTicket, corp.corpId) });
  return { access_token: made.accessToken, expires_in: made.expireIn };
}

function bodyOf({ suiteKey, suiteSecret }: DingSuite, suiteTicket: string, authCorpId: string): Body {
  return { suiteKey, suiteSecret, suiteTicket, authCorpId };
}
