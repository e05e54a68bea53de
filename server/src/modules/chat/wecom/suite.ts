import { z } from 'zod';
import type { SuiteConfigs } from '../../../kernel/config/suites.js';
import type { Connection } from '../connection.js';
import type { FetchedToken } from '../leased-tokens.js';
import type { Authorisation, Grant, Licence, SuiteCompany, SuitePlatform, WithheldPlatform } from '../port/suite.js';
import type { SuiteTickets } from '../suite/suite-tickets.js';
import type { SuiteTokenKind, SuiteTokens } from '../suite/suite-tokens.js';
import { WecomError } from './wecom-error.js';
import type { WecomCall, WecomHttp } from './wecom-http.js';

const suiteToken = z.object({ suite_access_token: z.string().min(1), expires_in: z.number().int().positive() });
const providerToken = z.object({ provider_access_token: z.string().min(1), expires_in: z.number().int().positive() });
const corpToken = z.object({ access_token: z.string().min(1), expires_in: z.number().int().positive() });
const preAuthCode = z.object({ pre_auth_code: z.string().min(1) });
const permanentCode = z.object({
  permanent_code: z.string().min(1),
  auth_corp_info: z.object({ corpid: z.string().min(1), corp_name: z.string().default('') }),
  auth_user_info: z.object({ userid: z.string().min(1), name: z.string().optional() }),
});
const names = z.array(z.union([z.string(), z.number()])).default([]);
const authInfo = z.object({
  auth_corp_info: z.object({ corp_name: z.string().optional() }).default({}),
  auth_info: z.object({
    agent: z
      .array(
        z.object({
          agentid: z.number().int(),
          privilege: z
            .object({ allow_party: names, allow_user: names, allow_tag: names, extra_party: names, extra_user: names })
            .optional(),
        }),
      )
      .default([]),
  }),
});
interface Consent {
  agent: z.infer<typeof authInfo>['auth_info']['agent'][number];
  corpName: string | null;
}
const userInfo = z.object({ corpid: z.string().optional(), userid: z.string().optional() });
const jsSession = z.object({ corpid: z.string(), userid: z.string() });
const accounts = z.object({
  account_list: z
    .array(
      z.object({
        userid: z.string().min(1),
        active_time: z.number().int().optional(),
        expire_time: z.number().int().positive(),
      }),
    )
    .default([]),
  has_more: z.union([z.number(), z.boolean()]).default(0),
  next_cursor: z.string().default(''),
});
/** A thousand accounts a page: a company of a hundred thousand. */
const maxLicencePages = 100;
const licencePage = 1000;
/** The most that one search answers; whoever looks for one of more types another letter. */
const searchPage = 200;
const searched = z.object({
  query_result: z.object({ user: z.object({ userid: z.array(z.string()).default([]) }).default({ userid: [] }) }),
});
/** A company's consent that is none any more: the permanent code is no longer valid, or the app was taken away. */
const withdrawn = new Set([40084, 48004]);

/** This deployment's app in WeCom's directory (第三方应用, reference A16). Every method throws {@link WecomError}. */
export class WecomSuite implements SuitePlatform {
  readonly channel = 'wecom';
  readonly id: string;
  readonly platformName = '企业微信';
  readonly withheld: WithheldPlatform;

  constructor(
    private readonly parts: {
      config: NonNullable<SuiteConfigs['wecom']>;
      http: WecomHttp;
      tokens: SuiteTokens;
      tickets: SuiteTickets;
      /** Origin of the page that installs. */
      installBase: string;
    },
  ) {
    this.id = parts.config.id;
    this.withheld = {
      script: `${parts.installBase}/wwopen/js/jwxwork-1.0.0.js`,
      search: parts.config.provider ? (connection, name) => this.searchPeople(connection, name) : null,
    };
  }

  connectionSettings(): Pick<Connection, 'appKey' | 'settings'> {
    return { appKey: null, settings: {} };
  }

  async installUrl({ redirectUri, state }: { redirectUri: string; state: string }): Promise<string> {
    const { pre_auth_code } = await this.call({ path: 'service/get_pre_auth_code', schema: preAuthCode });
    const query = new URLSearchParams({ suite_id: this.id, pre_auth_code, redirect_uri: redirectUri, state });
    return `${this.parts.installBase}/3rdapp/install?${query}`;
  }

  async exchange(authCode: string): Promise<Grant> {
    const body = JSON.stringify({ auth_code: authCode });
    const answer = await this.call({ path: 'service/v2/get_permanent_code', body, schema: permanentCode });
    const { userid, name } = answer.auth_user_info;
    return {
      corpId: answer.auth_corp_info.corpid,
      corpName: answer.auth_corp_info.corp_name,
      permanentCode: answer.permanent_code,
      adminUserid: userid,
      // Apps of the directory are shown the userid in the name's place.
      adminName: name && name !== userid ? name : null,
      agentId: null,
    };
  }

  async authorisation(company: SuiteCompany): Promise<Authorisation | null> {
    let consent: Consent;
    try {
      consent = await this.consent(company);
    } catch (error) {
      if (error instanceof WecomError && withdrawn.has(error.errcode ?? 0)) return null;
      throw error;
    }
    const { agent, corpName } = consent;
    const { privilege } = agent;
    return {
      agentId: String(agent.agentid),
      corpName,
      scope: privilege
        ? {
            people: new Set([...privilege.allow_user, ...privilege.extra_user]).size,
            departments: new Set([...privilege.allow_party, ...privilege.extra_party]).size,
          }
        : {},
    };
  }

  /**
   * Whom the company's administrators let use the app; `extra_*` are further contacts that it may read and that do not see it.
   * Null where the platform does not say.
   */
  async visibleTo(company: SuiteCompany): Promise<{ userids: string[]; departments: number[]; tags: number[] } | null> {
    const { privilege } = (await this.consent(company)).agent;
    if (!privilege) return null;
    return {
      userids: privilege.allow_user.map(String),
      departments: privilege.allow_party.map(Number),
      tags: privilege.allow_tag.map(Number),
    };
  }

  private async consent({ corpId, permanentCode }: SuiteCompany): Promise<Consent> {
    const body = JSON.stringify({ auth_corpid: corpId, permanent_code: permanentCode });
    const answer = await this.call({ path: 'service/v2/get_auth_info', body, schema: authInfo });
    const [agent] = answer.auth_info.agent;
    if (!agent) throw new WecomError(null, 'get_auth_info names no agent');
    return { agent, corpName: answer.auth_corp_info.corp_name ?? null };
  }

  /** A company's own token; its calls are those of any app afterwards. */
  async corpToken({ corpId, permanentCode }: SuiteCompany): Promise<FetchedToken> {
    const body = JSON.stringify({ auth_corpid: corpId, permanent_code: permanentCode });
    const answer = await this.call({ path: 'service/get_corp_token', body, schema: corpToken });
    return { token: answer.access_token, expiresIn: answer.expires_in };
  }

  /** Whose code it is; null for somebody outside of this company. An encrypted corp id is compared with its case. */
  async userOfCode(connection: Connection, code: string): Promise<string | null> {
    const found = await this.call({ path: 'service/auth/getuserinfo3rd', query: { code }, schema: userInfo });
    return found.corpid === connection.corpId ? (found.userid ?? null) : null;
  }

  /** Of `wx.qy.login`; the path is known from one SDK only (G6). */
  async userOfMiniProgramCode(connection: Connection, code: string): Promise<string> {
    const query = { js_code: code, grant_type: 'authorization_code' };
    const session = await this.call({ path: 'service/miniprogram/jscode2session', query, schema: jsSession });
    if (session.corpid !== connection.corpId) throw new WecomError(40029, 'the code belongs to another corp');
    return session.userid;
  }

  /**
   * Accounts that the company has activated (接口许可, `license/list_actived_account` under the provider's token). The
   * reference does not have this interface: medium confidence. Null without the provider's credentials.
   */
  async licences(connection: Connection): Promise<Licence[] | null> {
    if (!this.parts.config.provider) return null;
    const found: Licence[] = [];
    let cursor = '';
    for (let page = 0; page < maxLicencePages; page++) {
      const body = JSON.stringify({ corpid: connection.corpId, limit: licencePage, ...(cursor ? { cursor } : {}) });
      const call = { path: 'license/list_actived_account', body, schema: accounts };
      const answer = await this.call(call, 'provider');
      found.push(
        ...answer.account_list.map(({ userid, active_time, expire_time }) => ({
          userid,
          seats: null,
          activeAt: active_time === undefined ? null : new Date(active_time * 1000).toISOString(),
          expiresAt: new Date(expire_time * 1000).toISOString(),
        })),
      );
      cursor = answer.next_cursor;
      if (!answer.has_more || cursor === '') break;
    }
    return found;
  }

  /** 通讯录搜索 (WW/91844): people by name, its pinyin or their English name, as far as the app is visible to them. */
  private async searchPeople({ corpId, agentId }: Connection, name: string): Promise<string[]> {
    const asked = { auth_corpid: corpId, agentid: Number(agentId), query_word: name, query_type: 1, limit: searchPage };
    const call = { path: 'service/contact/search', body: JSON.stringify(asked), schema: searched };
    return (await this.call(call, 'provider')).query_result.user.userid;
  }

  /** At most one refresh and one repeat a call (D4). */
  private async call<Schema extends z.ZodType>(
    call: WecomCall<Schema>,
    kind: SuiteTokenKind = 'suite',
  ): Promise<z.output<Schema>> {
    const { http, tokens } = this.parts;
    const fetch = () => (kind === 'suite' ? this.fetchToken() : this.fetchProviderToken());
    const name = kind === 'suite' ? 'suite_access_token' : 'provider_access_token';
    const token = await tokens.token(this, kind, fetch);
    try {
      return await http.request(call, { [name]: token });
    } catch (error) {
      if (!(error instanceof WecomError) || error.kind !== 'refresh') throw error;
      await tokens.reject(this, kind, token);
    }
    return http.request(call, { [name]: await tokens.token(this, kind, fetch) });
  }

  private async fetchToken(): Promise<FetchedToken> {
    const ticket = await this.parts.tickets.get(this);
    if (ticket === null) throw new WecomError(40085, 'no suite_ticket has been pushed yet');
    const body = JSON.stringify({ suite_id: this.id, suite_secret: this.parts.config.secret, suite_ticket: ticket });
    const call = { path: 'service/get_suite_token', body, schema: suiteToken };
    const answer = await this.parts.http.request(call, {});
    return { token: answer.suite_access_token, expiresIn: answer.expires_in };
  }

  private async fetchProviderToken(): Promise<FetchedToken> {
    const { provider } = this.parts.config;
    if (!provider) throw new WecomError(40013, 'no provider is set');
    const body = JSON.stringify({ corpid: provider.corpId, provider_secret: provider.secret });
    const answer = await this.parts.http.request(
      { path: 'service/get_provider_token', body, schema: providerToken },
      {},
    );
    return { token: answer.provider_access_token, expiresIn: answer.expires_in };
  }
}
