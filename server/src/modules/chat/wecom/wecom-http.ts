import { z } from 'zod';
import { OutboundError, type OutboundHttp, type OutboundRequest } from '../../../kernel/outbound/outbound-http.js';
import { proxyProblem } from '../port/proxy-problem.js';
import { WecomError } from './wecom-error.js';

const timeoutMs = 8000;
const maxAnswerBytes = 8 * 1024 * 1024;

const status = z.looseObject({ errcode: z.number().int().default(0), errmsg: z.string().default('') });

export interface WecomCall<Schema extends z.ZodType> {
  /** Behind `/cgi-bin/`. */
  path: string;
  query?: Record<string, string>;
  /** The exact bytes of a POST. */
  body?: string;
  schema: Schema;
}

/** One call of WeCom's server API, whoever makes it (reference A1). Throws {@link WecomError}. */
export class WecomHttp {
  constructor(
    private readonly http: OutboundHttp,
    /** Origin of the API, without a slash at its end. */
    private readonly apiBase: string,
  ) {}

  async request<Schema extends z.ZodType>(
    { path, query, body, schema }: WecomCall<Schema>,
    credentials: Record<string, string>,
    proxy: string | null = null,
  ): Promise<z.output<Schema>> {
    const request: OutboundRequest = {
      url: `${this.apiBase}/cgi-bin/${path}?${new URLSearchParams({ ...credentials, ...query })}`,
      timeoutMs,
      maxBytes: maxAnswerBytes,
      ...(proxy === null ? {} : { proxy }),
      ...(body === undefined ? {} : { method: 'POST', body, headers: { 'content-type': 'application/json' } }),
    };
    const json = await this.answer(path, request);
    const { errcode, errmsg } = status.parse(json);
    if (errcode !== 0) throw new WecomError(errcode, errmsg);
    const parsed = schema.safeParse(json);
    if (!parsed.success) throw new WecomError(null, `${path}: unexpected answer (${z.prettifyError(parsed.error)})`);
    return parsed.data;
  }

  private async answer(path: string, request: OutboundRequest): Promise<unknown> {
    let response: Awaited<ReturnType<OutboundHttp['request']>>;
    try {
      response = await this.http.request(request);
    } catch (error) {
      if (error instanceof OutboundError)
        throw new WecomError(null, `${path}: ${error.reason}`, proxyProblem(error, request.proxy ?? null));
      throw error;
    }
    // Business failures come with 200; anything else is a gateway speaking.
    if (response.status !== 200) throw new WecomError(null, `${path}: HTTP ${response.status}`);
    try {
      const json: unknown = JSON.parse(response.body.toString());
      if (typeof json === 'object' && json !== null) return json;
    } catch {
      // Falls through: no JSON is no answer.
    }
    throw new WecomError(null, `${path}: the answer is not JSON`);
  }
}
