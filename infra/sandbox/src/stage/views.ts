import { groupChats, groupUnread } from '../groups/group-views.js';
import type { Sandbox } from '../sandbox.js';
import { pendingLogins } from '../wecom/login-qr.js';
import { homeUrl } from '../wecom/oauth.js';
import { type App, type Corp, findCorp, inboxKey, type Message } from '../wecom/world.js';
import type { CardView, ChatView, LoginView, MessageView, PersonView, StageView } from './contract.js';
import { dingChats, dingHomes } from './ding-views.js';
import { externalChats } from './external-views.js';
import { withSaid } from './said.js';

/** Last messages of a conversation that a phone shows. */
const SHOWN = 100;

function unreadOf(sandbox: Sandbox, corpId: string, userid: string): number {
  return (sandbox.wecom.world.inboxes.get(inboxKey(corpId, userid)) ?? []).filter((entry) => !entry.read).length;
}

/** Every person once, with the companies they belong to. */
export function people(sandbox: Sandbox): PersonView[] {
  const found = new Map<string, PersonView>();
  for (const corp of sandbox.wecom.world.corps.values()) {
    for (const member of corp.members.values()) {
      const key = member.userid.toLowerCase();
      const person = found.get(key) ?? {
        userid: member.userid,
        name: member.name,
        position: member.position,
        platform: 'wecom',
        unread: 0,
        ...sandbox.phones.state(key),
        corps: [],
      };
      const unread = unreadOf(sandbox, corp.corpId, key) + groupUnread(sandbox, key, corp.corpId);
      const departments = member.departments.flatMap((id) => corp.departments.get(id)?.name ?? []);
      person.corps.push({ corpId: corp.corpId, corpName: corp.name, tenant: corp.tenant, departments, unread });
      person.unread += unread;
      found.set(key, person);
    }
  }
  // Whoever lives in DingTalk has his phone there; what WeCom sends him is for the scripting API only.
  return [...found.values()].map((person) => {
    const corps = dingHomes(sandbox, person.userid);
    if (corps.length === 0) return person;
    return { ...person, platform: 'dingtalk', corps, unread: corps.reduce((sum, corp) => sum + corp.unread, 0) };
  });
}

function cardView(sandbox: Sandbox, message: Message, userid: string): CardView | null {
  const face = message.faces.get(userid);
  if (!face) return null;
  return {
    card: face.card,
    replaced: face.replaced,
    updatedAt: face.updatedAt,
    presses: face.presses.map((press) => {
      const delivery = press.deliveryId ? sandbox.wecom.world.deliveries.get(press.deliveryId) : undefined;
      return { ...press, state: delivery?.state ?? 'delivered', problem: delivery?.attempts.at(-1)?.problem ?? null };
    }),
  };
}

function messageView(sandbox: Sandbox, message: Message, userid: string, read: boolean): MessageView {
  return {
    id: message.msgid,
    at: message.at,
    read,
    recalled: message.recalled,
    content: message.content,
    card: cardView(sandbox, message, userid),
    logId: message.logId,
    warnings: message.warnings,
  };
}

/** A person's conversations with the apps of one company, or of all. Messages oldest first. */
export function chats(sandbox: Sandbox, userid: string, corpId?: string): ChatView[] {
  if (corpId && sandbox.ding.world.corps.has(corpId)) return dingChats(sandbox, userid, corpId);
  const key = userid.toLowerCase();
  const found: ChatView[] = [];
  for (const corp of sandbox.wecom.world.corps.values()) {
    if ((corpId && corp.corpId.toLowerCase() !== corpId.toLowerCase()) || !corp.members.has(key)) continue;
    const inbox = sandbox.wecom.world.inboxes.get(inboxKey(corp.corpId, key)) ?? [];
    for (const app of corp.apps.values()) {
      // An app of the directory that the company took away is gone from its phones.
      if (app.contactSync || app.suite?.authorised === false) continue;
      const entries = inbox.flatMap((entry) => {
        const message = sandbox.wecom.world.messages.get(entry.msgid);
        return message && message.agentId === app.agentId ? [{ entry, message }] : [];
      });
      found.push({
        corpId: corp.corpId,
        corpName: corp.name,
        agentId: app.agentId,
        appName: app.name,
        description: app.description,
        unread: entries.filter(({ entry }) => !entry.read).length,
        messages: withSaid(
          sandbox,
          { corpId: corp.corpId, agentId: app.agentId, userid: key },
          entries.slice(-SHOWN).map(({ entry, message }) => messageView(sandbox, message, key, entry.read)),
        ),
        writes: { scans: true },
      });
    }
    found.push(...groupChats(sandbox, key, corp.corpId, corp.name), ...externalChats(corp, key));
  }
  return found;
}

/** The log-in pages that wait for a scan now. */
export function logins(sandbox: Sandbox): LoginView[] {
  return pendingLogins(sandbox.wecom).map((login) => {
    const corp = findCorp(sandbox.wecom.world, login.corpId);
    const target = new URL(login.redirectUri);
    return {
      id: login.id,
      corpId: login.corpId,
      corpName: corp?.name ?? login.corpId,
      agentId: login.agentId,
      appName: corp?.apps.get(login.agentId)?.name ?? '',
      status: login.status === 'scanned' ? 'scanned' : 'waiting',
      userid: login.userid,
      returnsTo: `${target.origin}${target.pathname}`,
      createdAt: login.createdAt,
    };
  });
}

/** The apps that people see, company by company. */
function apps(sandbox: Sandbox): { corp: Corp; app: App }[] {
  return [...sandbox.wecom.world.corps.values()].flatMap((corp) =>
    [...corp.apps.values()].filter((app) => !app.contactSync).map((app) => ({ corp, app })),
  );
}

/** Everything the page's frame needs at once. */
export function stage(sandbox: Sandbox): StageView {
  const all = apps(sandbox);
  const first = all[0];
  const { publicUrl, clock, switches, faults } = sandbox.wecom;
  return {
    now: clock.now(),
    ahead: clock.ahead(),
    publicUrl,
    consoleUrl: `${publicUrl}/`,
    mobileUrl: first ? homeUrl(sandbox.wecom, first.corp, first.app) : `${publicUrl}/m/`,
    apps: all.map(({ corp, app }) => ({ corpId: corp.corpId, agentId: app.agentId, name: app.name })),
    people: people(sandbox),
    logins: logins(sandbox),
    switches,
    dingSwitches: sandbox.ding.switches,
    dingApps: [...sandbox.ding.world.corps.values()].flatMap((corp) => [...corp.apps.keys()]),
    faults: faults.all(),
  };
}
