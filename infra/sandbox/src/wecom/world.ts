import type { CorpSeed, ExternalSeed, Seed, SuiteSeed } from '../seed.js';
import type { Face, MessageContent } from './card-types.js';

export interface Member {
  userid: string;
  name: string;
  departments: number[];
  position: string;
  gender: '1' | '2';
  mobile: string;
  email: string;
  directLeader: string | null;
  leads: number[];
}

export interface Department {
  id: number;
  name: string;
  parentId: number;
}

export interface CallbackConfig {
  url: string;
  token: string;
  aesKey: string;
  verifiedAt: number;
}

/** A self-built app. The contact-sync assistant is one too, with agent id 0 and no face of its own. */
export interface App {
  agentId: number;
  name: string;
  description: string;
  secret: string;
  contactSync: boolean;
  redirectDomain: string | null;
  homeUrl: string | null;
  miniProgramAppId: string;
  visibleDepartments: number[];
  /** Members and tags that see it beside those departments. */
  visibleUsers: string[];
  visibleTags: number[];
  hidePrivateFields: boolean;
  /** Whether it may use the interfaces of 客户联系. */
  customerContact: boolean;
  /** Page of the chat toolbar; null where none is set. */
  sidebarUrl: string | null;
  callback: CallbackConfig | null;
  /** 网页授权及 JS-SDK 可信域名, proven by a file at its root; null where none is set. */
  trustedDomain: string | null;
  /** 企业可信 IP, and since when they count. */
  trustedIps: string[];
  trustedSince: number;
  /** Of an app that the company added from the directory: whose it is, and how the company is called to its provider. */
  suite: { suiteId: string; openCorpId: string; authorised: boolean } | null;
}

export interface Tag {
  name: string;
  userids: string[];
  parties: number[];
}

export interface Corp {
  corpId: string;
  name: string;
  tenant: string;
  departments: Map<number, Department>;
  /** By lower-cased userid: WeCom compares userids without case. */
  members: Map<string, Member>;
  apps: Map<number, App>;
  /** 标签: members and departments under a name. */
  tags: Map<number, Tag>;
  /** External contacts by their id. */
  externals: Map<string, ExternalSeed>;
}

/** Agent id under which the contact-sync assistant stands among a corp's apps. */
export const CONTACT_SYNC_AGENT = 0;

export interface TokenRecord {
  token: string;
  corpId: string;
  agentId: number;
  expiresAt: number;
  /** False once the platform took it back early; it then answers 40014 instead of 42001. */
  known: boolean;
}

export interface CodeRecord {
  code: string;
  /** `web` codes go to auth/getuserinfo, `mini` codes to jscode2session; the pools are distinct. */
  pool: 'web' | 'mini';
  origin: 'login' | 'oauth' | 'client';
  corpId: string;
  agentId: number | null;
  userid: string | null;
  openid: string | null;
  privateInfo: boolean;
  expiresAt: number;
  used: boolean;
}

export interface PendingLogin {
  id: string;
  /** Of an app of the directory, which names no company: that of whoever scans. */
  suiteId: string | null;
  corpId: string;
  agentId: number;
  redirectUri: string;
  redirectType: 'top' | 'self' | 'callback';
  state: string;
  lang: 'zh' | 'en';
  status: 'waiting' | 'scanned' | 'confirmed' | 'cancelled' | 'closed';
  userid: string | null;
  code: string | null;
  createdAt: number;
  /** Real time of the page's last sign of life, so that closed tabs leave the scanner's list. */
  seenAt: number;
}

export interface Message {
  msgid: string;
  corpId: string;
  agentId: number;
  at: number;
  content: MessageContent;
  taskId: string | null;
  /** Lower-cased userids that really received it. */
  recipients: string[];
  faces: Map<string, Face>;
  recalled: boolean;
  logId: number | null;
  warnings: string[];
}

export interface ResponseCode {
  code: string;
  corpId: string;
  agentId: number;
  msgid: string;
  origin: 'send' | 'click';
  expiresAt: number;
  used: boolean;
}

export interface Delivery {
  id: string;
  /** An instruction to an app of the directory; null for what goes to a company's app. */
  suiteId: string | null;
  corpId: string;
  agentId: number;
  event: string;
  xml: string;
  at: number;
  state: 'pending' | 'delivered' | 'failed';
  attempts: { at: number; ms: number; status: number | null; problem: string | null }[];
}

export interface InboxEntry {
  msgid: string;
  at: number;
  read: boolean;
}

export interface SendAnswer {
  msgid: string;
  response_code?: string;
  invaliduser?: string;
  invalidparty?: string;
  invalidtag?: string;
}

/** Everything the WeCom side remembers; plain data only, so that it can be saved and loaded as it is. */
export interface World {
  corps: Map<string, Corp>;
  tokens: Map<string, TokenRecord>;
  /** Current token by `corp/agent`. */
  currentTokens: Map<string, string>;
  tickets: Map<string, { ticket: string; expiresAt: number }>;
  codes: Map<string, CodeRecord>;
  userTickets: Map<string, { corpId: string; userid: string; expiresAt: number }>;
  logins: Map<string, PendingLogin>;
  messages: Map<string, Message>;
  /** By `corp/userid`, oldest first. */
  inboxes: Map<string, InboxEntry[]>;
  /** Message id by `corp/agent/task_id`. */
  taskIds: Map<string, string>;
  responseCodes: Map<string, ResponseCode>;
  duplicates: Map<string, { until: number; answer: SendAnswer }>;
  /** Send times by `corp/agent/userid`, for the per-member limit. */
  sentTo: Map<string, number[]>;
  deliveries: Map<string, Delivery>;
  /** By suite id. */
  suites: Map<string, Suite>;
}

/** A company's consent to an app of the directory. */
export interface SuiteInstall {
  corpId: string;
  /** The corp id as the provider sees it: encrypted, with case (WW/97104). */
  openCorpId: string;
  agentId: number;
  permanentCode: string;
  /** Who added it. */
  userid: string;
  /** 接口许可 by userid; milliseconds. */
  licences: Map<string, { activeAt: number; expiresAt: number }>;
}

/** An app of the directory. */
export interface Suite extends SuiteSeed {
  /** Tickets pushed, with the end of each. */
  tickets: Map<string, number>;
  /** Tokens of the suite and of its provider. */
  tokens: Map<string, { kind: 'suite' | 'provider'; expiresAt: number; known: boolean }>;
  /** End of each; milliseconds. */
  preAuthCodes: Map<string, number>;
  authCodes: Map<string, { corpId: string; expiresAt: number; used: boolean }>;
  /** By plain corp id, lower case; kept when the consent is taken back. */
  installs: Map<string, SuiteInstall>;
}

function suiteFrom(seed: SuiteSeed): Suite {
  return {
    ...seed,
    tickets: new Map(),
    tokens: new Map(),
    preAuthCodes: new Map(),
    authCodes: new Map(),
    installs: new Map(),
  };
}

/** What no administrator has entered yet. */
export const untrusted = { trustedDomain: null, trustedIps: [], trustedSince: 0 };

function corpFrom(seed: CorpSeed): Corp {
  const assistant: App = {
    agentId: CONTACT_SYNC_AGENT,
    name: '通讯录同步',
    description: '',
    secret: seed.contactSyncSecret,
    contactSync: true,
    redirectDomain: null,
    homeUrl: null,
    miniProgramAppId: '',
    visibleDepartments: [1],
    visibleUsers: [],
    visibleTags: [],
    hidePrivateFields: true,
    customerContact: false,
    sidebarUrl: null,
    callback: null,
    ...untrusted,
    suite: null,
  };
  const apps = seed.apps.map((app): App => ({ ...app, contactSync: false, callback: null, ...untrusted, suite: null }));
  return {
    corpId: seed.corpId,
    name: seed.name,
    tenant: seed.tenant,
    departments: new Map(seed.departments.map((department) => [department.id, { ...department }])),
    members: new Map(seed.members.map((member) => [member.userid.toLowerCase(), structuredClone(member)])),
    apps: new Map([assistant, ...apps].map((app) => [app.agentId, app])),
    tags: new Map(),
    externals: new Map(seed.externals.map((contact) => [contact.externalUserid, structuredClone(contact)])),
  };
}

/** A world with the seed's people and nothing sent yet. */
export function worldFrom(seed: Seed): World {
  return {
    corps: new Map(seed.wecom.map((corp) => [corp.corpId.toLowerCase(), corpFrom(corp)])),
    tokens: new Map(),
    currentTokens: new Map(),
    tickets: new Map(),
    codes: new Map(),
    userTickets: new Map(),
    logins: new Map(),
    messages: new Map(),
    inboxes: new Map(),
    taskIds: new Map(),
    responseCodes: new Map(),
    duplicates: new Map(),
    sentTo: new Map(),
    deliveries: new Map(),
    suites: new Map(seed.suites.map((suite) => [suite.suiteId, suiteFrom(suite)])),
  };
}

/** The corp with this id; a plain-text corp id is compared without case (WW/97104). */
export function findCorp(world: World, corpId: string): Corp | undefined {
  return world.corps.get(corpId.toLowerCase());
}

export function findMember(corp: Corp, userid: string): Member | undefined {
  return corp.members.get(userid.toLowerCase());
}

/** A department and everything below it. */
export function departmentTree(corp: Corp, root: number): number[] {
  const found = [root];
  for (const id of found)
    for (const department of corp.departments.values())
      if (department.parentId === id && !found.includes(department.id)) found.push(department.id);
  return found.filter((id) => corp.departments.has(id));
}

/** Whether the member stands in the app's visible range (可见范围). */
export function canSee(corp: Corp, app: App, member: Member): boolean {
  const tags = app.visibleTags.flatMap((id) => corp.tags.get(id) ?? []);
  const roots = [...app.visibleDepartments, ...tags.flatMap((tag) => tag.parties)];
  const visible = new Set(roots.flatMap((id) => departmentTree(corp, id)));
  const named = [...app.visibleUsers, ...tags.flatMap((tag) => tag.userids)];
  const own = member.userid.toLowerCase();
  return member.departments.some((id) => visible.has(id)) || named.some((userid) => userid.toLowerCase() === own);
}

/** Whom a tag stands for, by lower-cased userid: its members, and those of its departments. */
export function taggedIn(corp: Corp, tagId: number): string[] {
  const tag = corp.tags.get(tagId);
  if (!tag) return [];
  const within = new Set(tag.parties.flatMap((id) => departmentTree(corp, id)));
  const members = [...corp.members].filter(([, member]) => member.departments.some((id) => within.has(id)));
  return [...new Set([...tag.userids.map((userid) => userid.toLowerCase()), ...members.map(([userid]) => userid)])];
}

export const inboxKey = (corpId: string, userid: string): string => `${corpId.toLowerCase()}/${userid.toLowerCase()}`;
