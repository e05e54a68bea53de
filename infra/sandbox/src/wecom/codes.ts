import { randomToken } from '../core/random.js';
import type { WecomContext } from './context.js';
import { WecomError } from './errors.js';
import { type App, type CodeRecord, type Corp, canSee, findMember } from './world.js';

/** A log-in code lives five minutes and serves once (WW/98176, WW/91023). */
export const CODE_LIFE_MS = 300_000;
/** A user_ticket lives 1800 s (WW/91023). */
export const USER_TICKET_LIFE_MS = 1_800_000;

/** Makes a code; it belongs to one pool and cannot be exchanged at the other pool's endpoint. */
export function mintCode(
  context: WecomContext,
  input: Pick<CodeRecord, 'pool' | 'origin' | 'corpId' | 'agentId' | 'userid' | 'openid' | 'privateInfo'>,
): string {
  const code = randomToken(context.random, 32);
  context.world.codes.set(code, { ...input, code, expiresAt: context.clock.now() + CODE_LIFE_MS, used: false });
  return code;
}

/** Uses a code up; refuses one of another app, used or too old. */
export function spend(
  context: WecomContext,
  corp: Corp,
  app: App,
  code: string | undefined,
  pool: CodeRecord['pool'],
): CodeRecord {
  if (!code) throw new WecomError(41008);
  const record = context.world.codes.get(code);
  const foreign =
    !record ||
    record.pool !== pool ||
    record.corpId !== corp.corpId ||
    (record.agentId !== null && record.agentId !== app.agentId);
  if (foreign) throw new WecomError(40029);
  if (record.used) throw new WecomError(context.switches.usedCodeError);
  if (record.expiresAt <= context.clock.now()) throw new WecomError(context.switches.expiredCodeError);
  record.used = true;
  return record;
}

/** `auth/getuserinfo`: the member behind a web log-in or OAuth code, or the openid of somebody who is none. */
export function getUserInfo(
  context: WecomContext,
  corp: Corp,
  app: App,
  code: string | undefined,
): Record<string, unknown> {
  let record: CodeRecord;
  try {
    record = spend(context, corp, app, code, 'web');
  } catch (error) {
    context.journal.add({ kind: 'login-failed', corpId: corp.corpId, reason: (error as Error).message });
    throw error;
  }
  if (!record.userid) return { openid: record.openid ?? '' };
  context.journal.add({ kind: 'login-exchanged', corpId: corp.corpId, userid: record.userid, origin: record.origin });
  const member = findMember(corp, record.userid);
  if (!record.privateInfo || !member || !canSee(corp, app, member)) return { userid: record.userid };
  const ticket = randomToken(context.random, 48);
  context.world.userTickets.set(ticket, {
    corpId: corp.corpId,
    userid: record.userid,
    expiresAt: context.clock.now() + USER_TICKET_LIFE_MS,
  });
  return { userid: record.userid, user_ticket: ticket, expires_in: USER_TICKET_LIFE_MS / 1000 };
}

/** `auth/getuserdetail`: what the member agreed to show; 84014 for a ticket unknown, of another corp, or too old. */
export function getUserDetail(context: WecomContext, corp: Corp, ticket: unknown): Record<string, unknown> {
  const record = typeof ticket === 'string' ? context.world.userTickets.get(ticket) : undefined;
  const member = record && record.corpId === corp.corpId ? findMember(corp, record.userid) : undefined;
  if (!record || !member || record.expiresAt <= context.clock.now()) throw new WecomError(84014);
  return {
    userid: member.userid,
    gender: member.gender,
    avatar: '',
    qr_code: '',
    mobile: member.mobile,
    email: member.email,
    biz_mail: member.email,
    address: '',
  };
}

/** `miniprogram/jscode2session`: the member behind a `wx.qy.login` code. */
export function jscodeToSession(
  context: WecomContext,
  corp: Corp,
  app: App,
  query: { js_code?: string | undefined; grant_type?: string | undefined },
): Record<string, unknown> {
  if (query.grant_type !== 'authorization_code') throw new WecomError(40035, 'grant_type');
  const record = spend(context, corp, app, query.js_code, 'mini');
  context.journal.add({
    kind: 'login-exchanged',
    corpId: corp.corpId,
    userid: record.userid ?? '',
    origin: record.origin,
  });
  return { corpid: corp.corpId, userid: record.userid ?? '', session_key: context.random.bytes(16).toString('base64') };
}
