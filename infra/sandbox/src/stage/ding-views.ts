import { faceOf } from '../dingtalk/cards.js';
import {
  type Card,
  type DingApp,
  type DingCorp,
  type Notice,
  type RobotMessage,
  unionIdFor,
} from '../dingtalk/world.js';
import { groupChats, readGroups } from '../groups/group-views.js';
import type { Sandbox } from '../sandbox.js';
import type { ChatView, DingContent, MessageView, PersonView, TodoView } from './contract.js';
import { withSaid } from './said.js';

/** Last messages of a conversation that a phone shows. */
const SHOWN = 100;

/** The companies in which this person's phone is a DingTalk phone. */
function homes(sandbox: Sandbox, userid: string): DingCorp[] {
  return [...sandbox.ding.world.corps.values()].filter(
    (corp) => corp.residents.includes(userid) && corp.members.has(userid),
  );
}

/** The companies of somebody who lives in DingTalk; empty for everybody else. */
export function dingHomes(sandbox: Sandbox, userid: string): PersonView['corps'] {
  return homes(sandbox, userid).map((corp) => ({
    corpId: corp.corpId,
    corpName: corp.name,
    tenant: corp.tenant,
    departments: (corp.members.get(userid)?.departments ?? []).flatMap((id) => corp.departments.get(id)?.name ?? []),
    unread: dingChats(sandbox, userid, corp.corpId).reduce((sum, chat) => sum + chat.unread, 0),
  }));
}

/** A person's conversations with the apps of a DingTalk company, and his to-dos. Messages oldest first. */
export function dingChats(sandbox: Sandbox, userid: string, corpId: string): ChatView[] {
  const corp = sandbox.ding.world.corps.get(corpId);
  const member = corp?.members.get(userid);
  if (!corp || !member) return [];
  const kept = [...corp.apps.values()].filter((app) => app.suite?.authorised !== false);
  const apps = kept.map((app): ChatView => {
    const messages = messagesOf(sandbox, app, userid);
    return {
      corpId,
      corpName: corp.name,
      agentId: app.agentId,
      appName: app.name,
      description: '',
      unread: messages.filter((message) => !message.read).length,
      messages: withSaid(sandbox, { corpId, agentId: app.agentId, userid }, messages.slice(-SHOWN)),
      writes: { scans: false },
      todos: todosOf(sandbox, app, unionIdFor(app, member)),
    };
  });
  return [...apps, ...groupChats(sandbox, userid, corpId, corp.name)];
}

/** He has seen everything that is there now. */
export function readDing(sandbox: Sandbox, userid: string, corpId: string, agentId?: number): number {
  if (agentId !== undefined && agentId < 0) return readGroups(sandbox, userid, corpId, agentId);
  const chats = dingChats(sandbox, userid, corpId).filter((chat) => !chat.group);
  for (const app of sandbox.ding.world.corps.get(corpId)?.apps.values() ?? [])
    sandbox.ding.world.readUntil.set(`${app.appKey}/${userid}`, sandbox.clock.now());
  return chats.reduce((sum, chat) => sum + chat.unread, 0);
}

function messagesOf(sandbox: Sandbox, app: DingApp, userid: string): MessageView[] {
  const { world } = sandbox.ding;
  const readUntil = world.readUntil.get(`${app.appKey}/${userid}`) ?? 0;
  const view = (id: string, at: number, recalled: boolean, content: DingContent): MessageView => ({
    id,
    at,
    read: at <= readUntil,
    recalled,
    content,
    card: null,
    logId: null,
    warnings: [],
  });
  const cards = [...world.cards.values()]
    .filter((card) => card.appKey === app.appKey && card.spaces.some((space) => space.id === userid))
    .map((card) => view(card.outTrackId, card.at, false, cardContent(sandbox, card, userid)));
  const notices = [...world.notices.values()]
    .filter((notice) => notice.appKey === app.appKey && notice.delivered.includes(userid))
    .map((notice) => view(String(notice.taskId), notice.at, notice.recalled, noticeContent(notice)));
  const robots = [...world.robotMessages.values()]
    .filter((message) => message.appKey === app.appKey && message.userIds.includes(userid))
    .map((message) => view(message.key, message.at, message.recalled, robotContent(message)));
  return [...cards, ...notices, ...robots].sort((a, b) => a.at - b.at);
}

function cardContent(sandbox: Sandbox, card: Card, userid: string): DingContent {
  return {
    kind: 'ding_card',
    appKey: card.appKey,
    values: faceOf(card, userid),
    presses: card.presses
      .filter((press) => press.userid === userid)
      .map((press) => {
        const delivery = sandbox.ding.world.deliveries.get(press.deliveryId);
        return {
          at: press.at,
          action: press.params.action ?? press.actionId,
          state: delivery?.state ?? 'delivered',
          problem: delivery?.attempts.at(-1)?.problem ?? null,
        };
      }),
  };
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const part = (value: unknown): Record<string, unknown> =>
  value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {};

function noticeContent(notice: Notice): DingContent {
  const { msg } = notice;
  const bar = notice.statusBar && { value: notice.statusBar.value, done: notice.statusBar.bg.endsWith('78C06E') };
  if (msg.msgtype === 'oa') {
    const oa = part(msg.oa);
    const body = part(oa.body);
    const form = Array.isArray(body.form) ? body.form.map(part) : [];
    return {
      kind: 'ding_notice',
      title: text(body.title),
      text: text(body.content),
      rows: form.map((row) => ({ key: text(row.key), value: text(row.value) })),
      url: text(oa.message_url),
      more: text(body.author),
      bar,
    };
  }
  if (msg.msgtype === 'action_card') {
    const card = part(msg.action_card);
    return {
      kind: 'ding_notice',
      title: text(card.title),
      text: plainMarkdown(text(card.markdown)),
      rows: [],
      url: text(card.single_url),
      more: text(card.single_title),
      bar: null,
    };
  }
  const own = part(msg[String(msg.msgtype)]);
  return { kind: 'ding_text', text: text(own.content) || text(own.text) || text(own.title) };
}

/** Markdown without its signs; the heading is the title already. */
function plainMarkdown(markdown: string): string {
  return markdown
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .map((line) =>
      line
        .replace(/\*\*/g, '')
        .replace(/\\([\\`*_[\]<>#|!~])/g, '$1')
        .trim(),
    )
    .filter((line) => line !== '')
    .join('\n');
}

function robotContent(message: RobotMessage): DingContent {
  return { kind: 'ding_text', text: text(message.msgParam.content) || text(message.msgParam.text) };
}

function todosOf(sandbox: Sandbox, app: DingApp, unionid: string): TodoView[] {
  return [...sandbox.ding.world.todos.values()]
    .filter((todo) => todo.appKey === app.appKey && todo.executorIds.includes(unionid))
    .map((todo) => ({
      id: todo.id,
      subject: todo.subject,
      description: todo.description,
      url: todo.detailUrl.appUrl ?? todo.detailUrl.pcUrl ?? '',
      done: todo.done,
    }))
    .reverse();
}
