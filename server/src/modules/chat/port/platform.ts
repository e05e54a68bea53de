import type { Card } from '@lianke/shared/chat/cards';
import type { RecallReason } from '@lianke/shared/chat/deliveries';
import type { Words } from '@lianke/shared/errors/issue-text';
import type { Json } from '@lianke/shared/json';
import type { Said } from '../../../kernel/errors/said.js';
import type { RateRule } from '../../../kernel/redis/rate-limiter.js';
import type { Channel, Connection } from '../connection.js';
import type { StandIn } from '../stand-in.js';
import type { Language } from '../texts.js';

/** A chat account as a message is addressed to it. */
export interface Recipient {
  userid: string;
  /** The person's id across the developer's apps, where the platform has one. */
  unionid: string | null;
}

export interface CardPlace {
  /** Name above the title; the application's. */
  source: string;
  /** What the card is written in. */
  language: Language;
  /** Address that a tap on the card opens. */
  url: string;
  /** The message's id: comes back with a press, and is the platform's own key where it has one. */
  taskId: string;
  /** Waits for this person until its outcome is shown. */
  pending: boolean;
  /** Words that stand in texts in the place of names, because the platform shows this app none. */
  withheld?: readonly StandIn[];
}

/** What is known of a message once the platform took it. */
export interface Sent {
  msgid: string | null;
  /** One-time code that changes every copy. */
  responseCode: string | null;
  /** What else the platform answered and is needed to change the message later. */
  receipt?: Json;
  /** The message went out, but not as it should: for the administrator. */
  problem?: Said;
  /** The platform took it without saying whether the person gets it: to be asked again. */
  unproven?: boolean;
}

/** A message that went out, to be changed into its outcome. */
export interface SentCopy extends Pick<Sent, 'responseCode'> {
  recipient: Recipient;
  card: Card;
  place: CardPlace;
  outcome: string;
  /** The word before the outcome. */
  label: string;
  receipt: Json;
  /** Codes of the recipient's own presses, newest first. */
  pressCodes: readonly string[];
  /** The last attempt ended without an answer. */
  unknownBefore: boolean;
}

/**
 * What became of taking a message back. `marked`: the platform takes none of its kind back, and the copy shows its outcome
 * instead.
 */
export type Recalled = 'recalled' | 'marked' | { refused: RecallReason };

export interface PlatformDepartment {
  id: number;
  name: string | null;
  /** 0 above the root. */
  parentId: number;
  /** Ascending. */
  sort: number;
}

/** A person as the contacts show him to the app; what it may not see is null. */
export interface PlatformUser {
  userid: string;
  unionid: string | null;
  name: string | null;
  departments: readonly number[];
  mainDepartment: number | null;
  /** Departments he leads. */
  leads: readonly number[];
  title: string | null;
  mobile: string | null;
  email: string | null;
  managerUserid: string | null;
  /** Disabled or left at the platform. */
  gone: boolean;
}

/** For whom the administrator of the platform has released the app. */
export interface VisibleRange {
  /** Nobody else matters then. */
  everybody: boolean;
  /** Only administrators of the company see it, whatever else is set. */
  adminsOnly: boolean;
  userids: readonly string[];
  /** With everybody in them and below. */
  departments: readonly number[];
}

export interface Organisation {
  departments: PlatformDepartment[];
  users: PlatformUser[];
}

/** What a push says, once its envelope is open. */
export type ChatEvent =
  | {
      kind: 'press';
      messageId: string;
      userid: string;
      action: string;
      responseCode: string;
      /** Answers to the card's question, option id by key. */
      chosen?: Readonly<Record<string, string>>;
      raw: Json;
    }
  /** Read these people anew; `renamedFrom` is the userid that the only one of them had before. */
  | { kind: 'people'; userids: readonly string[]; renamedFrom?: string }
  | { kind: 'leavers'; userids: readonly string[] }
  | { kind: 'departments' }
  /** Somebody wrote to the app, or scanned a code with it. `key` is the platform's own for the message. */
  | { kind: 'words'; userid: string; by: 'text' | 'scan'; text: string; key: string }
  | { kind: 'other' };

/** A push that never arrived: its plain text, and what tells it from the next. */
export interface MissedPush {
  body: string;
  key: string;
}

/** Group chats that the app makes itself. */
export interface AppGroups {
  /** `chatId` is ours: up to 32 letters and digits. Writes a first line, without which nobody sees the group. */
  create(
    connection: Connection,
    group: { chatId: string; name: string; owner: string; userids: readonly string[]; welcome: string },
  ): Promise<void>;
  read(connection: Connection, chatId: string): Promise<{ name: string; owner: string; userids: readonly string[] }>;
  /** What is absent stays as it is. */
  change(
    connection: Connection,
    chatId: string,
    change: { name?: string; owner?: string; add: readonly string[]; remove: readonly string[] },
  ): Promise<void>;
  /** Writes what the platform's robots take, as far as groups do; answers `errcode` and its words. */
  post(
    connection: Connection,
    chatId: string,
    message: { body: object; mention: readonly string[] },
  ): Promise<{ errcode: number; errmsg: string; english?: string }>;
}

export interface LoginReturn {
  /** Where the platform sends the browser, with `code` and `state`. */
  redirectUri: string;
  /** Letters and digits, at most 128. */
  state: string;
}

/** Where a log-in code came from: the platform's own page, or the chat client around a page or a mini-program. */
export type CodeSource = 'page' | 'h5' | 'miniprogram';

/** Somebody outside of the company with whom its people chat. */
export interface ExternalContact {
  name: string;
  /** His company and position by his own word, where the platform tells them. */
  company: string | null;
  position: string | null;
  kind: 'wechat' | 'company';
  /** The company's people who have added him, with what each noted. */
  followers: {
    userid: string;
    remark: string | null;
    company: string | null;
    mobiles: readonly string[];
    tags: readonly string[];
  }[];
}

/** Customers as the platform keeps them. */
export interface ExternalContacts {
  /** Refused where the app may not read customers. */
  check(connection: Connection): Promise<void>;
  /** Null when there is no such contact, or he is not for this app to see. */
  read(connection: Connection, externalUserid: string): Promise<ExternalContact | null>;
}

/** What a page is signed with, so that the client around it gives it its interface. */
export interface PageSignature {
  timestamp: number;
  nonceStr: string;
  signature: string;
  agentSignature: string | null;
}

/** How much may be sent, kept well below what the platform drops or refuses. */
export interface SendLimits {
  /** To one person, by name of the window. */
  member: readonly (readonly [string, RateRule])[];
  /** By one connection. */
  connection: readonly (readonly [string, RateRule])[];
}

export interface ConnectionCheck {
  key: string;
  ok: boolean | null;
  message: string;
  /** What the platform's console wants to have entered. */
  copy?: string;
}

/**
 * One chat platform, behind which everything is kept that only it knows (reference, part F). Calls to the platform throw
 * `PlatformError`.
 */
export interface ChatPlatform {
  readonly channel: Channel;
  /** On screen. */
  readonly name: string;
  /** Whether a page is shown inside the platform's own client. */
  isInside(userAgent: string): boolean;
  /** How two spellings of a userid are found to be the same. */
  userKey(userid: string): string;

  /** What is wrong with the settings before anybody is asked; null when they may be tried. */
  settingsProblem(connection: Connection): Words | null;
  /** Whether it asks for files at the root of our address, to see that the address is the company's. */
  readonly asksForSiteFiles: boolean;
  /** Whether its administrator enters the domain that log-ins come back to. */
  readonly asksForLoginDomain: boolean;
  /** Fetches a token past the store: answers whether the secret is right. */
  checkSecret(connection: Connection): Promise<void>;
  /** Tells the platform what it must know of us once the credentials are right. */
  prepare(connection: Connection): Promise<void>;
  /** The platform's own items of the check-list, in the order in which it forces them. */
  checks(connection: Connection, language: Language): ConnectionCheck[];

  readonly limits: SendLimits;
  /** For how long a message that is sent again is known for the same, in seconds. */
  readonly remembersSeconds: number;
  /** The exact bytes of everything that will be asked for this message. */
  compose(connection: Connection, to: Recipient, card: Card, place: CardPlace): string;
  /** Sends what `compose` made. Sent again (`again`: nobody knows whether it worked before) nothing arrives twice. */
  send(connection: Connection, to: Recipient, body: string, again: boolean): Promise<Sent>;
  /**
   * Asked about what was sent `unproven`: whether the person has it; false while the platform does not say.
   * @throws PlatformError when it held the message back
   */
  arrived(connection: Connection, copy: Pick<SentCopy, 'recipient' | 'receipt'>): Promise<boolean>;
  /** Shows the outcome on a copy; `gone` when it can no longer be changed. */
  showOutcome(connection: Connection, copy: SentCopy): Promise<'shown' | 'gone'>;
  /** Takes a message out of its receiver's chat. Asked again, what was taken back before is taken back. */
  recall(connection: Connection, copy: SentCopy & Pick<Sent, 'msgid'>): Promise<Recalled>;

  /** The platform's page for a browser outside of the chat. */
  webLoginUrl(connection: Connection, to: LoginReturn, language: 'zh' | 'en'): string;
  /** The silent way for a page inside of the chat; where there is none, the same page as outside. */
  inChatLoginUrl(connection: Connection, to: LoginReturn): string;
  /** Refused where the platform does not know the company, the app or its secret, with which log-ins begin and end. */
  checkLogin(connection: Connection): Promise<void>;
  /** Whose code it is; null for somebody outside of the company. */
  userOfCode(connection: Connection, code: string, source: CodeSource): Promise<string | null>;

  readOrganisation(connection: Connection): Promise<Organisation>;
  /** Who sees the app; null where the platform does not tell this one. */
  readRange(connection: Connection): Promise<VisibleRange | null>;
  /** One person; null when he is not there or not for this app to see. */
  readUser(connection: Connection, userid: string): Promise<PlatformUser | null>;

  /** Customers of the platform's own contact lists; null where it keeps none. */
  readonly externals: ExternalContacts | null;
  /** Group chats of the app's own; null where the platform has none for it. */
  readonly groups: AppGroups | null;
  /** Signs a page's address (without its fragment) for the client around it. */
  signPage(connection: Connection, page: { url: string; timestamp: number; nonceStr: string }): Promise<PageSignature>;

  /** Pushes that the platform gave up because we did not answer; none where it keeps no list of them. */
  missedPushes(connection: Connection): Promise<MissedPush[]>;

  /** Reads a push kept in the inbox. @throws Error when it is none of this platform's */
  read(body: string): ChatEvent;
}
