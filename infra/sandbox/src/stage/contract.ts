import type { LogEntry } from '../core/protocol-log.js';
import type { Fault, Switches } from '../core/switches.js';
import type { DingSwitches } from '../dingtalk/switches.js';
import type { GroupContent } from '../groups/content.js';
import type { MessageContent, TemplateCard } from '../wecom/card-types.js';

/** Shapes of the scripting API, shared by the page. Instants are milliseconds since the epoch on the sandbox's clock. */

export interface PersonView {
  userid: string;
  name: string;
  position: string;
  platform: 'wecom' | 'dingtalk';
  unread: number;
  /** False while the phone is cut off (断网). */
  online: boolean;
  /** Whether the phone tells its position. */
  locates: boolean;
  /** His companies at that platform; `tenant` says which are one company at both. */
  corps: { corpId: string; corpName: string; tenant: string; departments: string[]; unread: number }[];
}

export interface CardView {
  card: TemplateCard;
  /** The grey text in place of the buttons once updated; null while they can be pressed. */
  replaced: string | null;
  updatedAt: number | null;
  presses: {
    key: string;
    at: number;
    state: 'pending' | 'delivered' | 'failed';
    deliveryId: string | null;
    problem: string | null;
  }[];
}

/** What DingTalk shows in a conversation. */
export type DingContent =
  | {
      kind: 'ding_card';
      appKey: string;
      /** The variables of the template as this person sees them. */
      values: Record<string, string>;
      presses: { at: number; action: string; state: 'pending' | 'delivered' | 'failed'; problem: string | null }[];
    }
  | {
      kind: 'ding_notice';
      title: string;
      text: string;
      rows: { key: string; value: string }[];
      url: string;
      more: string;
      bar: { value: string; done: boolean } | null;
    }
  | { kind: 'ding_text'; text: string };

/** A line of DingTalk's 待办. */
export interface TodoView {
  id: string;
  subject: string;
  description: string;
  url: string;
  done: boolean;
}

export interface MessageView {
  id: string;
  at: number;
  read: boolean;
  recalled: boolean;
  content: MessageContent | DingContent | GroupContent;
  card: CardView | null;
  logId: number | null;
  warnings: string[];
  /** Who said it, in a group. */
  from?: string;
  /** The reader is called by @. */
  called?: boolean;
  /** The reader said it himself, in a chat with a customer. */
  mine?: boolean;
}

export interface ChatView {
  corpId: string;
  corpName: string;
  agentId: number;
  appName: string;
  description: string;
  unread: number;
  messages: MessageView[];
  /** An app to which one can write; `scans`: its menu scans codes. */
  writes?: { scans: boolean };
  /** DingTalk's own list of what waits. */
  todos?: TodoView[];
  /** A group chat instead of an app. */
  group?: { people: number; robots: { name: string; url: string; secret: string | null }[] };
  /** A chat with a customer; `sidebarUrl` is the page beside it, where the company has set one. */
  external?: { userid: string; from: string; sidebarUrl: string | null };
}

export interface LoginView {
  id: string;
  corpId: string;
  corpName: string;
  agentId: number;
  appName: string;
  status: 'waiting' | 'scanned';
  userid: string | null;
  /** Where the page goes after confirmation, without its query. */
  returnsTo: string;
  createdAt: number;
}

export type StepState = 'todo' | 'done' | 'failed';

/** What continuing a step does on the page. */
export type StepAction =
  /** `to`: what the page opens for, when that is not the step itself. */
  | { kind: 'console'; url: string; to?: 'connect' | 'reset' }
  | { kind: 'phone'; userid: string; open: 'scanner' | 'chat' | 'home' }
  | { kind: 'advance'; days: number }
  | { kind: 'redeliver'; deliveryId: string };

/** Why a step failed, or what was seen that ticked it: a phrase of the page with its values, or the application's own words. */
export type StepNote =
  | { phrase: 'loggedIn' | 'cardUpdated' | 'reminded' | 'gotCard' | 'gotDigest'; name: string }
  | { phrase: 'refused' | 'reason'; reason: string };

export interface StepView {
  key: string;
  state: StepState;
  note: StepNote | null;
  actions: StepAction[];
}

export interface StageView {
  now: number;
  ahead: number;
  publicUrl: string;
  consoleUrl: string;
  mobileUrl: string;
  apps: { corpId: string; agentId: number; name: string }[];
  people: PersonView[];
  logins: LoginView[];
  switches: Switches;
  dingSwitches: DingSwitches;
  /** Apps on DingTalk by their keys, for what is done to all of them. */
  dingApps: string[];
  faults: Fault[];
}

export interface LogView {
  items: LogEntry[];
}

export type { LogEntry };
