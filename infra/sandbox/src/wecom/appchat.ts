import { randomUUID } from 'node:crypto';
import type { Group } from '../groups/groups.js';
import type { WecomContext } from './context.js';
import { WecomError } from './errors.js';
import { checkMessage } from './message-rules.js';
import { characters, type Json, text } from './reader.js';
import { type App, type Corp, canSee, findMember } from './world.js';

const people = { least: 2, most: 2000 };
const changesAnHour = 1000;
const newADay = 1000;
/** Group chats that each company's apps made on the current day. */
const made = new WeakMap<Corp, { day: number; count: number }>();
/** Changes of group chats in the current hour, by company. */
const changes = new WeakMap<Corp, { hour: number; count: number }>();
/** What a group chat of an app takes (WW/90248); cards with buttons are none of it. */
const kinds = ['text', 'markdown', 'textcard', 'news', 'image', 'voice', 'video', 'file', 'mpnews'];

/** Only self-built apps whose visible range is the root department (reference A10). */
function refuseNarrow(app: App): void {
  if (app.suite) throw new WecomError(48002);
  if (!app.visibleDepartments.includes(1)) throw new WecomError(60011, 'the visible range is not the root department');
}

function groupOf(context: WecomContext, corp: Corp, app: App, chatid: unknown): Group {
  refuseNarrow(app);
  if (typeof chatid !== 'string' || !/^[0-9a-zA-Z]{1,32}$/.test(chatid)) throw new WecomError(86001, String(chatid));
  const found = context.groups().find((group) => group.corpId === corp.corpId && group.chat?.chatid === chatid);
  if (!found?.chat) throw new WecomError(86003, chatid);
  if (found.chat.agentId !== app.agentId) throw new WecomError(86004, chatid);
  return found;
}

function userids(corp: Corp, app: App, value: unknown): string[] {
  if (!Array.isArray(value)) throw new WecomError(40031, 'userlist');
  return [
    ...new Set(
      value.map((each) => {
        const member = findMember(corp, String(each));
        if (!member) throw new WecomError(40003, String(each));
        if (!canSee(corp, app, member)) throw new WecomError(60011, String(each));
        return member.userid.toLowerCase();
      }),
    ),
  ];
}

/** `appchat/create`: 86001 for a chatid that is none or taken. */
export function createChat(context: WecomContext, corp: Corp, app: App, body: Json): Record<string, unknown> {
  refuseNarrow(app);
  const list = userids(corp, app, body.userlist);
  if (list.length < people.least || list.length > people.most) throw new WecomError(40032, String(list.length));
  const owner = body.owner === undefined ? list[0] : String(body.owner).toLowerCase();
  if (!owner || !list.includes(owner)) throw new WecomError(40003, String(body.owner));
  const name = text(body.name, 'name') ?? '群聊';
  if (characters(name) > 50) throw new WecomError(40058, 'name');
  const chatid = body.chatid === undefined ? randomUUID().replaceAll('-', '') : body.chatid;
  if (typeof chatid !== 'string' || !/^[0-9a-zA-Z]{1,32}$/.test(chatid)) throw new WecomError(86001, String(chatid));
  const groups = context.groups();
  if (groups.some((group) => group.corpId === corp.corpId && group.chat?.chatid === chatid))
    throw new WecomError(86001, `${chatid} exists`);
  countNew(context, corp);
  groups.push({
    id: chatid,
    agentId: Math.min(-1, ...groups.map((group) => group.agentId)) - 1,
    corpId: corp.corpId,
    platform: 'wecom',
    name,
    userids: list,
    robots: [],
    chat: { chatid, agentId: app.agentId, owner },
    messages: [],
    files: new Map(),
    seen: new Map(),
  });
  return { chatid };
}

/** `appchat/get` */
export function getChat(
  context: WecomContext,
  corp: Corp,
  app: App,
  chatid: string | undefined,
): Record<string, unknown> {
  const group = groupOf(context, corp, app, chatid);
  return {
    chat_info: { chatid: group.chat?.chatid, name: group.name, owner: group.chat?.owner, userlist: group.userids },
  };
}

/**
 * `appchat/update`: name, owner, who comes in and who goes. Whoever is in already stays in, whoever is not cannot go; a group
 * whose owner goes without another being named falls to the first who stays.
 */
export function updateChat(context: WecomContext, corp: Corp, app: App, body: Json): Record<string, unknown> {
  const group = groupOf(context, corp, app, body.chatid);
  if (!group.chat) throw new WecomError(86003);
  countChange(context, corp);
  const name = text(body.name, 'name');
  if (name !== undefined && characters(name) > 50) throw new WecomError(40058, 'name');
  const added = body.add_user_list === undefined ? [] : userids(corp, app, body.add_user_list);
  const gone = body.del_user_list === undefined ? [] : userids(corp, app, body.del_user_list);
  const left = [...new Set([...group.userids, ...added])].filter((userid) => !gone.includes(userid));
  if (left.length < people.least || left.length > people.most) throw new WecomError(40032, String(left.length));
  const [named] = body.owner === undefined ? [] : userids(corp, app, [body.owner]);
  if (named !== undefined && !left.includes(named)) throw new WecomError(40003, String(body.owner));
  const before = group.userids;
  group.userids = left;
  group.name = name ?? group.name;
  group.chat.owner = named ?? (left.includes(group.chat.owner) ? group.chat.owner : (left[0] ?? ''));
  // Whoever comes in sees nothing of what was said before.
  for (const userid of left) if (!before.includes(userid)) group.seen.set(userid, group.messages.length);
  context.hub.emit({ kind: 'message', corpId: corp.corpId, userids: [...left, ...gone] });
  return {};
}

/** A thousand new chats a day in one company (A3). */
function countNew(context: WecomContext, corp: Corp): void {
  const day = Math.floor(context.clock.now() / 86_400_000);
  const known = made.get(corp);
  const count = known?.day === day ? known.count + 1 : 1;
  made.set(corp, { day, count });
  if (count > newADay) throw new WecomError(45009);
}

/** A thousand changes an hour in one company (A3); the ban lasts for the rest of the hour. */
function countChange(context: WecomContext, corp: Corp): void {
  const hour = Math.floor(context.clock.now() / 3_600_000);
  const known = changes.get(corp);
  const count = known?.hour === hour ? known.count + 1 : 1;
  changes.set(corp, { hour, count });
  if (count > changesAnHour) throw new WecomError(45009);
}

/** `appchat/send`: no cards, and an empty group shows up with its first message. */
export function sendToChat(context: WecomContext, corp: Corp, app: App, body: Json): Record<string, unknown> {
  const group = groupOf(context, corp, app, body.chatid);
  if (!kinds.includes(String(body.msgtype))) throw new WecomError(40008, String(body.msgtype ?? ''));
  const { content } = checkMessage(body, {
    textCut: context.switches.textCut,
    miniProgramAppId: app.miniProgramAppId,
    toAll: false,
  });
  if (content.kind !== 'text' && content.kind !== 'markdown' && content.kind !== 'news' && content.kind !== 'textcard')
    throw new WecomError(40008, `${content.kind} is not shown here`);
  const mentioned = (body.text as { mentioned_list?: unknown } | undefined)?.mentioned_list;
  const called = Array.isArray(mentioned)
    ? mentioned.flatMap((userid) => (userid === '@all' ? group.userids : [String(userid).toLowerCase()]))
    : [];
  const at = context.clock.now();
  group.messages.push({ id: randomUUID(), at, robot: app.name, content, called, logId: null });
  context.hub.emit({ kind: 'message', corpId: corp.corpId, userids: group.userids });
  return {};
}
