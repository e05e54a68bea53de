import type { Corp } from '../wecom/world.js';
import type { ChatView } from './contract.js';

/** Below those of groups, so that phones tell conversations apart. */
const FIRST_ID = -1000;
/** 2026-01-05 09:00 in China: what was said stands before everything of the demonstration. */
const SAID_AT = Date.UTC(2026, 0, 5, 1);
const MINUTE_MS = 60_000;

/** A person's chats with customers in one company. */
export function externalChats(corp: Corp, userid: string): ChatView[] {
  const sidebarUrl = [...corp.apps.values()].find((app) => app.sidebarUrl)?.sidebarUrl ?? null;
  return [...corp.externals.values()].flatMap((contact, index): ChatView[] => {
    const follower = contact.followers.find((each) => each.userid.toLowerCase() === userid);
    if (!follower) return [];
    return [
      {
        corpId: corp.corpId,
        corpName: corp.name,
        agentId: FIRST_ID - index,
        appName: follower.remark || contact.name,
        description: '',
        unread: 0,
        messages: contact.said.map(({ by, text }, at) => ({
          id: `${contact.externalUserid}-${at}`,
          at: SAID_AT + at * MINUTE_MS,
          read: true,
          recalled: false,
          content: { kind: 'text', text },
          card: null,
          logId: null,
          warnings: [],
          ...(by === 'me' ? { mine: true } : {}),
        })),
        external: {
          userid: contact.externalUserid,
          from: contact.type === 1 ? '微信' : contact.corpName,
          sidebarUrl,
        },
      },
    ];
  });
}
