import type { Seed } from '../seed.js';
import type { GroupContent } from './content.js';
import type { StoredFile } from './files.js';

/** The robot of a group: who has its address may write into the group. */
export interface GroupRobot {
  name: string;
  /** `key` of WeCom's address, `access_token` of DingTalk's. */
  key: string;
  /** DingTalk's 加签 secret; null where it is not asked for. */
  secret: string | null;
  /** DingTalk's 自定义关键词: one of them must be in what it says; none: anything goes. */
  keywords: string[];
  /** DingTalk's IP 地址（段）, addresses only; none: from anywhere. */
  ips: string[];
  /** When it sent, for the limit of twenty a minute. */
  sentAt: number[];
  /** DingTalk keeps a robot that sent too much out until then. */
  blockedUntil: number;
}

export interface GroupMessage {
  id: string;
  at: number;
  robot: string;
  content: GroupContent;
  /** Userids that are called by @. */
  called: string[];
  logId: number | null;
}

/** A group chat of a company at one of the platforms. */
export interface Group {
  id: string;
  /** Below zero and unlike every app's: phones tell conversations apart by it. */
  agentId: number;
  corpId: string;
  platform: 'wecom' | 'dingtalk';
  name: string;
  userids: string[];
  robots: GroupRobot[];
  /** Of a group that an app has made. */
  chat: { chatid: string; agentId: number; owner: string } | null;
  messages: GroupMessage[];
  /** Pictures and files that its robots brought, by id. */
  files: Map<string, StoredFile>;
  /** How many messages each has seen, by userid. */
  seen: Map<string, number>;
}

/** The groups of the seed, with nothing said in them yet. */
export function groupsFrom(seed: Seed): Group[] {
  const of = (platform: Group['platform'], corps: Seed['wecom'] | Seed['dingtalk']) =>
    corps.flatMap((corp) =>
      corp.groups.map((group) => ({
        ...group,
        corpId: corp.corpId,
        platform,
        userids: (group.userids ?? corp.members.map((member) => member.userid)).map((id) => id.toLowerCase()),
        robots: group.robots.map((robot) => ({ ...robot, sentAt: [], blockedUntil: 0 })),
        chat: null,
      })),
    );
  return [...of('wecom', seed.wecom), ...of('dingtalk', seed.dingtalk)].map((group, index) => ({
    ...group,
    agentId: -1 - index,
    messages: [],
    files: new Map(),
    seen: new Map(),
  }));
}

/** A robot in its group. */
export interface RobotIn {
  group: Group;
  robot: GroupRobot;
}

export function findRobot(
  groups: readonly Group[],
  platform: Group['platform'],
  key: string | undefined,
): RobotIn | undefined {
  for (const group of groups) {
    const robot = group.platform === platform ? group.robots.find((each) => each.key === key) : undefined;
    if (robot) return { group, robot };
  }
  return undefined;
}

const MINUTE_MS = 60_000;
const PER_MINUTE = 20;

/** Twenty messages a minute are all that a robot may send, on both platforms. */
export function mayStillSend(robot: GroupRobot, now: number): boolean {
  robot.sentAt = robot.sentAt.filter((at) => at > now - MINUTE_MS);
  if (robot.sentAt.length >= PER_MINUTE) return false;
  robot.sentAt.push(now);
  return true;
}
