import { z } from 'zod';
import { OutboundError, type OutboundHttp, type OutboundRequest } from '../../../kernel/outbound/outbound-http.js';
import type { Connection } from '../connection.js';
import { proxyProblem } from '../port/proxy-problem.js';
import type { FetchedToken, TokenStore } from '../token-store.js';
import { DingError } from './ding-error.js';
import type { DingtalkSuite } from './suite.js';

const timeoutMs = 8000;
const maxAnswerBytes = 8 * 1024 * 1024;

const tokenAnswer = z.object({ accessToken: z.string().min(1), expireIn: z.coerce.number().int().positive() });
const oldTokenAnswer = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number().int().positive() });
const ticketAnswer = z.object({ jsapiTicket: z.string().min(1), expireIn: z.coerce.number().int().positive() });
const oldStatus = z.looseObject({
  errcode: z.coerce.number().int().default(0),
  errmsg: z.string().default(''),
  sub_code: z.string().optional(),
  sub_msg: z.string().optional(),
});
const newFailure = z.looseObject({
  code: z.string(),
  message: z.string().default(''),
  accessdenieddetail: z.looseObject({ requiredScopes: z.array(z.string()).default([]) }).optional(),
});
/** How the platform's front door answers who calls too often: with status 200 and not in the shape of the interface. */
const blocked = z.looseObject({ status: z.literal(1111), wait: z.number() });

/** Origins of the two generations of the interface, without a slash at their end. */
export interface DingBases {
  oapiBase: string;
  apiBase: string;
}

interface Answer {
  status: number;
  json: unknown;
}

interface NewCall<Schema extends z.ZodType> {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Behind `/v1.0/`. */
  path: string;
  /** The exact bytes. */
  body?: string;
  schema: Schema;
}

/** Both generations of DingTalk's server interface for one app of a company, its own or of the directory (reference B1, B2). Throws {@link DingError}. */
export class DingApi {
  /** Connections whose older interface has refused a fresh token of the newer one (G14): it gets tokens of its own. */
  private readonly apart = new Set<string>();

  constructor(
    private readonly http: OutboundHttp,
    private readonly tokens: TokenStore,
    private readonly bases: DingBases,
    /** The deployment's app in the directory, where it has one. */
    private readonly suite: DingtalkSuite | null = null,
  ) {}

  /** A fresh token, past the store. */
  async fetchToken(connection: Connection): Promise<FetchedToken> {
    if (connection.suiteId !== null) {
      if (connection.secret === null) throw new DingError('invalidAuthInfo', 'the company took its consent back');
      return this.suiteOf(connection).corpToken(connection);
    }
    const body = JSON.stringify({ appKey: connection.appKey ?? '', appSecret: connection.secret ?? '' });
    const answer = await this.openly(connection, {
      method: 'POST',
      path: 'oauth2/accessToken',
      body,
      schema: tokenAnswer,
    });
    return { token: answer.accessToken, expiresIn: answer.expireIn };
  }

  /** What a person's log-in code is exchanged with. */
  credentials(connection: Connection): { clientId: string; clientSecret: string } {
    if (connection.suiteId !== null) return this.suiteOf(connection).credentials;
    return { clientId: connection.appKey ?? '', clientSecret: connection.secret ?? '' };
  }

  /** Of the template through which the app's work notices must go; null where they are sent as they are. */
  noticeTemplate({ suiteId }: Pick<Connection, 'suiteId'>): string | null {
    return suiteId !== null && this.suite?.id === suiteId ? this.suite.noticeTemplateId : null;
  }

  /** The ticket that signs pages, kept like a token. */
  pageTicket(connection: Connection): Promise<string> {
    const call = { method: 'POST', path: 'oauth2/jsapiTickets', body: '{}', schema: ticketAnswer } as const;
    const fetch = async (): Promise<FetchedToken> => {
      const answer = await this.new(connection, call);
      return { token: answer.jsapiTicket, expiresIn: answer.expireIn };
    };
    return this.tokens.token(connection, fetch, 'page');
  }

  /** A call of the older interface: `errcode` in HTTP 200. `path` stands behind the origin; without a body a GET. */
  old<Schema extends z.ZodType>(
    connection: Connection,
    path: string,
    body: string | null,
    schema: Schema,
  ): Promise<z.output<Schema>> {
    const call = async (token: string) => {
      const url = `${this.bases.oapiBase}/${path}?${new URLSearchParams({ access_token: token })}`;
      const request = body === null ? { url } : { url, method: 'POST' as const, body };
      const { status: http, json } = await this.answer(connection, path, request);
      return readOld(path, { status: http, json }, schema);
    };
    return this.withOldToken(connection, call);
  }

  /** A call of the newer interface under the app's token. */
  new<Schema extends z.ZodType>(connection: Connection, call: NewCall<Schema>): Promise<z.output<Schema>> {
    return this.withToken(connection, (token) => this.openly(connection, call, token));
  }

  /** A call of the newer interface that carries its own credentials, or those of a person. */
  async openly<Schema extends z.ZodType>(
    connection: Pick<Connection, 'proxy'>,
    { method, path, body, schema }: NewCall<Schema>,
    token?: string,
  ): Promise<z.output<Schema>> {
    const { status, json } = await this.answer(connection, path, {
      url: `${this.bases.apiBase}/v1.0/${path}`,
      method,
      ...(body === undefined ? {} : { body }),
      headers: token === undefined ? {} : { 'x-acs-dingtalk-access-token': token },
    });
    return readNew(path, { status, json }, schema);
  }

  private suiteOf(connection: Connection): DingtalkSuite {
    if (!this.suite || this.suite.id !== connection.suiteId)
      throw new DingError('invalidSuiteKey', 'this server has no such app');
    return this.suite;
  }

  /** At most one refresh and one repeat a call (D4). */
  private async withToken<T>(
    connection: Connection,
    call: (token: string) => Promise<T>,
    kind: 'token' | 'old' = 'token',
  ): Promise<T> {
    const fetch = () => (kind === 'old' ? this.fetchOldToken(connection) : this.fetchToken(connection));
    const token = await this.tokens.token(connection, fetch, kind);
    try {
      return await call(token);
    } catch (error) {
      if (!wantsToken(error)) throw error;
      await this.tokens.reject(connection, token, kind);
    }
    return call(await this.tokens.token(connection, fetch, kind));
  }

  /**
   * Tokens of both interfaces are interchangeable in practice, which nobody promises (G14): where a fresh one of the newer
   * interface is refused, the older one is asked for its own, from then on at once.
   */
  private async withOldToken<T>(connection: Connection, call: (token: string) => Promise<T>): Promise<T> {
    if (!this.apart.has(connection.id)) {
      try {
        return await this.withToken(connection, call);
      } catch (error) {
        if (!wantsToken(error) || connection.suiteId !== null) throw error;
      }
    }
    const answer = await this.withToken(connection, call, 'old');
    this.apart.add(connection.id);
    return answer;
  }

  private async fetchOldToken(connection: Connection): Promise<FetchedToken> {
    const path = 'gettoken';
    const query = new URLSearchParams({ appkey: connection.appKey ?? '', appsecret: connection.secret ?? '' });
    const answer = await this.answer(connection, path, { url: `${this.bases.oapiBase}/${path}?${query}` });
    const { access_token, expires_in } = readOld(path, answer, oldTokenAnswer);
    return { token: access_token, expiresIn: expires_in };
  }

  private async answer(
    { proxy }: Pick<Connection, 'proxy'>,
    path: string,
    { headers, ...request }: OutboundRequest,
  ): Promise<{ status: number; json: unknown }> {
    let response: Awaited<ReturnType<OutboundHttp['request']>>;
    try {
      response = await this.http.request({
        ...request,
        // Without it some answers are XML (D22).
        headers: { accept: 'application/json', 'content-type': 'application/json', ...headers },
        timeoutMs,
        maxBytes: maxAnswerBytes,
        ...(proxy === null ? {} : { proxy }),
      });
    } catch (error) {
      if (error instanceof OutboundError)
        throw new DingError(null, `${path}: ${error.reason}`, [], proxyProblem(error, proxy));
      throw error;
    }
    const json = objectOf(response.body.toString());
    const stopped = blocked.safeParse(json);
    if (stopped.success) throw new DingError(1111, `${path}: too many calls from this address`);
    if (json === null && response.status < 500)
      throw new DingError(null, `${path}: HTTP ${response.status}, the answer is not JSON`);
    return { status: response.status, json };
  }
}

function wantsToken(error: unknown): boolean {
  return error instanceof DingError && error.kind === 'refresh';
}

/** Reads an answer of the older interface: its own refusals come with 200, anything else is a gateway speaking. */
export function readOld<Schema extends z.ZodType>(path: string, answer: Answer, schema: Schema): z.output<Schema> {
  if (answer.status !== 200) throw new DingError(null, `${path}: HTTP ${answer.status}`);
  const status = oldStatus.parse(answer.json);
  if (status.errcode !== 0) throw oldError(status);
  return parsed(path, schema, answer.json);
}

/** Reads an answer of the newer interface. */
export function readNew<Schema extends z.ZodType>(
  path: string,
  { status, json }: Answer,
  schema: Schema,
): z.output<Schema> {
  if (status >= 400) {
    const failure = newFailure.safeParse(json);
    if (!failure.success || status >= 500) {
      const text = failure.success ? `${failure.data.code} ${failure.data.message}` : '';
      // `system.*` and `param.*` are told apart by their code also where they come with 500.
      if (failure.success && /^(param|system)\./.test(failure.data.code)) throw newError(failure.data);
      throw new DingError(null, `${path}: HTTP ${status} ${text}`.trim());
    }
    throw newError(failure.data);
  }
  return parsed(path, schema, json);
}

function objectOf(text: string): unknown {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' ? json : null;
  } catch {
    return null;
  }
}

/** Refusals of the gateway come wrapped: 88 with the number in `sub_code`, or only in the text (B1). */
function oldError(status: z.infer<typeof oldStatus>): DingError {
  if (status.errcode !== 88) return new DingError(status.errcode, status.errmsg);
  const inner = status.sub_code ?? /subcode=(\d+)/.exec(status.errmsg)?.[1];
  const text = status.sub_msg ?? status.errmsg;
  const scopes = [...text.matchAll(/\[([^\]]+)\]/g)].map((match) => match[1] ?? '');
  return new DingError(inner === undefined ? 88 : Number(inner), text, scopes);
}

function newError({ code, message, accessdenieddetail }: z.infer<typeof newFailure>): DingError {
  return new DingError(code, message, accessdenieddetail?.requiredScopes);
}

function parsed<Schema extends z.ZodType>(path: string, schema: Schema, json: unknown): z.output<Schema> {
  const read = schema.safeParse(json);
  if (!read.success) throw new DingError(null, `${path}: unexpected answer (${z.prettifyError(read.error)})`);
  return read.data;
}
