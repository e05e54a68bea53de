import { z } from 'zod';
import type { ChatEvent } from '../port/platform.js';
import { answerIn } from './questions.js';

const ids = z
  .union([z.array(z.coerce.string()), z.coerce.string()])
  .transform((value) => (Array.isArray(value) ? value : [value]))
  .optional();
/** An event by HTTP or out of the stream, names in lower case: pages of different years spell them differently (B11). */
const event = z.object({ eventtype: z.string(), userid: ids, deptid: ids });
const press = z.object({
  type: z.literal('actionCallback').optional(),
  outTrackId: z.string(),
  userId: z.string(),
  content: z.string().optional(),
  value: z.string().optional(),
});
const params = z.record(z.string(), z.unknown()).optional();
// Two pages disagree where `params` stand and what the field is called: both are read.
const content = z.object({
  cardPrivateData: z.object({ actionIds: z.array(z.string()).optional(), params }).optional(),
  params,
});

/** A press of a card's button. @throws Error when it is none */
export function readPress(json: unknown): Extract<ChatEvent, { kind: 'press' }> {
  const { outTrackId, userId, ...one } = press.parse(json);
  const read = content.parse(JSON.parse(one.content ?? one.value ?? '{}'));
  const { action } = { ...read.params, ...read.cardPrivateData?.params };
  return {
    kind: 'press',
    messageId: outTrackId,
    userid: userId,
    ...answerIn(typeof action === 'string' ? action : ''),
    responseCode: '',
    raw: { outTrackId, userId, actionIds: read.cardPrivateData?.actionIds ?? [] },
  };
}

/** What somebody wrote to the robot (B8), by HTTP and out of the stream alike. */
const robotMessage = z.object({
  msgId: z.string().min(1),
  /** Absent for people of other companies. */
  senderStaffId: z.string().optional(),
  msgtype: z.string().optional(),
  text: z.object({ content: z.string() }).optional(),
});

/** A text to the robot; null for pictures and the like, and for who is not of the company. @throws Error when it is none */
export function readWords(json: unknown): Extract<ChatEvent, { kind: 'words' }> | null {
  const { msgId, senderStaffId, text } = robotMessage.parse(json);
  if (!senderStaffId || text === undefined) return null;
  return { kind: 'words', userid: senderStaffId, by: 'text', text: text.content, key: `msg:${msgId}` };
}

/** What a push of the platform means for us. @throws Error when it is none of its */
export function readDingEvent(body: string): ChatEvent {
  const json: unknown = JSON.parse(body);
  if (typeof json !== 'object' || json === null) throw new Error('not an object');
  if ('outTrackId' in json) return readPress(json);
  if ('msgId' in json) return readWords(json) ?? { kind: 'other' };
  const names = Object.entries(json).map(([name, value]) => [name.toLowerCase(), value] as const);
  const { eventtype, userid = [] } = event.parse(Object.fromEntries(names));
  switch (eventtype) {
    case 'user_add_org':
    case 'user_modify_org':
    case 'user_active_org':
      return { kind: 'people', userids: userid };
    case 'user_leave_org':
      return { kind: 'leavers', userids: userid };
    case 'org_dept_create':
    case 'org_dept_modify':
    case 'org_dept_remove':
      return { kind: 'departments' };
    default:
      return { kind: 'other' };
  }
}

/** What tells one event from the next: a repeat has the same id. */
export function eventKey(body: string): string {
  const json = JSON.parse(body) as { eventId?: unknown; BizId?: unknown; msgId?: unknown };
  if (typeof json.msgId === 'string' && json.msgId !== '') return `msg:${json.msgId}`;
  for (const id of [json.eventId, json.BizId]) if (typeof id === 'string' && id !== '') return `event:${id}`;
  return body;
}
