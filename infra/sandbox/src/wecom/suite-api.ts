import { randomToken } from '../core/random.js';
import { spend } from './codes.js';
import type { WecomContext } from './context.js';
import { WecomError } from './errors.js';
import { shownUserid } from './ids.js';
import type { Json } from './reader.js';
import { installByOpenId } from './suites.js';
import { TOKEN_LIFE_MS, tokenOf } from './tokens.js';
import { type App, type Corp, canSee, findCorp, type Suite, type SuiteInstall } from './world.js';

type Query = Record<string, string | undefined>;

const PRE_AUTH_MS = 1_200_000;
const LICENCE_PAGE = 1000;
const SEARCH_PAGE = 200;

interface SuiteCaller {
  suite: Suite;
  query: Query;
  body: Json;
}

/** Interfaces of the provider's app under the suite's token (A16). */
const CALLS: Record<string, (context: WecomContext, call: SuiteCaller) => object> = {
  'GET service/get_pre_auth_code': (context, { suite }) => {
    const code = randomToken(context.random, 48);
    suite.preAuthCodes.set(code, context.clock.now() + PRE_AUTH_MS);
    return { pre_auth_code: code, expires_in: PRE_AUTH_MS / 1000 };
  },
  'POST service/set_session_info': (context, { suite, body }) => {
    checkPreAuthCode(context, suite, body.pre_auth_code);
    return {};
  },
  'POST service/v2/get_permanent_code': (context, { suite, body }) => {
    const record = suite.authCodes.get(typeof body.auth_code === 'string' ? body.auth_code : '');
    if (!record || record.used || record.expiresAt <= context.clock.now()) throw new WecomError(40078);
    record.used = true;
    const { corp, app, install } = installOf(context, suite, record.corpId);
    const admin = shownUserid(app, install.userid);
    return {
      permanent_code: install.permanentCode,
      auth_corp_info: { corpid: install.openCorpId, corp_name: corp.name },
      // Names are withheld from apps of the directory.
      auth_user_info: { userid: admin, open_userid: admin, name: admin, avatar: '' },
    };
  },
  'POST service/v2/get_auth_info': (context, { suite, body }) => {
    const { corp, app, install } = authorised(context, suite, body);
    return {
      auth_corp_info: { corpid: install.openCorpId, corp_name: corp.name },
      auth_info: {
        agent: [
          {
            agentid: app.agentId,
            name: suite.name,
            privilege: {
              level: 1,
              allow_party: app.visibleDepartments,
              allow_user: app.visibleUsers.map((userid) => shownUserid(app, userid)),
              allow_tag: app.visibleTags.filter((id) => corp.tags.has(id)),
              extra_party: [],
              extra_user: [],
            },
          },
        ],
      },
    };
  },
  'POST service/get_corp_token': (context, { suite, body }) => {
    const { corp, app } = authorised(context, suite, body);
    return tokenOf(context, corp, app);
  },
  'GET service/auth/getuserinfo3rd': (context, { suite, query }) => personOf(context, suite, query.code, 'web'),
  'GET service/miniprogram/jscode2session': (context, { suite, query }) => {
    if (query.grant_type !== 'authorization_code') throw new WecomError(40035, 'grant_type');
    const person = personOf(context, suite, query.js_code, 'mini');
    return { ...person, session_key: context.random.bytes(16).toString('base64') };
  },
};

/** Answers an interface of a provider; null for those of a company's app. */
export function suiteCall(
  context: WecomContext,
  path: string,
  method: string,
  query: Query,
  body: Json | null,
): object | null {
  if (!/^(service|license)\//.test(path)) return null;
  if (method === 'POST' && body === null) throw new WecomError(47001);
  const given = body ?? {};
  if (path === 'service/get_suite_token') return suiteToken(context, given);
  if (path === 'service/get_provider_token') return providerToken(context, given);
  if (path === 'service/contact/search') {
    return searchContacts(context, bearer(context, query.provider_access_token, 'provider'), given);
  }
  if (path === 'license/list_actived_account') {
    const suite = bearer(context, query.provider_access_token, 'provider');
    return licences(context, suite, given);
  }
  const call = CALLS[`${method} ${path}`];
  const absent = path === 'service/miniprogram/jscode2session' && !context.switches.suiteMiniLogin;
  if (!call || absent) return null;
  return call(context, { suite: bearer(context, query.suite_access_token, 'suite'), query, body: given });
}

/** The pre-auth code of an installation page: 40077 unknown, 42007 too old. */
export function checkPreAuthCode(context: WecomContext, suite: Suite, code: unknown): void {
  const end = suite.preAuthCodes.get(typeof code === 'string' ? code : '');
  if (end === undefined) throw new WecomError(40077);
  if (end <= context.clock.now()) throw new WecomError(42007);
}

function suiteToken(context: WecomContext, body: Json): object {
  if (!body.suite_id) throw new WecomError(41021);
  if (!body.suite_secret) throw new WecomError(41024);
  if (!body.suite_ticket) throw new WecomError(41023);
  const suite = context.world.suites.get(String(body.suite_id));
  if (!suite) throw new WecomError(40083);
  if (suite.suiteSecret !== body.suite_secret) throw new WecomError(40080);
  if ((suite.tickets.get(String(body.suite_ticket)) ?? 0) <= context.clock.now()) throw new WecomError(40085);
  return { suite_access_token: mint(context, suite, 'suite'), expires_in: TOKEN_LIFE_MS / 1000 };
}

function providerToken(context: WecomContext, body: Json): object {
  const suite = [...context.world.suites.values()].find((each) => each.provider.corpId === body.corpid);
  if (!suite) throw new WecomError(40013);
  if (suite.provider.secret !== body.provider_secret) throw new WecomError(40001);
  return { provider_access_token: mint(context, suite, 'provider'), expires_in: TOKEN_LIFE_MS / 1000 };
}

function mint(context: WecomContext, suite: Suite, kind: 'suite' | 'provider'): string {
  const token = randomToken(context.random, 96);
  suite.tokens.set(token, { kind, expiresAt: context.clock.now() + TOKEN_LIFE_MS, known: true });
  return token;
}

/** 41022 without a token, 40082 for one never given or taken back, 42009 for one that ran out. */
function bearer(context: WecomContext, token: string | undefined, kind: 'suite' | 'provider'): Suite {
  if (!token) throw new WecomError(41022);
  for (const suite of context.world.suites.values()) {
    const record = suite.tokens.get(token);
    if (!record?.known || record.kind !== kind) continue;
    if (record.expiresAt <= context.clock.now()) throw new WecomError(42009);
    return suite;
  }
  throw new WecomError(40082);
}

function installOf(
  context: WecomContext,
  suite: Suite,
  corpId: string,
): { corp: Corp; app: App; install: SuiteInstall } {
  const install = suite.installs.get(corpId.toLowerCase());
  const corp = findCorp(context.world, corpId);
  const app = install && corp?.apps.get(install.agentId);
  if (!install || !corp || !app) throw new WecomError(40084);
  return { corp, app, install };
}

/** 40084 for a permanent code that is none (any more), 48004 when the company took its consent back. */
function authorised(context: WecomContext, suite: Suite, body: Json) {
  if (!body.permanent_code) throw new WecomError(41025);
  const known = installByOpenId(suite, body.auth_corpid);
  if (!known) throw new WecomError(40013);
  if (known.permanentCode !== body.permanent_code) throw new WecomError(40084);
  const found = installOf(context, suite, known.corpId);
  if (!found.app.suite?.authorised) throw new WecomError(48004);
  return found;
}

function personOf(context: WecomContext, suite: Suite, code: string | undefined, pool: 'web' | 'mini'): object {
  const record = context.world.codes.get(code ?? '');
  const install = record && suite.installs.get(record.corpId.toLowerCase());
  if (!record || !install || record.agentId !== install.agentId) throw new WecomError(40029);
  const { corp, app } = installOf(context, suite, install.corpId);
  spend(context, corp, app, code, pool);
  if (!record.userid) return { openid: record.openid ?? '' };
  context.journal.add({ kind: 'login-exchanged', corpId: corp.corpId, userid: record.userid, origin: record.origin });
  const userid = shownUserid(app, record.userid);
  return { corpid: install.openCorpId, userid, open_userid: userid };
}

/** 通讯录搜索 (WW/91844): by name or its pinyin, which here is the plain userid; within the app's range where it is named. */
function searchContacts(context: WecomContext, suite: Suite, body: Json): object {
  const install = installByOpenId(suite, body.auth_corpid);
  if (!install) throw new WecomError(40013);
  const word = typeof body.query_word === 'string' ? body.query_word.trim().toLowerCase() : '';
  if (word === '' || word.length > 64) throw new WecomError(40058, 'query_word');
  const { corp, app } = installOf(context, suite, install.corpId);
  if (!app.suite?.authorised) throw new WecomError(48004);
  if (body.agentid && Number(body.agentid) !== app.agentId) throw new WecomError(40056, String(body.agentid));
  const limit = typeof body.limit === 'number' ? Math.min(body.limit, SEARCH_PAGE) : 50;
  const found = [...corp.members.values()].filter(
    (member) =>
      canSee(corp, app, member) &&
      (body.full_match_field === 1
        ? member.name === body.query_word
        : [member.name, member.userid].some((text) => text.toLowerCase().includes(word))),
  );
  const userid = found.slice(0, limit).map((member) => shownUserid(app, member.userid));
  return { is_last: found.length <= limit, query_result: { user: { userid, open_userid: userid } } };
}

/** Accounts with a licence, a thousand a page. Medium confidence: the shape is not in the reference. */
function licences(context: WecomContext, suite: Suite, body: Json): object {
  const install = installByOpenId(suite, body.corpid);
  if (!install) throw new WecomError(40013);
  const { app } = installOf(context, suite, install.corpId);
  const limit = typeof body.limit === 'number' ? Math.min(body.limit, LICENCE_PAGE) : 500;
  const start = typeof body.cursor === 'string' && body.cursor !== '' ? Number(body.cursor) : 0;
  const all = [...install.licences];
  const more = start + limit < all.length;
  return {
    account_list: all.slice(start, start + limit).map(([userid, { activeAt, expiresAt }]) => ({
      userid: shownUserid(app, userid),
      type: 1,
      active_time: Math.floor(activeAt / 1000),
      expire_time: Math.floor(expiresAt / 1000),
    })),
    has_more: more ? 1 : 0,
    next_cursor: more ? String(start + limit) : '',
  };
}
