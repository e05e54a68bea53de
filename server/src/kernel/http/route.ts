import type { Contract } from '@lianke/shared/api/contract';
import { type Contracts, contracts } from '@lianke/shared/api/contracts';
import { type RouteName, routes } from '@lianke/shared/api/routes';
import type { Words } from '@lianke/shared/errors/issue-text';
import {
  applyDecorators,
  createParamDecorator,
  Delete,
  type ExecutionContext,
  Get,
  HttpCode,
  Patch,
  Post,
  SetMetadata,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { AppError } from '../errors/app-error.js';
import { shapeError } from '../errors/shape-error.js';
import type { RequestContext } from './request-context.js';
import type { ResolvedSession } from './session-resolver.js';
import { storable } from './storable-text.js';

export const routeKey = 'lianke:route';
export const openKey = 'lianke:open';

type Parsed<T, K extends string> = K extends keyof T
  ? T[K] extends z.ZodType
    ? z.output<T[K]>
    : undefined
  : undefined;

/** A validated request of a route that anybody may call. */
export interface OpenCall<R extends RouteName> {
  params: Parsed<Contracts[R], 'params'>;
  query: Parsed<Contracts[R], 'query'>;
  body: Parsed<Contracts[R], 'body'>;
  request: FastifyRequest;
  reply: FastifyReply;
}

/** A validated request of a logged-in member. */
export interface RouteCall<R extends RouteName> extends OpenCall<R> {
  ctx: RequestContext;
  session: ResolvedSession<RequestContext>;
}

/** Request as the session guard leaves it. */
export interface SessionRequest extends FastifyRequest {
  session?: ResolvedSession<RequestContext>;
}

const methods = { GET: Get, POST: Post, PATCH: Patch, DELETE: Delete };

/** Binds a handler to a route of the shared contract: method, path, validation, status. */
export function Route(name: RouteName): MethodDecorator {
  const [method, path] = routes[name];
  const contract: Contract = contracts[name];
  const silent = !contract.answer && !contract.stream;
  return applyDecorators(
    methods[method](path),
    SetMetadata(routeKey, name),
    SetMetadata(openKey, Boolean(contract.open)),
    HttpCode(silent ? 204 : 200),
  );
}

/** Marks a handler outside of the contract (redirects, callbacks, files) as reachable without log-in. */
export const Open = () => SetMetadata(openKey, true);

/** The validated call of a `@Route` handler: `RouteCall<name>`, or `OpenCall<name>` on open routes. */
export const Call = createParamDecorator((_: unknown, execution: ExecutionContext): OpenCall<RouteName> => {
  const name = Reflect.getMetadata(routeKey, execution.getHandler()) as RouteName;
  const contract: Contract = contracts[name];
  const http = execution.switchToHttp();
  const request = http.getRequest<SessionRequest>();
  return {
    params: parse(contract.params, known(request.params)),
    query: parse(contract.query, storable(request.query), { zh: '地址参数', en: 'the query' }),
    body: contract.upload ? undefined : parse(contract.body, request.body ?? {}, { zh: '请求内容', en: 'the body' }),
    request,
    reply: http.getResponse<FastifyReply>(),
    ...(request.session ? { session: request.session, ctx: request.session.ctx } : {}),
  } as OpenCall<RouteName>;
});

/** An address with U+0000 in it names nothing. */
function known(params: unknown): unknown {
  if (Object.values(params ?? {}).some((value) => String(value).includes('\u0000'))) throw new AppError('not_found');
  return params;
}

/** Ids in a path that are no ids answer like unknown ones; `root` says what else the input is. */
function parse(schema: z.ZodType | undefined, input: unknown, root?: Words): unknown {
  if (!schema) return undefined;
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  if (!root) throw new AppError('not_found');
  throw shapeError('invalid_request', parsed.error, input, { root });
}
