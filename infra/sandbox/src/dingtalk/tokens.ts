import { randomToken } from '../core/random.js';
import type { DingContext } from './context.js';
import { NewApiError, OapiError } from './errors.js';
import { corpOf, type DingApp, type DingCorp, findDingApp } from './world.js';

/** Life of an access token or ticket: 7200 s (DD/obtain-orgapp-token). */
export const DING_TOKEN_LIFE_MS = 7_200_000;

/** Which of the two interfaces gave a token, or is called with one. */
type Generation = 'old' | 'new';

const placeOf = (context: DingContext, appKey: string, generation: Generation): string =>
  context.switches.tokensApart ? `${appKey}/${generation}` : appKey;

/** The app's token; a repeat inside its life gives the same one and renews it. */
function tokenOf(context: DingContext, app: DingApp, generation: Generation): { token: string; seconds: number } {
  const { world, clock } = context;
  const place = placeOf(context, app.appKey, generation);
  const current = world.tokens.get(world.currentTokens.get(place) ?? '');
  const expiresAt = clock.now() + DING_TOKEN_LIFE_MS;
  if (current?.known && current.expiresAt > clock.now()) {
    current.expiresAt = expiresAt;
    return { token: current.token, seconds: DING_TOKEN_LIFE_MS / 1000 };
  }
  const token = randomToken(context.random, 24);
  world.tokens.set(token, { token, appKey: app.appKey, expiresAt, known: true, generation });
  world.currentTokens.set(place, token);
  return { token, seconds: DING_TOKEN_LIFE_MS / 1000 };
}

function appOf(context: DingContext, key: unknown, secret: unknown): DingApp | undefined {
  const app = typeof key === 'string' ? findDingApp(context.world, key) : undefined;
  return app && !app.suite && app.appSecret === secret ? app : undefined;
}

/** `GET /gettoken` of the older interface. */
export function oldToken(context: DingContext, query: Record<string, string | undefined>): Record<string, unknown> {
  if (!query.appkey || !query.appsecret) throw new OapiError(40035, '缺少参数 corpid or appkey');
  const app = appOf(context, query.appkey, query.appsecret);
  if (!app) throw new OapiError(40096);
  const { token, seconds } = tokenOf(context, app, 'old');
  return { access_token: token, expires_in: seconds };
}

/** `POST /v1.0/oauth2/accessToken`. */
export function newToken(context: DingContext, body: Record<string, unknown>): Record<string, unknown> {
  const app = appOf(context, body.appKey, body.appSecret);
  if (!app) throw new NewApiError(400, 'invalidClientIdOrSecret', '无效的clientId或者clientSecret');
  const { token, seconds } = tokenOf(context, app, 'new');
  return { accessToken: token, expireIn: seconds };
}

/** `POST /v1.0/oauth2/{corpId}/token`, the unified form. */
export function unifiedToken(
  context: DingContext,
  corpId: string,
  body: Record<string, unknown>,
): Record<string, unknown> {
  if (body.grant_type !== 'client_credentials')
    throw new NewApiError(400, 'unsupported.grant.type', 'grant_type 须是 client_credentials');
  const app = appOf(context, body.client_id, body.client_secret);
  if (!app) throw new NewApiError(401, 'invalid.client', 'client_id 或 client_secret 不正确');
  if (app.corpId !== corpId) throw new NewApiError(401, 'unauthorized.client', '应用没有得到该企业的授权');
  const { token, seconds } = tokenOf(context, app, 'new');
  return { access_token: token, expires_in: seconds };
}

/** Who calls with this token, or why not: blank, unknown or taken back, run out. */
export function dingCaller(
  context: DingContext,
  token: string | undefined,
  generation: Generation,
): { corp: DingCorp; app: DingApp } | 'blank' | 'unknown' | 'expired' {
  if (!token) return 'blank';
  const record = context.world.tokens.get(token);
  const app = record?.known ? findDingApp(context.world, record.appKey) : undefined;
  if (!record || !app) return 'unknown';
  if (context.switches.tokensApart && record.generation && record.generation !== generation) return 'unknown';
  if (app.suite && !app.suite.authorised) return 'unknown';
  if (record.expiresAt <= context.clock.now()) return 'expired';
  return { corp: corpOf(context.world, app), app };
}

/** Ends the app's current tokens early. Answers whether there was one. */
export function endDingToken(context: DingContext, appKey: string, as: 'expired' | 'invalid'): boolean {
  const places = [appKey, `${appKey}/old`, `${appKey}/new`];
  const records = places.flatMap((place) => {
    const record = context.world.tokens.get(context.world.currentTokens.get(place) ?? '');
    return record ? [record] : [];
  });
  for (const record of records) {
    if (as === 'expired') record.expiresAt = Math.min(record.expiresAt, context.clock.now());
    else record.known = false;
  }
  return records.length > 0;
}

/** The ticket for `dd.config`, the same while it lives. */
export function jsapiTicket(context: DingContext, app: DingApp): { ticket: string; seconds: number } {
  const { world, clock } = context;
  const current = world.tickets.get(app.appKey);
  if (current && current.expiresAt > clock.now())
    return { ticket: current.ticket, seconds: Math.max(1, Math.floor((current.expiresAt - clock.now()) / 1000)) };
  const ticket = randomToken(context.random, 36);
  world.tickets.set(app.appKey, { ticket, expiresAt: clock.now() + DING_TOKEN_LIFE_MS });
  return { ticket, seconds: DING_TOKEN_LIFE_MS / 1000 };
}
