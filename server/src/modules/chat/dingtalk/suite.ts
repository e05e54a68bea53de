import { z } from 'zod';
import type { SuiteConfigs } from '../../../kernel/config/suites.js';
import { OutboundError, type OutboundHttp } from '../../../kernel/outbound/outbound-http.js';
import type { Connection } from '../connection.js';
import type { FetchedToken } from '../leased-tokens.js';
import type { Authorisation, Grant, Licence, SuiteCompany, SuitePlatform } from '../port/suite.js';
import type { SuiteTickets } from '../suite/suite-tickets.js';
import { type DingBases, readNew, readOld } from './ding-api.js';
import { DingError } from './ding-error.js';
import { suiteSignature } from './suite-signature.js';

const timeoutMs = 8000;
const maxAnswerBytes = 1024 * 1024;
const corpToken = z.object({ accessToken: z.string().min(1), expireIn: z.coerce.number().int().positive() });
const authInfo = z.object({
  auth_corp_info: z.looseObject({ corp_name: z.string().nullish() }).nullish(),
  auth_info: z.looseObject({ agent: z.array(z.looseObject({ agentid: z.coerce.number().int() })).nullish() }).nullish(),
});

/** This deployment's app in DingTalk's directory (第三方企业应用, reference B2). Every method throws {@link DingError}. */
export class DingtalkSuite implements SuitePlatform {
  readonly channel = 'dingtalk';
  readonly id: string;
  readonly platformName = '钉钉';
  /** Mobiles and mail addresses are withheld, names are not (B6). */
  readonly withheld = null;

  constructor(
    private readonly parts: {
      config: NonNullable<SuiteConfigs['dingtalk']>;
      http: OutboundHttp;
      bases: DingBases;
      tickets: SuiteTickets;
      /** Milliseconds; signs calls of the older interface. */
      now: () => number;
    },
  ) {
    this.id = parts.config.id;
  }

  /** What a person's log-in code is exchanged with. */
  get credentials(): { clientId: string; clientSecret: string } {
    return { clientId: this.id, clientSecret: this.parts.config.secret };
  }

  /** Of the template through which work notices go; null where they are sent as they are. */
  get noticeTemplateId(): string | null {
    return this.parts.config.noticeTemplateId ?? null;
  }

  connectionSettings(): Pick<Connection, 'appKey' | 'settings'> {
    const { cardTemplateId } = this.parts.config;
    // Events come for all companies at one address, and presses like those of any app by HTTP.
    return { appKey: this.id, settings: { push: 'http', ...(cardTemplateId ? { cardTemplateId } : {}) } };
  }

  /** Companies add the app in the directory, and nowhere else. */
  async installUrl(): Promise<null> {
    return null;
  }

  /** There are no codes: the consent comes with the event. */
  async exchange(): Promise<Grant> {
    throw new DingError('invalidParameter', 'this platform has no codes to exchange');
  }

  async authorisation({ corpId }: SuiteCompany): Promise<Authorisation | null> {
    try {
      await this.corpToken({ corpId });
    } catch (error) {
      if (error instanceof DingError && error.code === 'invalidAuthInfo') return null;
      throw error;
    }
    const known = await this.authInfo(corpId);
    const agent = known?.auth_info?.agent?.[0];
    return {
      agentId: agent ? String(agent.agentid) : null,
      corpName: known?.auth_corp_info?.corp_name ?? null,
      scope: {},
    };
  }

  /** A company's own token: a new one at each call, so it is kept by whoever asks. */
  async corpToken({ corpId }: Pick<SuiteCompany, 'corpId'>): Promise<FetchedToken> {
    const { id: suiteKey, secret: suiteSecret } = this.parts.config;
    const body = JSON.stringify({ suiteKey, suiteSecret, authCorpId: corpId, suiteTicket: await this.ticket() });
    const path = 'oauth2/corpAccessToken';
    const answer = await this.post(`${this.parts.bases.apiBase}/v1.0/${path}`, path, body);
    const { accessToken, expireIn } = readNew(path, answer, corpToken);
    return { token: accessToken, expiresIn: expireIn };
  }

  /** Licences are a company's and come with its orders (`biz_type` 17). */
  async licences(): Promise<Licence[] | null> {
    return null;
  }

  /**
   * The company's consent by the older interface, signed like `get_corp_token`. The reference has the signature and not this
   * call: low confidence, so a refusal only leaves unknown what the event has told already.
   */
  private async authInfo(corpId: string): Promise<z.infer<typeof authInfo> | null> {
    const ticket = await this.ticket();
    const timestamp = String(this.parts.now());
    const query = new URLSearchParams({
      accessKey: this.id,
      timestamp,
      suiteTicket: ticket,
      signature: suiteSignature(this.parts.config.secret, timestamp, ticket),
    });
    const path = 'service/get_auth_info';
    try {
      const url = `${this.parts.bases.oapiBase}/${path}?${query}`;
      const answer = await this.post(url, path, JSON.stringify({ auth_corpid: corpId }));
      return readOld(path, answer, authInfo);
    } catch (error) {
      if (error instanceof DingError) return null;
      throw error;
    }
  }

  private async ticket(): Promise<string> {
    const ticket = await this.parts.tickets.get(this);
    if (ticket === null) throw new DingError('invalidSuiteTicket', 'no suite_ticket has been pushed yet');
    return ticket;
  }

  private async post(url: string, path: string, body: string): Promise<{ status: number; json: unknown }> {
    try {
      const response = await this.parts.http.request({
        url,
        method: 'POST',
        body,
        headers: { accept: 'application/json', 'content-type': 'application/json' },
        timeoutMs,
        maxBytes: maxAnswerBytes,
      });
      const json: unknown = JSON.parse(response.body.toString());
      return { status: response.status, json };
    } catch (error) {
      if (error instanceof OutboundError) throw new DingError(null, `${path}: ${error.reason}`);
      if (error instanceof SyntaxError) throw new DingError(null, `${path}: the answer is not JSON`);
      throw error;
    }
  }
}
