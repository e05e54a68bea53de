import { z } from 'zod';
import type { OutboundHttp } from '../../../kernel/outbound/outbound-http.js';
import type { Connection } from '../connection.js';
import type { FetchedToken, TokenStore } from '../token-store.js';
import type { MiniNotice } from './mini-program.js';
import type { TemplateCard } from './render-card.js';
import type { WecomSuite } from './suite.js';
import { WecomError } from './wecom-error.js';
import { type WecomCall, WecomHttp } from './wecom-http.js';

/** Pages of five hundred followers that are read of one contact. */
const maxFollowerPages = 10;

const tokenAnswer = z.object({ access_token: z.string().min(1), expires_in: z.number().int().positive() });
// JustAuth #227: the older path answers UserId; whoever is no member has no userid at all.
const userInfo = z
  .object({ userid: z.string().optional(), UserId: z.string().optional() })
  .transform((answer) => answer.userid ?? answer.UserId ?? null);
const jsSession = z.object({ corpid: z.string().optional(), userid: z.string() });
const sendAnswer = z.object({
  msgid: z.string().optional(),
  response_code: z.string().optional(),
  invaliduser: z.string().optional(),
});
const updateAnswer = z.object({ invaliduser: z.array(z.string()).optional() });
const department = z.object({
  id: z.number().int(),
  name: z.string().optional(),
  parentid: z.number().int(),
  order: z.number().optional(),
});
const departments = z.object({ department: z.array(department) });
const user = z.object({
  userid: z.string().min(1),
  name: z.string().optional(),
  department: z.array(z.number().int()).default([]),
  main_department: z.number().int().optional(),
  position: z.string().optional(),
  mobile: z.string().optional(),
  email: z.string().optional(),
  is_leader_in_dept: z.array(z.number()).default([]),
  direct_leader: z.array(z.string()).default([]),
  status: z.number().int().optional(),
});
const users = z.object({ userlist: z.array(user) });
const chatInfo = z.object({
  chat_info: z.object({ name: z.string().default(''), owner: z.string().default(''), userlist: z.array(z.string()) }),
});
const agent = z.object({
  allow_userinfos: z.object({ user: z.array(z.object({ userid: z.string() })).default([]) }).optional(),
  allow_partys: z.object({ partyid: z.array(z.number().int()).default([]) }).optional(),
  allow_tags: z.object({ tagid: z.array(z.number().int()).default([]) }).optional(),
});
const tag = z.object({
  userlist: z.array(z.object({ userid: z.string() })).default([]),
  partylist: z.array(z.number().int()).default([]),
});
const ticket = z.object({ ticket: z.string().min(1), expires_in: z.number().int().positive() });
const followUsers = z.object({ follow_user: z.array(z.string()).default([]) });
const external = z.object({
  external_contact: z.object({
    external_userid: z.string(),
    name: z.string().default(''),
    position: z.string().optional(),
    corp_name: z.string().optional(),
    corp_full_name: z.string().optional(),
    type: z.number().int(),
  }),
  follow_user: z
    .array(
      z.object({
        userid: z.string(),
        remark: z.string().optional(),
        description: z.string().optional(),
        remark_corp_name: z.string().optional(),
        remark_mobiles: z.array(z.string()).default([]),
        tags: z.array(z.object({ tag_name: z.string() })).default([]),
      }),
    )
    .default([]),
  next_cursor: z.string().default(''),
});

/** An external contact with everybody who follows him (WW/92114). */
export type WecomExternal = Pick<z.infer<typeof external>, 'external_contact' | 'follow_user'>;
export type WecomDepartment = z.infer<typeof department>;
/** A member as the contact API shows it; what an app may not see is absent (WW/90196). */
export type WecomUser = z.infer<typeof user>;

/**
 * WeCom's server API for one app of a company (reference A1–A9): its own, or one of the directory, which has another way to
 * its token and to who somebody is (A16) and is the same after that. Every method throws {@link WecomError}.
 */
export class WecomClient {
  private readonly http: WecomHttp;

  constructor(
    http: OutboundHttp,
    private readonly tokens: TokenStore,
    /** Origin of the API, without a slash at its end. */
    apiBase: string,
    /** The deployment's app in the directory, where it has one. */
    private readonly suite: WecomSuite | null = null,
  ) {
    this.http = new WecomHttp(http, apiBase);
  }

  /** Fetches a token past the store: answers whether the secret is right. */
  async checkSecret(connection: Connection): Promise<void> {
    await this.fetchToken(connection);
  }

  /** The member behind a code of the web log-in or the in-chat OAuth; null for somebody outside of the corp. */
  async userOfCode(connection: Connection, code: string): Promise<string | null> {
    if (connection.suiteId !== null) return this.suiteOf(connection).userOfCode(connection, code);
    return this.call(connection, { path: 'auth/getuserinfo', query: { code }, schema: userInfo });
  }

  /** The member behind a code of `wx.qy.login`. */
  async userOfMiniProgramCode(connection: Connection, code: string): Promise<string> {
    if (connection.suiteId !== null) return this.suiteOf(connection).userOfMiniProgramCode(connection, code);
    const query = { js_code: code, grant_type: 'authorization_code' };
    const session = await this.call(connection, { path: 'miniprogram/jscode2session', query, schema: jsSession });
    if (session.corpid !== undefined && session.corpid.toLowerCase() !== connection.corpId.toLowerCase()) {
      throw new WecomError(40029, 'the code belongs to another corp');
    }
    return session.userid;
  }

  async departments(connection: Connection): Promise<WecomDepartment[]> {
    return (await this.call(connection, { path: 'department/list', schema: departments })).department;
  }

  /** The direct members of a department. */
  async usersOf(connection: Connection, departmentId: number): Promise<WecomUser[]> {
    const query = { department_id: String(departmentId) };
    return (await this.call(connection, { path: 'user/list', query, schema: users })).userlist;
  }

  async user(connection: Connection, userid: string): Promise<WecomUser> {
    return this.call(connection, { path: 'user/get', query: { userid }, schema: user });
  }

  /** Who sees the app: members and departments named for it, those of its tags among them. Null where the platform does not say. */
  async visibleTo(connection: Connection): Promise<{ userids: string[]; departments: number[] } | null> {
    const named = await this.namedFor(connection);
    if (!named) return null;
    const { userids, departments } = named;
    for (const tagid of named.tags) {
      const own = await this.call(connection, { path: 'tag/get', query: { tagid: String(tagid) }, schema: tag });
      userids.push(...own.userlist.map((each) => each.userid));
      departments.push(...own.partylist);
    }
    return { userids, departments };
  }

  /** An app of the directory is told with the company's consent, one of the company's own by the app's settings. */
  private async namedFor(connection: Connection): ReturnType<WecomSuite['visibleTo']> {
    const { corpId, agentId: agentid, secret: permanentCode, suiteId } = connection;
    if (suiteId !== null) {
      if (permanentCode === null) throw new WecomError(48004, 'the company took its consent back');
      return this.suiteOf(connection).visibleTo({ corpId, permanentCode });
    }
    const found = await this.call(connection, { path: 'agent/get', query: { agentid }, schema: agent });
    return {
      userids: found.allow_userinfos?.user.map((each) => each.userid) ?? [],
      departments: [...(found.allow_partys?.partyid ?? [])],
      tags: found.allow_tags?.tagid ?? [],
    };
  }

  /** Sends a body made by {@link sendBody}; the same bytes again within four hours are sent once by the platform. */
  async send(connection: Connection, body: string): Promise<{ msgid: string | null; responseCode: string | null }> {
    const answer = await this.call(connection, { path: 'message/send', body, schema: sendAnswer });
    if (answer.invaliduser) throw new WecomError(81013, `invaliduser ${answer.invaliduser}`);
    return { msgid: answer.msgid || null, responseCode: answer.response_code ?? null };
  }

  /** Replaces a card. `userid` limits it to one person's copy; absent means everyone who received it. */
  async updateCard(
    connection: Connection,
    change: { responseCode: string; userid?: string; card: TemplateCard },
  ): Promise<void> {
    const body = JSON.stringify({
      ...(change.userid === undefined ? { atall: 1 } : { userids: [change.userid] }),
      agentid: Number(connection.agentId),
      response_code: change.responseCode,
      ...(connection.suiteId === null ? {} : { enable_id_trans: 1 }),
      template_card: change.card,
    });
    await this.call(connection, { path: 'message/update_template_card', body, schema: updateAnswer });
  }

  /** Takes a message out of the chats of everybody who received it. */
  async recall(connection: Connection, msgid: string): Promise<void> {
    const body = JSON.stringify({ msgid });
    await this.call(connection, { path: 'message/recall', body, schema: z.looseObject({}) });
  }

  /** Userids of the members who may have customers; answers at all only where the app may read them. */
  async followUsers(connection: Connection): Promise<string[]> {
    return (await this.call(connection, { path: 'externalcontact/get_follow_user_list', schema: followUsers }))
      .follow_user;
  }

  async externalContact(connection: Connection, externalUserid: string): Promise<WecomExternal> {
    const query = { external_userid: externalUserid };
    const found = await this.call(connection, { path: 'externalcontact/get', query, schema: external });
    const followers = [...found.follow_user];
    let { next_cursor: cursor } = found;
    for (let page = 1; cursor !== '' && page < maxFollowerPages; page += 1) {
      const more = { query: { ...query, cursor }, path: 'externalcontact/get', schema: external };
      const next = await this.call(connection, more);
      followers.push(...next.follow_user);
      cursor = next.next_cursor;
    }
    return { external_contact: found.external_contact, follow_user: followers };
  }

  /** A call of `appchat/…` (WW/90245): group chats that this app has made. */
  async appChat(connection: Connection, call: 'create' | 'update' | 'send', body: object): Promise<void> {
    await this.call(connection, { path: `appchat/${call}`, body: JSON.stringify(body), schema: z.looseObject({}) });
  }

  /** `appchat/get` */
  async appChatInfo(connection: Connection, chatid: string): Promise<z.infer<typeof chatInfo>['chat_info']> {
    return (await this.call(connection, { path: 'appchat/get', query: { chatid }, schema: chatInfo })).chat_info;
  }

  /** The ticket that signs pages: the company's, or the app's own. Both are kept like tokens: asking is strictly limited. */
  pageTicket(connection: Connection, whose: 'page' | 'agent'): Promise<string> {
    const call =
      whose === 'page'
        ? { path: 'get_jsapi_ticket', schema: ticket }
        : { path: 'ticket/get', query: { type: 'agent_config' }, schema: ticket };
    const fetch = async (): Promise<FetchedToken> => {
      const answer = await this.call(connection, call);
      return { token: answer.ticket, expiresIn: answer.expires_in };
    };
    return this.tokens.token(connection, fetch, whose);
  }

  /** At most one refresh and one repeat a call (D4). */
  private async call<Schema extends z.ZodType>(
    connection: Connection,
    call: WecomCall<Schema>,
  ): Promise<z.output<Schema>> {
    const token = await this.tokens.token(connection, () => this.fetchToken(connection));
    try {
      return await this.http.request(call, { access_token: token }, connection.proxy);
    } catch (error) {
      if (!(error instanceof WecomError) || error.kind !== 'refresh') throw error;
      await this.tokens.reject(connection, token);
    }
    const fresh = await this.tokens.token(connection, () => this.fetchToken(connection));
    return this.http.request(call, { access_token: fresh }, connection.proxy);
  }

  private async fetchToken(connection: Connection): Promise<FetchedToken> {
    if (connection.secret === null) throw new WecomError(41004, 'corpsecret missing');
    if (connection.suiteId !== null)
      return this.suiteOf(connection).corpToken({ corpId: connection.corpId, permanentCode: connection.secret });
    const query = { corpid: connection.corpId, corpsecret: connection.secret };
    const answer = await this.http.request({ path: 'gettoken', query, schema: tokenAnswer }, {}, connection.proxy);
    return { token: answer.access_token, expiresIn: answer.expires_in };
  }

  private suiteOf(connection: Connection): WecomSuite {
    if (this.suite?.id !== connection.suiteId || !this.suite)
      throw new WecomError(40083, 'this server has no such suite');
    return this.suite;
  }
}

/** Four hours, the longest the platform remembers a body for its duplicate check (WW/90236). */
export const duplicateSeconds = 4 * 3600;

/** The bytes of a `message/send` of one card, or of a notice of the mini-program, to one member. */
export function sendBody(
  connection: Pick<Connection, 'agentId' | 'suiteId'>,
  userid: string,
  card: TemplateCard | MiniNotice,
): string {
  return JSON.stringify({
    touser: userid,
    ...('card_type' in card
      ? { msgtype: 'template_card', agentid: Number(connection.agentId), template_card: card }
      : { msgtype: 'miniprogram_notice', agentid: Number(connection.agentId), miniprogram_notice: card }),
    enable_duplicate_check: 1,
    duplicate_check_interval: duplicateSeconds,
    // Names are withheld from apps of the directory; the platform puts them in the place of `$userName=…$`.
    ...(connection.suiteId === null ? {} : { enable_id_trans: 1 }),
  });
}
