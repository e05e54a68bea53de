import { z } from 'zod';

/** Behaviours of the real platform that are undocumented, contradictory or rare, each with the choice made by default. */
export const switchesSchema = z.strictObject({
  /** Where an over-long text is cut: between characters, or anywhere in the bytes as some clients saw it. */
  textCut: z.enum(['character', 'byte']).default('character'),
  /** Error number for a `task_id` used before in the same app (uniqueness is documented, the number is not). */
  duplicateTaskIdError: z.number().int().default(42014),
  /** What a send suppressed by the duplicate check answers: the first send's ids, or only `errcode: 0`. */
  duplicateAnswer: z.enum(['original', 'bare']).default('original'),
  /** Error number for a code used a second time. */
  usedCodeError: z.union([z.literal(40029), z.literal(42022)]).default(40029),
  /** Number by which every log-in page is refused (A5): origin, no provider, no log-in app, another trusted domain; null: none. */
  loginRefusal: z
    .union([z.literal(-31033), z.literal(-31034), z.literal(-31037), z.literal(-31039)])
    .nullable()
    .default(null),
  /** Whether a suite's mini-programs have `service/miniprogram/jscode2session` (G6: the path is not documented). */
  suiteMiniLogin: z.boolean().default(true),
  /** Error number for a code older than five minutes. */
  expiredCodeError: z.union([z.literal(42003), z.literal(40029)]).default(42003),
  /** Error number for a group robot's address with a wrong key (from memory only). */
  wrongRobotKeyError: z.number().int().default(93000),
  /** Whether an HTTP status other than 200 counts as a failed callback (the two documents disagree). */
  callbackRetryOnStatus: z.boolean().default(true),
  /** Between two attempts of a callback, ms (not documented); null: as the sandbox was started with, five seconds. */
  callbackSpacingMs: z.number().int().min(0).max(3_600_000).nullable().default(null),
  /** Deliver every callback twice, with another nonce and prefix. */
  callbackDuplicate: z.boolean().default(false),
  /** Hold one callback back until the next and send them in reverse order. */
  callbackOutOfOrder: z.boolean().default(false),
  /** The contact-sync secret may only call `user/list_id` and `department/simplelist` (48009 otherwise). */
  contactSyncRestricted: z.boolean().default(true),
  /** Names are withheld from apps of a company's own too: the platform may come to that (G15). */
  hideNames: z.boolean().default(false),
  /** Send `enter_agent` when a person opens the app from the workbench. */
  enterAgentEvent: z.boolean().default(false),
  /** Whether a passive reply to a button's event changes the presser's card (A14: the documents contradict each other). */
  passiveReply: z.enum(['ignored', 'honoured']).default('ignored'),
  /** Whether a press uses up the code of the send (A9.2: not documented). */
  sendCodeAfterClick: z.enum(['valid', 'void']).default('valid'),
  /** A second recall of the same message: taken for done, or refused (40058). */
  recallAgain: z.enum(['done', 'refused']).default('done'),
  /** Whether apps of a company's own must be set up in the platform's order before they work: domain, callback, trusted IP. */
  strictSetup: z.boolean().default(false),
  /** How long after it was entered a trusted IP counts, ms (A1: about a minute). */
  trustedIpDelayMs: z.number().int().min(0).max(600_000).default(60_000),
  /** Calls per corp and API before 45009, in a minute and in an hour (A3). */
  callsPerMinute: z.number().int().min(1).default(10_000),
  callsPerHour: z.number().int().min(1).default(150_000),
  /** Page tickets an hour before 45009: of a corp, and of one app (A3). */
  corpTicketsPerHour: z.number().int().min(1).default(400),
  appTicketsPerHour: z.number().int().min(1).default(100),
  /** Wrong secrets from one address before it is shut out for an hour (A2: the number is not documented). */
  wrongSecrets: z.number().int().min(1).default(30),
  /** Members that a company may have: an app sends to two hundred times as many a day before 45009 (A3). */
  memberLimit: z.number().int().min(1).default(1000),
});

export type Switches = z.infer<typeof switchesSchema>;

export const defaultSwitches = (): Switches => switchesSchema.parse({});

/** A fault to inject into calls of the application to the platform. */
export const faultSchema = z.strictObject({
  /** Part of the path, e.g. `message/send`; absent = every call. */
  path: z.string().optional(),
  /** Only calls to one of the platforms. */
  platform: z.enum(['wecom', 'dingtalk']).optional(),
  corpId: z.string().optional(),
  agentId: z.number().int().optional(),
  effect: z.discriminatedUnion('kind', [
    /** Answer this business error without doing anything, e.g. 45009, 60020, 301002, -1. */
    z.strictObject({ kind: z.literal('errcode'), errcode: z.number().int() }),
    /** Answer this HTTP status with an HTML body, as a gateway does. */
    z.strictObject({ kind: z.literal('status'), status: z.number().int().min(400).max(599) }),
    /** Answer exactly this without doing anything: an object as JSON, a text as a page. */
    z.strictObject({
      kind: z.literal('answer'),
      status: z.number().int().min(200).max(599),
      body: z.union([z.record(z.string(), z.json()), z.string()]),
    }),
    /** Answer late by so many milliseconds. */
    z.strictObject({ kind: z.literal('delay'), ms: z.number().int().min(0).max(120_000) }),
    /** Do the work, then close the connection without an answer: the caller cannot know. */
    z.strictObject({ kind: z.literal('drop') }),
  ]),
  /** How many calls go through before it begins: what is read page by page breaks off half-way. */
  after: z.number().int().min(1).optional(),
  /** How many calls it hits before it ends by itself; absent = until removed. */
  times: z.number().int().min(1).optional(),
});

export type FaultInput = z.infer<typeof faultSchema>;
export type Fault = FaultInput & { id: number };

/** The faults now in force. */
export class Faults {
  private list: Fault[] = [];
  private sequence = 0;

  add(input: FaultInput): Fault {
    this.sequence += 1;
    const fault: Fault = { ...input, id: this.sequence };
    this.list.push(fault);
    return fault;
  }

  all(): Fault[] {
    return this.list.map((fault) => ({ ...fault }));
  }

  /** Removes one, or all without an id. Returns how many went. */
  remove(id?: number): number {
    const before = this.list.length;
    this.list = id === undefined ? [] : this.list.filter((fault) => fault.id !== id);
    return before - this.list.length;
  }

  /** The faults that hit this call; each hit uses one of its `times`. */
  hit(call: {
    path: string;
    platform: 'wecom' | 'dingtalk';
    corpId: string | null;
    agentId: number | null;
  }): Fault['effect'][] {
    const meant = this.list.filter(
      (fault) =>
        (fault.path === undefined || call.path.includes(fault.path)) &&
        (fault.platform === undefined || fault.platform === call.platform) &&
        (fault.corpId === undefined || fault.corpId === call.corpId) &&
        (fault.agentId === undefined || fault.agentId === call.agentId),
    );
    const hits = meant.filter((fault) => !fault.after);
    for (const fault of meant) if (fault.after) fault.after -= 1;
    for (const fault of hits) if (fault.times !== undefined) fault.times -= 1;
    this.list = this.list.filter((fault) => fault.times === undefined || fault.times > 0);
    return hits.map((fault) => fault.effect);
  }
}
