import { findDingApp, robotCodeOf } from '../dingtalk/world.js';
import type { Sandbox } from '../sandbox.js';
import { shownUserid } from '../wecom/ids.js';
import { canSee, findMember } from '../wecom/world.js';
import type { MessageView } from './contract.js';
import { ApiError, needApp, needCorp } from './http.js';

/** What a person wrote to an app, or scanned with its menu; his own phone shows it. */
export interface Said {
  id: string;
  corpId: string;
  agentId: number;
  /** Lower-cased. */
  userid: string;
  at: number;
  text: string;
  scanned: boolean;
}

export interface Saying {
  corpId: string;
  agentId: number;
  userid: string;
  text: string;
  /** Scanned by the app's menu instead of written; `waits` where the menu shows that it received it. */
  scan?: 'push' | 'waitmsg';
}

const KEEP = 500;

/** Writes to an app as this person. Answers the id of the delivery. */
export async function say(sandbox: Sandbox, saying: Saying): Promise<{ deliveryId: string; state: string }> {
  if (sandbox.ding.world.corps.has(saying.corpId)) return sayDing(sandbox, saying);
  const corp = needCorp(sandbox, saying.corpId);
  const app = needApp(corp, String(saying.agentId));
  const member = findMember(corp, saying.userid);
  if (!member || !canSee(corp, app, member))
    throw new ApiError(409, 'not_visible', `「${saying.userid}」看不到应用「${app.name}」`);
  const said = remember(sandbox, saying);
  const event = saying.scan === undefined ? null : `scancode_${saying.scan}`;
  const delivery = sandbox.callbacks.send(corp.corpId, app.agentId, {
    ToUserName: corp.corpId,
    FromUserName: shownUserid(app, member.userid),
    CreateTime: sandbox.clock.seconds(),
    MsgType: event ? 'event' : 'text',
    ...(event
      ? {
          Event: event,
          EventKey: 'lianke_scan',
          ScanCodeInfo: { ScanType: 'qrcode', ScanResult: saying.text },
        }
      : { Content: saying.text, MsgId: said.id }),
    AgentID: app.agentId,
  });
  return { deliveryId: delivery.id, state: delivery.state };
}

async function sayDing(sandbox: Sandbox, saying: Saying): Promise<{ deliveryId: string; state: string }> {
  const corp = sandbox.ding.world.corps.get(saying.corpId);
  const known = [...(corp?.apps.values() ?? [])].find((each) => each.agentId === saying.agentId);
  const app = known && findDingApp(sandbox.ding.world, known.appKey);
  if (!corp || !app) throw new ApiError(404, 'no_app', `没有应用 ${saying.agentId}`);
  const member = corp.members.get(saying.userid);
  if (!member) throw new ApiError(404, 'no_person', `没有 userid 为「${saying.userid}」的人`);
  if (saying.scan !== undefined) throw new ApiError(409, 'no_menu', '钉钉的机器人没有扫码菜单');
  const said = remember(sandbox, saying);
  const delivery = await sandbox.pushes.words(app, {
    conversationId: `cid${app.agentId}${member.userid}`,
    chatbotCorpId: corp.corpId,
    chatbotUserId: `$:LWCP_v1:$${app.agentId}`,
    msgId: `msg${said.id}`,
    senderNick: member.name,
    isAdmin: false,
    senderStaffId: member.userid,
    sessionWebhookExpiredTime: sandbox.clock.now() + 5_400_000,
    createAt: sandbox.clock.now(),
    senderCorpId: corp.corpId,
    conversationType: '1',
    senderId: `$:LWCP_v1:$${member.userid}`,
    sessionWebhook: `${sandbox.ding.selfUrl}/robot/sendBySession`,
    robotCode: robotCodeOf(app),
    msgtype: 'text',
    text: { content: saying.text },
  });
  return { deliveryId: delivery.id, state: delivery.state };
}

function remember(sandbox: Sandbox, { corpId, agentId, userid, text, scan }: Saying): Said {
  const said: Said = {
    id: String(7_000_000_000_000 + sandbox.wecom.random.bytes(5).readUIntBE(0, 5)),
    ...{ corpId, agentId, userid: userid.toLowerCase() },
    ...{ at: sandbox.clock.now(), text, scanned: scan !== undefined },
  };
  sandbox.said = [...sandbox.said, said].slice(-KEEP);
  sandbox.hub.emit({ kind: 'message', corpId, userids: [said.userid] });
  return said;
}

/** What he wrote to an app among what the app sent him, oldest first. */
export function withSaid(
  sandbox: Sandbox,
  chat: { corpId: string; agentId: number; userid: string },
  messages: MessageView[],
): MessageView[] {
  const own = sandbox.said.filter(
    (each) =>
      each.corpId.toLowerCase() === chat.corpId.toLowerCase() &&
      each.agentId === chat.agentId &&
      each.userid === chat.userid.toLowerCase(),
  );
  if (own.length === 0) return messages;
  const views = own.map(
    (each): MessageView => ({
      id: each.id,
      at: each.at,
      read: true,
      recalled: false,
      content: { kind: 'text', text: each.scanned ? `[扫码] ${each.text}` : each.text },
      card: null,
      logId: null,
      warnings: [],
      mine: true,
    }),
  );
  return [...messages, ...views].sort((a, b) => a.at - b.at);
}
