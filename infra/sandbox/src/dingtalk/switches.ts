import { z } from 'zod';

/** Why the platform holds a notice back (B7): the app's and the company's minute, the day, the same words; the same for apps of the directory; nobody, unsafe words, executive protection. */
export const FORBIDDEN_NOTICES = [
  ...['143103', '143104', '143105', '143106'],
  ...['143203', '143204', '143205', '143206'],
  ...['1430000', '1430002', '1430004'],
] as const;

/** Behaviours of DingTalk that are undocumented, contradictory or rare, each with the choice made by default. */
export const dingSwitchesSchema = z.strictObject({
  /** Field of the card callback that carries the press (two pages disagree). */
  cardContentField: z.enum(['content', 'value']).default('content'),
  /** Whether `params` stand inside `cardPrivateData` or beside it. */
  cardParams: z.enum(['inside', 'beside']).default('inside'),
  /** A second card with an `outTrackId` used before: refused, or the old card answered. */
  usedOutTrackId: z.enum(['refused', 'old']).default('refused'),
  /** Milliseconds without an answer after which a frame is pushed again over the stream. */
  streamAgainMs: z.number().int().min(10).default(16_000),
  /** Life of a gateway ticket, ms. */
  gatewayTicketMs: z.number().int().min(100).default(90_000),
  /** Whether reading the failed events removes them from the list. */
  failedEventsOnce: z.boolean().default(true),
  /** Deliver every event and every press twice, the second time under another message id. */
  pushTwice: z.boolean().default(false),
  /** Hold one event back until the next and send them in reverse order. */
  pushOutOfOrder: z.boolean().default(false),
  /** Work notices per person and day of an internal app. */
  noticesPerDay: z.number().int().min(1).default(500),
  /** The same of an app of the directory (100, or 50 by the result's page). */
  suiteNoticesPerDay: z.number().int().min(1).default(100),
  /** How long progress of a notice may be asked for (the page says both). */
  progressLife: z.enum(['day', 'week']).default('week'),
  /** People of one call of the robot (20, or 100 by the error's text). */
  robotPeople: z.number().int().min(1).default(20),
  /** Executors of one to-do (100, or 1,000). */
  todoPeople: z.number().int().min(1).default(100),
  /** How long a card can be changed, ms; null: no end is documented. */
  cardLifeMs: z.number().int().min(1).nullable().default(null),
  /** Whether each generation of the interface knows only the tokens that it gave itself (G14). */
  tokensApart: z.boolean().default(false),
  /** Number for a signed call whose signature does not match (the global list has both). */
  signatureError: z.union([z.literal(853004), z.literal(900005)]).default(853004),
  /** HTTP status that the newer interface answers to a token that ran out or is unknown. */
  badTokenStatus: z.union([z.literal(400), z.literal(401)]).default(400),
  /** How the newer interface names the permissions that an app lacks; `none`: not at all. */
  deniedDetail: z.enum(['accessdenieddetail', 'accessDeniedDetail', 'none']).default('accessdenieddetail'),
  /** Between `disconnect` over the stream and the end of the connection, ms. */
  disconnectGraceMs: z.number().int().min(0).max(600_000).default(0),
  /** Streams of one app at a time; the next is refused. Null: any number. */
  streamsPerApp: z.number().int().min(1).nullable().default(null),
  /** Names are withheld (G15). */
  hideNames: z.boolean().default(false),
  /** How long a work notice is on its way, ms: until then nothing is known of whom it reaches. */
  noticeDelayMs: z.number().int().min(0).max(86_400_000).default(0),
  /** Number by which every work notice is held back while its call succeeds: caps, unsafe words, executive protection. */
  noticeForbidden: z.enum(FORBIDDEN_NOTICES).nullable().default(null),
  /** Digest of page signatures that counts: today's page computes SHA-256, older demonstrations SHA-1. */
  pageDigest: z.enum(['both', 'sha256', 'sha1']).default('both'),
  /** A second recall of the same notice: taken for done, or refused (400002). */
  recallAgain: z.enum(['done', 'refused']).default('done'),
  /** Whether apps of a company's own must be set up in the platform's order before they work: server IP, published version. */
  strictSetup: z.boolean().default(false),
  /** Calls per app, API and second before 90018: the standard edition's (B13). */
  callsPerSecond: z.number().int().min(1).default(20),
  /** Number for a group's robot that writes more than twenty times a minute (two are seen). */
  robotTooFastError: z.union([z.literal(130101), z.literal(660026)]).default(130101),
  /** Whether the robot's messages to people are held back as too many (`flowControlledStaffIdList`). */
  robotFlowControlled: z.boolean().default(false),
});

export type DingSwitches = z.infer<typeof dingSwitchesSchema>;

export const defaultDingSwitches = (): DingSwitches => dingSwitchesSchema.parse({});
