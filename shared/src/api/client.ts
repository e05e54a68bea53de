import type { Problem } from '../errors/problem.js';
import type { AnswerOf, BodyOf, ParamsOf, QueryOf } from './contracts.js';
import { type RouteName, routes } from './routes.js';

/** What a transport (fetch, Taro.request) must do: send, and answer status and parsed JSON. */
export type Transport = (request: {
  method: string;
  path: string;
  body?: unknown;
  headers: Record<string, string>;
}) => Promise<{ status: number; json: unknown }>;

/** A refused request. `problem.code` is one of `errorCodes`; status 0 means no answer came. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly problem: Problem,
  ) {
    super(problem.detail ?? problem.title);
  }
}

type Part<Name extends string, Value> = [Value] extends [undefined]
  ? { [K in Name]?: undefined }
  : undefined extends Value
    ? { [K in Name]?: Value }
    : { [K in Name]: Value };
export type CallArgs<R extends RouteName> = Part<'params', ParamsOf<R>> &
  Part<'body', BodyOf<R>> & { query?: QueryOf<R>; idempotencyKey?: string };

/** Path of a route with its `:params` filled and its query appended. */
export function urlOf(
  name: RouteName,
  params: Record<string, unknown> = {},
  query: Record<string, unknown> = {},
): string {
  const path = routes[name][1].replace(/:(\w+)/g, (_, key: string) => encodeURIComponent(String(params[key] ?? '')));
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '');
  if (pairs.length === 0) return path;
  return `${path}?${pairs.map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(String(value))}`).join('&')}`;
}

/** A typed client over a transport: `call('records.query', { params: { formId }, body: { limit: 50 } })`. */
export function createClient(transport: Transport) {
  return async function call<R extends RouteName>(name: R, args: CallArgs<R>): Promise<AnswerOf<R>> {
    const { params, query, body, idempotencyKey } = args as {
      params?: Record<string, unknown>;
      query?: Record<string, unknown>;
      body?: unknown;
      idempotencyKey?: string;
    };
    const headers: Record<string, string> = idempotencyKey ? { 'Idempotency-Key': idempotencyKey } : {};
    const answer = await transport({ method: routes[name][0], path: urlOf(name, params, query), body, headers });
    if (answer.status >= 200 && answer.status < 300) return answer.json as AnswerOf<R>;
    const problem = answer.json as Problem | null;
    throw new ApiError(
      answer.status,
      problem?.code ? problem : { type: 'about:blank', title: 'HTTP', status: answer.status, code: 'internal' },
    );
  };
}

export type Client = ReturnType<typeof createClient>;
