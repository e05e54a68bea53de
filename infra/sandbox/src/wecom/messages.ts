import { createHash } from 'node:crypto';
import { randomToken } from '../core/random.js';
import type { Effect } from '../core/recorder.js';
import type { Face } from './card-types.js';
import type { WecomContext } from './context.js';
import { WecomError } from './errors.js';
import { checkMessage } from './message-rules.js';
import type { Json } from './reader.js';
import { resolveRecipients } from './recipients.js';
import { translateContent } from './translate.js';
import { type App, type Corp, inboxKey, type Member, type Message, type SendAnswer } from './world.js';

/** A card may be updated for 72 hours after the send or the press (WW/94888). */
export const RESPONSE_CODE_LIFE_MS = 72 * 3_600_000;
const PER_MINUTE = 30;
const PER_HOUR = 1000;
const MAX_DUPLICATE_SECONDS = 4 * 3600;
const DAY_MS = 86_400_000;
/** The platform's days are China's. */
const CHINA_MS = 8 * 3_600_000;

/** A call with its exact body, for the recorder. */
export interface RawCall {
  raw: string;
  headerKey: string | null;
  /** Advice for the log, filled by the call. */
  warnings: string[];
}

/** The app a body speaks for must be the token's own. */
export function requireAgent(app: App, agentid: unknown): void {
  if (agentid === undefined || agentid === null || agentid === '') throw new WecomError(41011);
  const id = typeof agentid === 'string' ? Number(agentid) : agentid;
  if (typeof id !== 'number' || !Number.isInteger(id)) throw new WecomError(40056);
  if (id !== app.agentId) throw new WecomError(301002, `${id}`);
}

/** Makes a one-time code that updates the card `msgid`. */
export function mintResponseCode(context: WecomContext, message: Message, origin: 'send' | 'click'): string {
  const code = randomToken(context.random, 32);
  context.world.responseCodes.set(code, {
    code,
    corpId: message.corpId,
    agentId: message.agentId,
    msgid: message.msgid,
    origin,
    expiresAt: context.clock.now() + RESPONSE_CODE_LIFE_MS,
    used: false,
  });
  return code;
}

/** `message/send` (WW/90236). Records the effect whatever becomes of it. */
export function sendMessage(context: WecomContext, corp: Corp, app: App, raw: Json, call: RawCall): SendAnswer {
  const claimed = (raw.template_card as Json | undefined)?.task_id;
  const record = (outcome: Pick<Effect, 'msgid' | 'errcode' | 'delivered' | 'suppressed'>): void => {
    context.recorder.add({
      ...outcome,
      at: context.clock.now(),
      kind: 'send',
      corpId: corp.corpId,
      agentId: app.agentId,
      taskId: typeof claimed === 'string' ? claimed : null,
      raw: call.raw,
      headerKey: call.headerKey,
    });
  };
  try {
    const sent = deliver(context, corp, app, raw, call);
    record({
      msgid: sent.answer.msgid,
      errcode: 0,
      delivered: sent.delivered,
      suppressed: sent.repeated ? 'duplicate' : null,
    });
    return sent.repeated && context.switches.duplicateAnswer === 'bare' ? { msgid: '' } : sent.answer;
  } catch (error) {
    if (error instanceof WecomError) {
      record({ msgid: null, errcode: error.errcode, delivered: [], suppressed: null });
      context.journal.add({
        kind: 'message-refused',
        corpId: corp.corpId,
        reason: `${error.errcode} ${error.message}`,
      });
    }
    throw error;
  }
}

function deliver(
  context: WecomContext,
  corp: Corp,
  app: App,
  raw: Json,
  call: RawCall,
): { answer: SendAnswer; delivered: string[]; repeated: boolean } {
  if (app.contactSync) throw new WecomError(48002);
  requireAgent(app, raw.agentid);
  const recipients = resolveRecipients(corp, app, raw);
  const checked = checkMessage(raw, {
    textCut: context.switches.textCut,
    miniProgramAppId: app.miniProgramAppId,
    toAll: recipients.toAll,
  });
  call.warnings.push(...checked.warnings);
  if (checked.needsCallback && !app.callback) throw new WecomError(43012);

  const duplicate = duplicateKey(corp, app, raw, call.raw);
  const earlier = duplicate ? context.world.duplicates.get(duplicate.key) : undefined;
  if (earlier && earlier.until > context.clock.now()) return { answer: earlier.answer, delivered: [], repeated: true };

  const taskKey = checked.taskId ? `${corp.corpId}/${app.agentId}/${checked.taskId}` : null;
  if (taskKey && context.world.taskIds.has(taskKey))
    throw new WecomError(context.switches.duplicateTaskIdError, 'task_id is used already');

  countPersonTimes(context, app, recipients.members.length);
  const reached = recipients.members.filter((member) => underLimit(context, corp, app, member));
  if (reached.length < recipients.members.length)
    call.warnings.push('超过每人每分钟 30 条或每小时 1000 条的接收人，平台不送达也不报错');
  const content = raw.enable_id_trans === 1 ? translateContent(corp, app, checked.content) : checked.content;
  const message: Message = {
    msgid: randomToken(context.random, 24),
    corpId: corp.corpId,
    agentId: app.agentId,
    at: context.clock.now(),
    content,
    taskId: checked.taskId,
    recipients: reached.map((member) => member.userid.toLowerCase()),
    faces: new Map(),
    recalled: false,
    logId: null,
    warnings: checked.warnings,
  };
  if (content.kind === 'template_card') {
    for (const userid of message.recipients) message.faces.set(userid, newFace(content.card));
  }
  context.world.messages.set(message.msgid, message);
  if (taskKey) context.world.taskIds.set(taskKey, message.msgid);
  for (const userid of message.recipients) {
    const key = inboxKey(corp.corpId, userid);
    const inbox = context.world.inboxes.get(key) ?? [];
    inbox.push({ msgid: message.msgid, at: message.at, read: false });
    context.world.inboxes.set(key, inbox);
  }
  const { invaliduser, invalidparty, invalidtag } = recipients;
  const answer: SendAnswer = {
    ...(invaliduser ? { invaliduser } : {}),
    ...(invalidparty ? { invalidparty } : {}),
    ...(invalidtag ? { invalidtag } : {}),
    msgid: message.msgid,
    ...(checked.mintsCode ? { response_code: mintResponseCode(context, message, 'send') } : {}),
  };
  if (duplicate) context.world.duplicates.set(duplicate.key, { until: context.clock.now() + duplicate.ms, answer });
  context.journal.add({
    kind: 'message-sent',
    corpId: corp.corpId,
    userids: message.recipients,
    msgid: message.msgid,
    interactive: checked.mintsCode,
  });
  context.hub.emit({ kind: 'message', corpId: corp.corpId, userids: message.recipients });
  return { answer, delivered: message.recipients, repeated: false };
}

function newFace(card: Face['card']): Face {
  return { card: structuredClone(card), replaced: null, updatedAt: null, presses: [] };
}

function duplicateKey(corp: Corp, app: App, raw: Json, body: string): { key: string; ms: number } | null {
  if (raw.enable_duplicate_check !== 1) return null;
  const seconds = raw.duplicate_check_interval === undefined ? 1800 : Number(raw.duplicate_check_interval);
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > MAX_DUPLICATE_SECONDS)
    throw new WecomError(40058, 'duplicate_check_interval');
  return {
    key: createHash('sha256').update(`${corp.corpId}/${app.agentId}/${body}`).digest('hex'),
    ms: seconds * 1000,
  };
}

/** What each app sent on the current day, in person-times. */
const personTimes = new WeakMap<App, { day: number; count: number }>();

/** Two hundred times the company's member limit in person-times a day and app (WW/90312); what is refused does not count. */
function countPersonTimes(context: WecomContext, app: App, people: number): void {
  const day = Math.floor((context.clock.now() + CHINA_MS) / DAY_MS);
  const known = personTimes.get(app);
  const count = (known?.day === day ? known.count : 0) + people;
  if (count > context.switches.memberLimit * 200) throw new WecomError(45009);
  personTimes.set(app, { day, count });
}

/** 30 a minute and 1,000 an hour from one app to one member; the surplus is dropped silently (WW/90312). */
function underLimit(context: WecomContext, corp: Corp, app: App, member: Member): boolean {
  const key = `${corp.corpId}/${app.agentId}/${member.userid.toLowerCase()}`;
  const now = context.clock.now();
  const hour = (context.world.sentTo.get(key) ?? []).filter((at) => at > now - 3_600_000);
  const minute = hour.filter((at) => at > now - 60_000).length;
  const allowed = minute < PER_MINUTE && hour.length < PER_HOUR;
  if (allowed) hour.push(now);
  context.world.sentTo.set(key, hour);
  return allowed;
}

/** `message/recall` (WW/94867): within 24 hours (42052), only the app's own message (40058). */
export function recallMessage(
  context: WecomContext,
  corp: Corp,
  app: App,
  raw: Json,
  call: RawCall,
): Record<string, unknown> {
  const msgid = raw.msgid;
  if (typeof msgid !== 'string' || msgid === '') throw new WecomError(41016);
  const message = context.world.messages.get(msgid);
  if (!message || message.corpId !== corp.corpId || message.agentId !== app.agentId)
    throw new WecomError(40058, 'msgid');
  if (message.recalled && context.switches.recallAgain === 'refused') throw new WecomError(40058, 'recalled already');
  if (context.clock.now() - message.at > 24 * 3_600_000) throw new WecomError(42052);
  message.recalled = true;
  context.recorder.add({
    at: context.clock.now(),
    kind: 'recall',
    corpId: corp.corpId,
    agentId: app.agentId,
    taskId: message.taskId,
    msgid,
    errcode: 0,
    delivered: message.recipients,
    suppressed: null,
    raw: call.raw,
    headerKey: call.headerKey,
  });
  context.hub.emit({ kind: 'card', corpId: corp.corpId, userids: message.recipients });
  return {};
}
