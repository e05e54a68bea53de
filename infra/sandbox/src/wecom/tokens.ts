import { randomToken } from '../core/random.js';
import type { WecomContext } from './context.js';
import { WecomError } from './errors.js';
import { type App, type Corp, findCorp, type TokenRecord } from './world.js';

/** How long an access token or ticket lives: 7200 s (WW/91039). */
export const TOKEN_LIFE_MS = 7_200_000;

const keyOf = (corpId: string, agentId: number): string => `${corpId.toLowerCase()}/${agentId}`;

/** `gettoken`: the same token while it is valid, a new one afterwards. */
export function getToken(
  context: WecomContext,
  query: { corpid?: string | undefined; corpsecret?: string | undefined },
): Record<string, unknown> {
  if (!query.corpid) throw new WecomError(41002);
  if (!query.corpsecret) throw new WecomError(41004);
  const corp = findCorp(context.world, query.corpid);
  if (!corp) throw new WecomError(40013, query.corpid);
  const app = [...corp.apps.values()].find((candidate) => candidate.secret === query.corpsecret);
  if (!app) throw new WecomError(40001);
  if (app.suite) throw new WecomError(40001);
  return tokenOf(context, corp, app);
}

/** The app's token: the same while it is valid. */
export function tokenOf(context: WecomContext, corp: Corp, app: App): Record<string, unknown> {
  const now = context.clock.now();
  const current = context.world.tokens.get(context.world.currentTokens.get(keyOf(corp.corpId, app.agentId)) ?? '');
  const record = current?.known && current.expiresAt > now ? current : mint(context, corp, app);
  return { access_token: record.token, expires_in: Math.max(1, Math.floor((record.expiresAt - now) / 1000)) };
}

function mint(context: WecomContext, corp: Corp, app: App): TokenRecord {
  const record: TokenRecord = {
    token: randomToken(context.random, 96),
    corpId: corp.corpId,
    agentId: app.agentId,
    expiresAt: context.clock.now() + TOKEN_LIFE_MS,
    known: true,
  };
  context.world.tokens.set(record.token, record);
  context.world.currentTokens.set(keyOf(corp.corpId, app.agentId), record.token);
  return record;
}

/** Who calls: 41001 without a token, 40014 for one never given or taken back, 42001 for one that ran out. */
export function authenticate(context: WecomContext, token: string | undefined): { corp: Corp; app: App } {
  if (!token) throw new WecomError(41001);
  const record = context.world.tokens.get(token);
  if (!record?.known) throw new WecomError(40014);
  if (record.expiresAt <= context.clock.now()) throw new WecomError(42001);
  const corp = findCorp(context.world, record.corpId);
  const app = corp?.apps.get(record.agentId);
  if (!corp || !app) throw new WecomError(40014);
  if (app.suite && !app.suite.authorised) throw new WecomError(48004);
  return { corp, app };
}

/** Ends the app's current token early: `expired` answers 42001 from now on, `invalid` 40014. Answers whether there was one. */
export function endToken(context: WecomContext, corpId: string, agentId: number, as: 'expired' | 'invalid'): boolean {
  const record = context.world.tokens.get(context.world.currentTokens.get(keyOf(corpId, agentId)) ?? '');
  if (!record) return false;
  if (as === 'expired') record.expiresAt = Math.min(record.expiresAt, context.clock.now());
  else record.known = false;
  return true;
}

/** `get_jsapi_ticket` (per corp) and `ticket/get?type=agent_config` (per app), 7200 s each (WW/90506). */
export function getTicket(context: WecomContext, corp: Corp, app: App | null): Record<string, unknown> {
  const key = app ? keyOf(corp.corpId, app.agentId) : corp.corpId.toLowerCase();
  const now = context.clock.now();
  let ticket = context.world.tickets.get(key);
  if (!ticket || ticket.expiresAt <= now) {
    ticket = { ticket: randomToken(context.random, 48), expiresAt: now + TOKEN_LIFE_MS };
    context.world.tickets.set(key, ticket);
  }
  return { ticket: ticket.ticket, expires_in: Math.max(1, Math.floor((ticket.expiresAt - now) / 1000)) };
}
