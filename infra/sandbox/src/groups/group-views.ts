import type { Sandbox } from '../sandbox.js';
import type { ChatView } from '../stage/contract.js';
import type { Group } from './groups.js';

/** Last messages of a group that a phone shows. */
const SHOWN = 100;

/** A person's groups in one company. Messages oldest first. */
export function groupChats(sandbox: Sandbox, userid: string, corpId: string, corpName: string): ChatView[] {
  return mine(sandbox, userid, corpId).map((group) => ({
    corpId: group.corpId,
    corpName,
    agentId: group.agentId,
    appName: group.name,
    description: '',
    unread: unreadOf(group, userid),
    messages: group.messages.slice(-SHOWN).map((message) => ({
      id: message.id,
      at: message.at,
      read: true,
      recalled: false,
      content: message.content,
      card:
        message.content.kind === 'template_card'
          ? { card: message.content.card, replaced: null, updatedAt: null, presses: [] }
          : null,
      logId: message.logId,
      warnings: [],
      from: message.robot,
      called: message.called.includes(userid),
    })),
    group: {
      people: group.userids.length,
      robots: group.robots.map((robot) => ({
        name: robot.name,
        url: urlOf(sandbox, group, robot.key),
        secret: robot.secret,
      })),
    },
  }));
}

/** Unread messages in a person's groups of one company. */
export function groupUnread(sandbox: Sandbox, userid: string, corpId: string): number {
  return mine(sandbox, userid, corpId).reduce((sum, group) => sum + unreadOf(group, userid), 0);
}

/** He has seen what is there in this group, or in all of the company. */
export function readGroups(sandbox: Sandbox, userid: string, corpId: string, agentId: number | undefined): number {
  let read = 0;
  for (const group of mine(sandbox, userid, corpId)) {
    if (agentId !== undefined && group.agentId !== agentId) continue;
    read += unreadOf(group, userid);
    group.seen.set(userid, group.messages.length);
  }
  return read;
}

function mine(sandbox: Sandbox, userid: string, corpId: string): Group[] {
  return sandbox.groups.filter(
    (group) =>
      group.corpId.toLowerCase() === corpId.toLowerCase() &&
      group.userids.includes(userid) &&
      // A group that an app made is not seen before its first message.
      (group.chat === null || group.messages.length > 0),
  );
}

const unreadOf = (group: Group, userid: string): number => group.messages.length - (group.seen.get(userid) ?? 0);

/** The robot's Webhook address as the platform's client shows it. */
function urlOf(sandbox: Sandbox, group: Group, key: string): string {
  const path = group.platform === 'wecom' ? `cgi-bin/webhook/send?key=${key}` : `robot/send?access_token=${key}`;
  return `${sandbox.wecom.selfUrl}/${path}`;
}
