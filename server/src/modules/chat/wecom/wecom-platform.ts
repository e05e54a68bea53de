import type { Card } from '@lianke/shared/chat/cards';
import type { Words } from '@lianke/shared/errors/issue-text';
import type { Connection } from '../connection.js';
import { signatureOf } from '../page-signature.js';
import type {
  AppGroups,
  CardPlace,
  ChatEvent,
  ChatPlatform,
  CodeSource,
  ConnectionCheck,
  ExternalContacts,
  LoginReturn,
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
import { wecomGroups } from './app-groups.js';
import { asLink } from './as-link.js';
import { checksOf } from './checks.js';
import { parseEvent, readEvent } from './event.js';
import { externalOf } from './external.js';
import { inChatLoginUrl, webLoginUrl } from './login.js';
import { noticeOf, placeIn } from './mini-program.js';
import { readUsers, userOf } from './organisation.js';
import { renderCard, renderOutcome } from './render-card.js';
import { duplicateSeconds, sendBody, type WecomClient } from './wecom-client.js';
import { WecomError } from './wecom-error.js';

/**
 * Half of what the platform allows one app to send one member (30 a minute, 1,000 an hour, the surplus silently dropped):
 * a limiter of this kind lets up to twice its number through in the worst window.
 */
const limits: SendLimits = {
  member: [
    ['minute', { limit: 15, windowMs: 60_000 }],
    ['hour', { limit: 500, windowMs: 3_600_000 }],
  ],
  connection: [],
};

const rootDepartment = 1;
/** The app has no callback, and the card something to press (WW/90236). */
const needsCallback = 43012;

/** WeCom behind the port (reference, part A). */
export class WecomPlatform implements ChatPlatform {
  readonly channel = 'wecom';
  readonly name = '企业微信';
  readonly limits = limits;
  readonly remembersSeconds = duplicateSeconds;
  readonly asksForSiteFiles = true;
  readonly asksForLoginDomain = true;

  constructor(
    private readonly client: WecomClient,
    private readonly bases: { oauthBase: string; loginBase: string },
  ) {}

  get externals(): ExternalContacts {
    return {
      check: async (connection) => {
        await this.client.followUsers(connection);
      },
      read: async (connection, externalUserid) => {
        try {
          return externalOf(await this.client.externalContact(connection, externalUserid));
        } catch (error) {
          if (error instanceof WecomError && error.kind === 'invisible') return null;
          throw error;
        }
      },
    };
  }

  get groups(): AppGroups {
    return wecomGroups(this.client);
  }

  async signPage(
    connection: Connection,
    page: { url: string; timestamp: number; nonceStr: string },
  ): Promise<PageSignature> {
    const own = await this.client.pageTicket(connection, 'page');
    const agent = await this.client.pageTicket(connection, 'agent');
    const { timestamp, nonceStr } = page;
    return {
      timestamp,
      nonceStr,
      signature: signatureOf('sha1', own, page),
      agentSignature: signatureOf('sha1', agent, page),
    };
  }

  isInside(userAgent: string): boolean {
    return /wxwork/i.test(userAgent);
  }

  /** Userids are compared without case (D13). */
  userKey(userid: string): string {
    return userid.toLowerCase();
  }

  settingsProblem({ agentId }: Connection): Words | null {
    if (/^\d{1,9}$/.test(agentId)) return null;
    return { zh: 'AgentId 是一个数字，在应用页可以看到', en: "The AgentId is a number; the app's page shows it" };
  }

  checkSecret(connection: Connection): Promise<void> {
    return this.client.checkSecret(connection);
  }

  async prepare(): Promise<void> {}

  checks(connection: Connection, language: Language): ConnectionCheck[] {
    return checksOf(connection, language);
  }

  compose(connection: Connection, to: Recipient, card: Card, place: CardPlace): string {
    const where = placeIn(connection, card, place);
    const notice = noticeOf(connection, card, where);
    return sendBody(connection, to.userid, notice ?? renderCard(card, where));
  }

  /** Where no callback is set up, nothing can be pressed: the platform refuses the buttons, and the card goes out as a link. */
  async send(connection: Connection, _to: Recipient, body: string, again: boolean): Promise<Sent> {
    try {
      return await this.sendOnce(connection, body, again);
    } catch (error) {
      const link = error instanceof WecomError && error.errcode === needsCallback ? asLink(body) : null;
      if (!(error instanceof WecomError) || link === null) throw error;
      return { ...(await this.sendOnce(connection, link, again)), problem: error.words() };
    }
  }

  private async sendOnce(connection: Connection, body: string, again: boolean): Promise<Sent> {
    try {
      return await this.client.send(connection, body);
    } catch (error) {
      // The task id is the message's own, so its second use means that an attempt without an answer had worked.
      if (again && error instanceof WecomError && error.errcode === 42014) return { msgid: null, responseCode: null };
      throw error;
    }
  }

  /** Who is not reached stands in the answer to the send itself. */
  async arrived(): Promise<boolean> {
    return true;
  }

  async showOutcome(connection: Connection, copy: SentCopy): Promise<'shown' | 'gone'> {
    if (copy.card.buttons.length === 0) return 'shown';
    const card = renderOutcome(copy.card, copy.outcome, copy.label, placeIn(connection, copy.card, copy.place));
    const presses = copy.pressCodes.map((responseCode) => ({ responseCode, userid: copy.recipient.userid }));
    const codes = [...presses, ...(copy.responseCode ? [{ responseCode: copy.responseCode }] : [])];
    for (const code of codes) {
      try {
        await this.client.updateCard(connection, { ...code, card });
        return 'shown';
      } catch (error) {
        if (!(error instanceof WecomError) || error.kind !== 'card-gone') throw error;
        // A code refused after an attempt without an answer was used up by that attempt.
        if (copy.unknownBefore) return 'shown';
      }
    }
    return 'gone';
  }

  /** Within 24 hours, whatever kind of message it is (WW/94867). */
  async recall(connection: Connection, { msgid, unknownBefore }: SentCopy & Pick<Sent, 'msgid'>): Promise<Recalled> {
    if (msgid === null) return { refused: 'no id to recall by' };
    try {
      await this.client.recall(connection, msgid);
      return 'recalled';
    } catch (error) {
      if (!(error instanceof WecomError)) throw error;
      if (error.errcode === 42052) return { refused: 'too late to recall' };
      // Its own message is no longer one to take back after an attempt without an answer: that attempt had worked.
      if (error.errcode === 40058 && unknownBefore) return 'recalled';
      throw error;
    }
  }

  webLoginUrl(connection: Connection, to: LoginReturn, language: 'zh' | 'en'): string {
    return webLoginUrl(connection, { ...to, base: this.bases.loginBase }, language);
  }

  inChatLoginUrl(connection: Connection, to: LoginReturn): string {
    return inChatLoginUrl(connection, { ...to, base: this.bases.oauthBase });
  }

  async checkLogin(connection: Connection): Promise<void> {
    await this.client.checkSecret(connection);
    await this.client.visibleTo(connection);
  }

  userOfCode(connection: Connection, code: string, source: CodeSource): Promise<string | null> {
    return source === 'miniprogram'
      ? this.client.userOfMiniProgramCode(connection, code)
      : this.client.userOfCode(connection, code);
  }

  async readOrganisation(connection: Connection): Promise<Organisation> {
    const departments = await this.client.departments(connection);
    const users = await this.withNamed(connection, await readUsers(this.client, connection, departments));
    return {
      departments: departments.map((department) => ({
        id: department.id,
        // Apps of the directory are shown the number in the name's place.
        name:
          connection.suiteId !== null && department.name === String(department.id) ? null : (department.name ?? null),
        parentId: department.parentid,
        // WeCom lists the largest order first (WW/90208).
        sort: -(department.order ?? 0) | 0,
      })),
      users,
    };
  }

  /** Members who see the app by name or tag stand in no department that it sees. */
  private async withNamed(connection: Connection, users: PlatformUser[]): Promise<PlatformUser[]> {
    const { userids } = (await this.client.visibleTo(connection)) ?? { userids: [] };
    const known = new Set(users.map((user) => this.userKey(user.userid)));
    const missing = new Map(userids.map((userid) => [this.userKey(userid), userid]));
    for (const key of known) missing.delete(key);
    const named: PlatformUser[] = [];
    for (const userid of missing.values()) {
      const user = await this.readUser(connection, userid);
      if (user) named.push(user);
    }
    return [...users, ...named];
  }

  async readRange(connection: Connection): Promise<VisibleRange | null> {
    const range = await this.client.visibleTo(connection);
    return range && { ...range, everybody: range.departments.includes(rootDepartment), adminsOnly: false };
  }

  async readUser(connection: Connection, userid: string): Promise<PlatformUser | null> {
    try {
      return userOf(await this.client.user(connection, userid), connection);
    } catch (error) {
      if (error instanceof WecomError && error.kind === 'invisible') return null;
      throw error;
    }
  }

  async missedPushes(): Promise<[]> {
    return [];
  }

  read(body: string): ChatEvent {
    return readEvent(parseEvent(body));
  }
}
