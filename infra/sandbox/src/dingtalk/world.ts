import { createHash } from 'node:crypto';
import type { DingSuiteSeed, DingtalkSeed, Seed } from '../seed.js';

export interface DingMember {
  userid: string;
  /** Constant per person and developer organisation; todo tasks know people by it. */
  unionid: string;
  name: string;
  departments: number[];
  title: string;
  mobile: string;
  email: string;
  manager: string | null;
  leads: number[];
}

export interface DingDepartment {
  id: number;
  name: string;
  parentId: number;
}

/** Where an app's events go by HTTP; verified when it was saved. */
export interface EventPush {
  url: string;
  token: string;
  aesKey: string;
  verifiedAt: number;
}

/** Access rights that a developer asks for in the console; without one its calls are refused. */
export type DingPermission = 'contacts' | 'mobile' | 'email' | 'notice' | 'card' | 'todo' | 'robot';

export interface DingApp {
  corpId: string;
  agentId: number;
  appKey: string;
  appSecret: string;
  name: string;
  /** What the workbench opens; null = `<public address>/m/`. */
  homeUrl: string | null;
  /** Whether the app has a mini-program with a version that is out. */
  miniProgram: boolean;
  /** Addresses the log-in may return to; null = those of the application's public address. */
  redirectUrls: string[] | null;
  /** What of the contacts it may read. */
  visibleDepartments: number[];
  /** Who may use it; null = those whose contacts it may read. */
  usable: { adminsOnly: boolean; departments: number[]; userids: string[] } | null;
  permissions: DingPermission[];
  /** Card templates built in the console, by id, with the variables each has. */
  cardTemplates: Map<string, string[]>;
  eventPush: EventPush | null;
  /** When its version was published (版本发布); null: only administrators have it. */
  publishedAt: number | null;
  /** 服务器出口 IP. */
  serverIps: string[];
  /** 消息接收地址 of its robot in HTTP mode; without it the robot's messages go over the stream. */
  robotUrl?: string | null;
  /** Card callback addresses by route key. */
  cardRoutes: Map<string, { url: string; apiSecret: string }>;
  /** Of an app that the company added from the directory; its `appKey` then tells the companies apart. */
  suite: { suiteKey: string; authorised: boolean; permanentCode: string; userid: string } | null;
}

/** An app of the directory. */
export interface DingSuite extends DingSuiteSeed {
  /** Tickets pushed, with the end of each. */
  tickets: Map<string, number>;
}

/** Under which code the app's robot and card platform know it: the suite's for all companies. */
export const robotCodeOf = (app: DingApp): string => app.suite?.suiteKey ?? app.appKey;

export interface DingCorp {
  corpId: string;
  name: string;
  tenant: string;
  departments: Map<number, DingDepartment>;
  members: Map<string, DingMember>;
  /** By appKey. */
  apps: Map<string, DingApp>;
  /** Whose phone on the stage is a DingTalk phone. */
  residents: string[];
}

export interface AppToken {
  token: string;
  appKey: string;
  expiresAt: number;
  /** False once taken back early. */
  known: boolean;
  /** The interface that gave it; absent for a company's token of the directory's app. */
  generation?: 'old' | 'new';
}

/** A one-time code: `login` of the web page, `client` of an app opened inside DingTalk. */
export interface DingCode {
  code: string;
  kind: 'login' | 'client';
  appKey: string;
  userid: string;
  expiresAt: number;
  used: boolean;
}

export interface UserToken {
  token: string;
  refreshToken: string;
  appKey: string;
  userid: string;
  expiresAt: number;
}

/** A work notice as each person has it. */
export interface Notice {
  taskId: number;
  appKey: string;
  at: number;
  msg: Record<string, unknown>;
  /** Everybody it was addressed to. */
  asked: string[];
  /** When it reaches people; null once it has, or was held back. */
  due: number | null;
  /** Who really got it. */
  delivered: string[];
  /** Who did not, by the platform's number. */
  forbidden: { code: string; userid: string }[];
  invalid: string[];
  read: string[];
  recalled: boolean;
  statusBar: { value: string; bg: string } | null;
  raw: string;
}

/** An interactive card. Values are strings only. */
export interface Card {
  outTrackId: string;
  appKey: string;
  templateId: string;
  callbackType: 'STREAM' | 'HTTP' | null;
  routeKey: string | null;
  userIdType: 1 | 2;
  at: number;
  publicData: Record<string, string>;
  privateData: Map<string, Record<string, string>>;
  /** What a callback's answer changed for the one who pressed, over the public data. */
  overlays: Map<string, Record<string, string>>;
  spaces: { type: string; id: string }[];
  presses: { at: number; userid: string; actionId: string; params: Record<string, string>; deliveryId: string }[];
}

export interface Todo {
  id: string;
  appKey: string;
  sourceId: string;
  subject: string;
  description: string;
  creatorId: string;
  executorIds: string[];
  participantIds: string[];
  detailUrl: { appUrl?: string; pcUrl?: string };
  dueTime: number | null;
  done: boolean;
  doneBy: string[];
  createdTime: number;
  modifiedTime: number;
}

/** A message of the app's robot to one person. */
export interface RobotMessage {
  key: string;
  appKey: string;
  at: number;
  userIds: string[];
  msgKey: string;
  msgParam: Record<string, unknown>;
  recalled: boolean;
}

/** A push to the application: an event or the press of a card's button. */
export interface DingDelivery {
  id: string;
  appKey: string;
  kind: 'event' | 'card' | 'words';
  /** `EventType`, the card's `outTrackId`, or the message's id. */
  name: string;
  body: Record<string, unknown>;
  at: number;
  channel: 'http' | 'stream';
  state: 'pending' | 'delivered' | 'failed';
  attempts: { at: number; ms: number; problem: string | null }[];
  /** What the application answered to the press of a button. */
  reply: Record<string, unknown> | null;
}

/** Everything the DingTalk side remembers; plain data only, so that it can be saved and loaded as it is. */
export interface DingWorld {
  corps: Map<string, DingCorp>;
  tokens: Map<string, AppToken>;
  currentTokens: Map<string, string>;
  tickets: Map<string, { ticket: string; expiresAt: number }>;
  userTokens: Map<string, UserToken>;
  codes: Map<string, DingCode>;
  notices: Map<number, Notice>;
  nextTaskId: number;
  /** Send times by `app/userid`, for the daily cap. */
  sentTo: Map<string, number[]>;
  /** Until when the same content is not delivered again, by `app/userid/hash`. */
  sameText: Map<string, number>;
  cards: Map<string, Card>;
  todos: Map<string, Todo>;
  robotMessages: Map<string, RobotMessage>;
  deliveries: Map<string, DingDelivery>;
  /** Single-use tickets of the stream gateway. */
  gatewayTickets: Map<string, { appKey: string; topics: string[]; expiresAt: number }>;
  /** Until when a person has read what an app sent, by `app/userid`. */
  readUntil: Map<string, number>;
  /** By suite key. */
  suites: Map<string, DingSuite>;
}

function corpFrom(seed: DingtalkSeed): DingCorp {
  const apps = seed.apps.map(
    (app): DingApp => ({
      ...app,
      corpId: seed.corpId,
      cardTemplates: new Map(app.cardTemplates.map((template) => [template.id, template.variables])),
      eventPush: null,
      publishedAt: null,
      serverIps: [],
      cardRoutes: new Map(),
      suite: null,
    }),
  );
  return {
    corpId: seed.corpId,
    name: seed.name,
    tenant: seed.tenant,
    departments: new Map(seed.departments.map((department) => [department.id, { ...department }])),
    members: new Map(
      seed.members.map((member) => [
        member.userid,
        {
          userid: member.userid,
          unionid: `union_${seed.tenant}_${member.userid}`,
          name: member.name,
          departments: [...member.departments],
          title: member.position,
          mobile: member.mobile,
          email: member.email,
          manager: member.directLeader,
          leads: [...member.leads],
        },
      ]),
    ),
    apps: new Map(apps.map((app) => [app.appKey, app])),
    residents: [...seed.residents],
  };
}

/** A world with the seed's people and nothing sent yet. */
export function dingWorldFrom(seed: Pick<Seed, 'dingtalk' | 'dingSuites'>): DingWorld {
  return {
    corps: new Map(seed.dingtalk.map((corp) => [corp.corpId, corpFrom(corp)])),
    tokens: new Map(),
    currentTokens: new Map(),
    tickets: new Map(),
    userTokens: new Map(),
    codes: new Map(),
    notices: new Map(),
    nextTaskId: 256_271_667_526,
    sentTo: new Map(),
    sameText: new Map(),
    cards: new Map(),
    todos: new Map(),
    robotMessages: new Map(),
    deliveries: new Map(),
    gatewayTickets: new Map(),
    readUntil: new Map(),
    suites: new Map(seed.dingSuites.map((suite) => [suite.suiteKey, { ...suite, tickets: new Map() }])),
  };
}

export function findDingApp(world: DingWorld, appKey: string): DingApp | undefined {
  for (const corp of world.corps.values()) {
    const app = corp.apps.get(appKey);
    if (app) return app;
  }
  return undefined;
}

/** The corp that owns an app. */
export function corpOf(world: DingWorld, app: DingApp): DingCorp {
  const corp = world.corps.get(app.corpId);
  if (!corp) throw new Error(`no corp ${app.corpId}`);
  return corp;
}

/** A person's unionId as an app's developer knows it (B3): another one for the provider of an app of the directory. */
export function unionIdFor(
  app: { suite: { suiteKey: string } | null },
  { unionid }: Pick<DingMember, 'unionid'>,
): string {
  if (!app.suite) return unionid;
  return createHash('sha256').update(`${app.suite.suiteKey}/${unionid}`).digest('base64url').slice(0, 22);
}

export function memberByUnionId(corp: DingCorp, app: Pick<DingApp, 'suite'>, unionid: string): DingMember | undefined {
  return [...corp.members.values()].find((member) => unionIdFor(app, member) === unionid);
}

/** A department and everything below it. */
export function dingDepartmentTree(corp: DingCorp, root: number): number[] {
  const found = [root];
  for (const id of found)
    for (const department of corp.departments.values())
      if (department.parentId === id && !found.includes(department.id)) found.push(department.id);
  return found.filter((id) => corp.departments.has(id));
}

/** Whether a member stands in the app's contact scope (通讯录权限范围). */
export function inScope(corp: DingCorp, app: DingApp, member: DingMember): boolean {
  // A company authorises an app of the directory for people by name, too.
  if (app.suite && app.usable?.userids.includes(member.userid)) return true;
  const visible = new Set(app.visibleDepartments.flatMap((id) => dingDepartmentTree(corp, id)));
  return member.departments.some((id) => visible.has(id));
}

/** Whether a person may use the app (可使用范围): messages reach nobody else. */
export function mayUse(corp: DingCorp, app: DingApp, member: DingMember): boolean {
  const { usable } = app;
  if (usable === null) return inScope(corp, app, member);
  if (usable.adminsOnly) return member.userid === 'admin';
  const within = new Set(usable.departments.flatMap((id) => dingDepartmentTree(corp, id)));
  return usable.userids.includes(member.userid) || member.departments.some((id) => within.has(id));
}
