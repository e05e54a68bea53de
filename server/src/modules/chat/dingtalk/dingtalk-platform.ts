import type { Card } from '@lianke/shared/chat/cards';
import type { Words } from '@lianke/shared/errors/issue-text';
import type { Connection } from '../connection.js';
import { signatureOf } from '../page-signature.js';
import type {
  CardPlace,
  ChatEvent,
  ChatPlatform,
  CodeSource,
  ConnectionCheck,
  LoginReturn,
  MissedPush,
  Organisation,
  PageSignature,
  PlatformUser,
  Recalled,
  Recipient,
  SendLimits,
  Sent,
  SentCopy,
  VisibleRange,
} from '../port/platform.js';
import type { Language } from '../texts.js';
import { checksOf } from './checks.js';
import type { DingApi } from './ding-api.js';
import type { DingMessages } from './ding-messages.js';
import type { DingPeople } from './ding-people.js';
import { readDingEvent } from './event.js';
import { failedEvents } from './failed-events.js';

/** Below 20 calls a second for each interface, and 500 notices a day for each person, counting what such a limiter lets through. */
const limits: SendLimits = {
  connection: [['second', { limit: 10, windowMs: 1000 }]],
  member: [
    ['minute', { limit: 30, windowMs: 60_000 }],
    ['day', { limit: 250, windowMs: 86_400_000 }],
  ],
};

/** DingTalk behind the port (reference, part B). */
export class DingtalkPlatform implements ChatPlatform {
  readonly channel = 'dingtalk';
  readonly name = '钉钉';
  readonly limits = limits;
  /** Cards by their `outTrackId`, to-dos by `sourceId` for good; a work notice of the same words for the day (D16). */
  readonly remembersSeconds = 86_400;
  readonly asksForSiteFiles = false;
  readonly asksForLoginDomain = false;
  /** Its customers are no part of what an internal app may read. */
  readonly externals = null;
  /** Groups are reached by their robots. */
  readonly groups = null;

  constructor(
    private readonly parts: {
      api: DingApi;
      people: DingPeople;
      messages: DingMessages;
      /** Origin of the log-in page. */
      loginBase: string;
      publicUrl: string;
    },
  ) {}

  /** SHA-256, as the platform's own page computes it today (B5). */
  async signPage(
    connection: Connection,
    page: { url: string; timestamp: number; nonceStr: string },
  ): Promise<PageSignature> {
    const ticket = await this.parts.api.pageTicket(connection);
    const { timestamp, nonceStr } = page;
    const url = decoded(page.url);
    return { timestamp, nonceStr, signature: signatureOf('sha256', ticket, { ...page, url }), agentSignature: null };
  }

  isInside(userAgent: string): boolean {
    return /DingTalk/i.test(userAgent);
  }

  /** Userids are compared as they are. */
  userKey(userid: string): string {
    return userid;
  }

  settingsProblem({ agentId, appKey }: Connection): Words | null {
    if (!/^\d{1,15}$/.test(agentId))
      return {
        zh: 'AgentId 是一个数字，在“凭证与基础信息”可以看到',
        en: 'The AgentId is a number; 凭证与基础信息 shows it',
      };
    if (!appKey)
      return {
        zh: '请填写 AppKey（Client ID），在“凭证与基础信息”可以看到',
        en: 'Enter the AppKey (client id); 凭证与基础信息 shows it',
      };
    return null;
  }

  async checkSecret(connection: Connection): Promise<void> {
    await this.parts.api.fetchToken(connection);
  }

  async prepare(connection: Connection): Promise<void> {
    if (connection.settings.push !== 'http') return;
    await this.parts.messages.registerRoute(
      connection,
      `${this.parts.publicUrl}/callbacks/dingtalk/${connection.id}/card`,
    );
  }

  checks(connection: Connection, language: Language): ConnectionCheck[] {
    return checksOf(connection, language);
  }

  compose(connection: Connection, to: Recipient, card: Card, place: CardPlace): string {
    return this.parts.messages.compose(connection, to, card, place);
  }

  send(connection: Connection, to: Recipient, body: string): Promise<Sent> {
    return this.parts.messages.send(connection, to, body);
  }

  arrived(connection: Connection, copy: Pick<SentCopy, 'recipient' | 'receipt'>): Promise<boolean> {
    return this.parts.messages.arrived(connection, copy);
  }

  showOutcome(connection: Connection, copy: SentCopy): Promise<'shown' | 'gone'> {
    return this.parts.messages.showOutcome(connection, copy);
  }

  recall(connection: Connection, copy: SentCopy): Promise<Recalled> {
    return this.parts.messages.recall(connection, copy);
  }

  webLoginUrl(connection: Connection, { redirectUri, state }: LoginReturn): string {
    const query = new URLSearchParams({
      redirect_uri: redirectUri,
      response_type: 'code',
      client_id: connection.appKey ?? '',
      scope: 'openid',
      state,
      prompt: 'consent',
    });
    return `${this.parts.loginBase}/oauth2/auth?${query}`;
  }

  /** Pages inside DingTalk ask its client for a code and need no address; one that does not gets the page with its consent. */
  inChatLoginUrl(connection: Connection, to: LoginReturn): string {
    return this.webLoginUrl(connection, to);
  }

  checkLogin(connection: Connection): Promise<void> {
    return this.checkSecret(connection);
  }

  userOfCode(connection: Connection, code: string, source: CodeSource): Promise<string | null> {
    return source === 'page'
      ? this.parts.people.ofPageCode(connection, code)
      : this.parts.people.ofClientCode(connection, code);
  }

  readOrganisation(connection: Connection): Promise<Organisation> {
    return this.parts.people.organisation(connection);
  }

  readRange(connection: Connection): Promise<VisibleRange> {
    return this.parts.people.usableBy(connection);
  }

  readUser(connection: Connection, userid: string): Promise<PlatformUser | null> {
    return this.parts.people.user(connection, userid);
  }

  missedPushes(connection: Connection): Promise<MissedPush[]> {
    return failedEvents(this.parts.api, connection);
  }

  read(body: string): ChatEvent {
    return readDingEvent(body);
  }
}

/** The platform signs the address as a person reads it. */
function decoded(url: string): string {
  try {
    return decodeURIComponent(url);
  } catch {
    return url;
  }
}
