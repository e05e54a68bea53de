import type { CardAction, CardWords } from '@lianke/shared/chat/cards';
import type { Topic } from '@lianke/shared/chat/topics';
import type { Words } from '@lianke/shared/errors/issue-text';
import type { FlowDefinition } from '@lianke/shared/flows/definition';
import type { AppId, FlowId, FormId, MemberId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import { Injectable } from '@nestjs/common';
import type { Tx } from '../kernel/database/tx.js';
import type { Said } from '../kernel/errors/said.js';
import type { TenantContext } from './context.js';
import type { TenantForms } from './forms/form-registry.js';
import type { Org } from './org/org-directory.js';

/** What a message is about; all messages about one thing are updated together once it is decided. */
export interface NotificationSubject {
  kind: 'task' | 'record' | 'none';
  /** A task's or record's id; null for `none`. */
  id: string | null;
}

/** One card to several members, each of whom gets it in his language. */
export interface Notification {
  card: CardWords;
  to: readonly MemberId[];
  /** Idempotency key, for example `run:step:iteration`: the same key to the same member is sent once, ever. */
  key: string;
  about: NotificationSubject;
  /** May become one digest with other mergeable messages that reach the member within about a second. */
  mergeable?: boolean;
  /**
   * What it is for: readers choose by it what reaches their chat. `direct` answers what the reader has just done and always
   * does. By the card's kind when absent.
   */
  topic?: Topic | 'direct';
  /** Its sender says that it cannot wait for the end of silent hours; readers decide whether they let such messages. */
  urgent?: boolean;
}

/** How something ended that members were told about. */
export interface NotificationOutcome {
  about: NotificationSubject;
  /** Shown instead of the buttons, e.g. 「陈主管 已同意」, on each copy in the language that the copy is written in. */
  outcome: Said;
  /** Who decided; null for the system. */
  by: MemberId | null;
  /**
   * It should not have been asked: copies are taken out of the chats where the platform still does that, and show the outcome
   * elsewhere.
   */
  takeBack?: boolean;
}

/** How the engine tells people something, whatever chat they use. Both calls only write rows in the caller's transaction. */
export abstract class Notifier {
  /**
   * Queues a message for each recipient. Members without a chat account are noted in the delivery log; in the app's own list
   * everybody finds it.
   */
  abstract enqueue(tx: Tx, ctx: TenantContext, notification: Notification): Promise<void>;
  /** Queues the final state for every copy sent about the subject; copies still waiting are not sent any more. */
  abstract update(tx: Tx, ctx: TenantContext, outcome: NotificationOutcome): Promise<void>;
}

/** A press of a card's button, from whoever the platform says pressed it. */
export interface ReceivedCardAction extends CardAction {
  about: NotificationSubject;
  /** One-time code of this press; `Notifier.update` uses it for the presser's own copy. */
  responseCode: string;
}

/** Whether a press was a handler's; `said` is what the presser's own copy says from then on. */
export type Handled = boolean | { said: Said };

/** Acts on presses. The context's actor is the presser, so the usual access checks hold. */
export interface CardActionHandler {
  /** True when the action was this handler's. An `AppError` is told to the presser in the chat. */
  onCardAction(ctx: TenantContext, action: ReceivedCardAction): Promise<Handled>;
}

/** Where modules register what acts on presses of card buttons. */
@Injectable()
export class CardActions {
  private readonly handlers: CardActionHandler[] = [];

  register(handler: CardActionHandler): void {
    this.handlers.push(handler);
  }

  /** Offers the press to each handler in turn; false when none knew it. */
  async handle(ctx: TenantContext, action: ReceivedCardAction): Promise<Handled> {
    for (const handler of this.handlers) {
      const handled = await handler.onCardAction(ctx, action);
      if (handled) return handled;
    }
    return false;
  }
}

/** What a member wrote to the company's app, or the content of a code that he scanned with it. */
export interface ReceivedWords {
  kind: 'text' | 'scan';
  text: string;
  /** The same for the same message, however often it comes. */
  key: string;
}

/** Acts on words. The context's actor is whoever sent them. */
export interface ChatWordsHandler {
  /** True when the words meant something to this handler. */
  onWords(ctx: TenantContext, said: ReceivedWords): Promise<boolean>;
}

/** Where modules register what acts on words from the chat. */
@Injectable()
export class ChatWords {
  private readonly handlers: ChatWordsHandler[] = [];

  register(handler: ChatWordsHandler): void {
    this.handlers.push(handler);
  }

  /** Offers the words to every handler; false when they meant nothing to any. */
  async handle(ctx: TenantContext, said: ReceivedWords): Promise<boolean> {
    let meant = false;
    for (const handler of this.handlers) meant = (await handler.onWords(ctx, said)) || meant;
    return meant;
  }
}

/** Which chat accounts members have; the chat module knows. */
export abstract class MemberChannels {
  abstract of(ctx: TenantContext): Promise<ReadonlyMap<MemberId, ('wecom' | 'dingtalk')[]>>;
}

/** What became of a message to one member. */
export interface MessageFate {
  /** `held`: by its reader's silent hours; `kept`: in the app's own list only, as its reader wants it. */
  state: 'waiting' | 'held' | 'delivered' | 'kept' | 'skipped' | 'failed';
  /** When it was delivered, or will be tried. RFC 3339. */
  at: string | null;
  /** Through which connection, by its name. */
  via: string | null;
  /** In words for people; null where there is nothing to say. */
  reason: string | null;
}

/** What becomes of messages after {@link Notifier.enqueue}; the chat module knows. */
export abstract class MessageFates {
  /** By `Notification.key`, of messages to one member each. Those that are forgotten already are missing. */
  abstract of(ctx: TenantContext, keys: readonly string[]): Promise<ReadonlyMap<string, MessageFate>>;
}

/** Group chats that the company's own app has made; the chat module knows how to write into them. */
export abstract class GroupChats {
  /**
   * Writes into the group at an address that this port gave out. The answer is as a group robot's: status and JSON with
   * `errcode` and `errmsg`, and its `english`. Throws when no answer came, so that nobody knows.
   */
  abstract post(
    ctx: TenantContext,
    address: string,
    message: { body: object; mention: readonly MemberId[] },
  ): Promise<{ status: number; body: string }>;
}

/** A flow as a package brings it. */
export interface PackagedFlow {
  id: FlowId;
  name: string;
  definition: FlowDefinition;
  /** New, or a change of one that is there. */
  isNew: boolean;
  /** Published and switched on; otherwise new ones arrive switched off, and changed ones as drafts. */
  start: boolean;
}

/** Puts a package's flows into an app, in the transaction that installs its forms and roles. */
export abstract class FlowInstaller {
  /** What keeps each of the definitions from being published, were the company as given. */
  abstract faults(
    tx: Tx,
    ctx: TenantContext,
    ground: { forms: TenantForms; org: Org },
    definitions: readonly FlowDefinition[],
  ): Promise<Words[][]>;

  /** Those with faults stay drafts; their names are answered. With `strict` the first fault is refused. */
  abstract install(
    tx: Tx,
    ctx: TenantContext,
    appId: AppId,
    flows: readonly PackagedFlow[],
    options?: { strict?: boolean },
  ): Promise<{ drafts: string[] }>;
}

/** Counts what flows would do with records that may be made. */
export interface FlowForecast {
  /** One new record, its values by field key. */
  create(formId: FormId, values: Readonly<Record<string, Json>>): void;
  /** Tasks made, messages sent, and the names of the flows that would run. */
  sum(): { tasks: number; messages: number; flows: string[] };
}

/** What published flows would do if records came in with flows on; the flows engine knows. */
export abstract class FlowEffects {
  abstract forecast(ctx: TenantContext): Promise<FlowForecast>;
}
