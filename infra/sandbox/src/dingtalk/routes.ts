import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Windows } from '../core/windows.js';
import { createAndDeliver, createCard, deliverCard, registerCardRoute, updateCard } from './cards.js';
import { authScopes, contactCalls, usableScopes } from './contacts.js';
import type { DingContext } from './context.js';
import { badToken, NewApiError, newApiFault, OapiError } from './errors.js';
import type { StreamGateway } from './gateway.js';
import { clientUser, userToken, whoAmI } from './identity.js';
import { noticeCalls, sendByTemplate, sendNotice } from './notices.js';
import type { Pushes } from './pushes.js';
import { robotRecall, robotSend } from './robots.js';
import { fromServerIp, unpublished } from './setup.js';
import { corpAccessToken, signedSuiteCall, suiteAccessToken } from './suites.js';
import { createTodo, deleteTodo, needOperator, queryTodos, updateExecutors, updateTodo } from './todos.js';
import { dingCaller, jsapiTicket, newToken, oldToken, unifiedToken } from './tokens.js';
import type { DingApp, DingCorp, DingPermission } from './world.js';

type Query = Record<string, string | undefined>;
type Body = Record<string, unknown>;

interface Caller {
  corp: DingCorp;
  app: DingApp;
}

interface Outcome {
  status: number;
  body: Body | string;
  errcode: number | null;
  caller: Caller | null;
}

/** Which right a call of the older interface needs. */
function oldPermission(path: string): DingPermission | null {
  if (path.startsWith('topapi/message/')) return 'notice';
  if (path === 'topapi/v2/user/getuserinfo' || path === 'topapi/user/getbyunionid') return null;
  return path.startsWith('topapi/') ? 'contacts' : null;
}

/** Which right a call of the newer interface needs. */
function newPermission(path: string): { right: DingPermission; scope: string } | null {
  if (path.startsWith('v1.0/card/')) return { right: 'card', scope: 'Card.Instance.Write' };
  if (path.startsWith('v1.0/todo/')) return { right: 'todo', scope: 'Todo.Todo.Write' };
  if (path.startsWith('v1.0/robot/')) return { right: 'robot', scope: 'qyapi_robot_sendmsg' };
  return null;
}

/** Both generations of DingTalk's interface on one address. Every call is logged with its secrets masked. */
export class DingtalkApi {
  private readonly windows = new Windows();

  constructor(
    private readonly context: DingContext,
    private readonly gateway: StreamGateway,
    private readonly pushes: Pushes,
  ) {}

  register(server: FastifyInstance): void {
    const old = (request: FastifyRequest, reply: FastifyReply) => this.handle(request, reply, 'old');
    for (const path of [
      '/gettoken',
      '/get_jsapi_ticket',
      '/call_back/get_call_back_failed_result',
      '/auth/scopes',
      '/microapp/visible_scopes',
      '/topapi/*',
      '/service/*',
    ])
      server.all(path, old);
    server.all('/v1.0/*', (request, reply) => this.handle(request, reply, 'new'));
  }

  private async handle(request: FastifyRequest, reply: FastifyReply, generation: 'old' | 'new'): Promise<unknown> {
    const started = Date.now();
    const path = (request.url.split('?')[0] ?? '').slice(1);
    const query = request.query as Query;
    const raw = typeof request.body === 'string' ? request.body : '';
    const body = parseBody(raw, String(request.headers['content-type'] ?? ''));
    const token = generation === 'old' ? query.access_token : headerToken(request);
    const known = dingCaller(this.context, token, generation);
    const owner = typeof known === 'string' ? null : known;
    const requestId = this.context.random.bytes(8).toString('hex');
    const faults = this.context.faults.hit({
      path,
      platform: 'dingtalk',
      corpId: owner?.corp.corpId ?? null,
      agentId: owner?.app.agentId ?? null,
    });
    if (faults.length > 0) this.context.hub.emit({ kind: 'switches' });
    for (const fault of faults) if (fault.kind === 'delay') await this.context.wait(fault.ms);
    const injected = faults.find(
      (fault) => fault.kind === 'errcode' || fault.kind === 'status' || fault.kind === 'answer',
    );
    const outcome: Outcome =
      injected?.kind === 'answer'
        ? { status: injected.status, body: injected.body, errcode: null, caller: owner }
        : injected?.kind === 'status'
          ? { status: injected.status, body: `<html><h1>${injected.status}</h1></html>`, errcode: null, caller: owner }
          : this.answer(requestId, owner, () => {
              if (injected?.kind === 'errcode')
                throw generation === 'old'
                  ? new OapiError(injected.errcode, injected.errcode === 60020 ? `request ip=${request.ip}` : '')
                  : newApiFault(injected.errcode, this.context.switches);
              return generation === 'old'
                ? this.old(path, request.method, query, body, raw, known, requestId, request.ip)
                : this.new(path, request, query, body, raw, known);
            });
    const dropped = faults.some((fault) => fault.kind === 'drop');
    this.context.log.add({
      platform: 'dingtalk',
      direction: 'in',
      method: request.method,
      path: `/${path}`,
      query: Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)])),
      corpId: outcome.caller?.corp.corpId ?? null,
      agentId: outcome.caller?.app.agentId ?? null,
      request: raw === '' ? null : body,
      status: dropped ? 0 : outcome.status,
      response: outcome.body,
      errcode: outcome.errcode,
      ms: Date.now() - started,
      warnings: dropped ? ['已处理，但按开关断开连接，没有应答'] : [],
    });
    if (dropped) {
      reply.hijack();
      request.raw.socket.destroy();
      return reply;
    }
    reply
      .code(outcome.status)
      .type(typeof outcome.body === 'string' ? 'text/html; charset=utf-8' : 'application/json; charset=UTF-8');
    return reply.send(typeof outcome.body === 'string' ? outcome.body : JSON.stringify(outcome.body));
  }

  private answer(requestId: string, caller: Caller | null, work: () => Body): Outcome {
    try {
      return { status: 200, body: work(), errcode: 0, caller };
    } catch (error) {
      if (error instanceof OapiError)
        return { status: 200, body: error.body(requestId), errcode: error.errcode, caller };
      if (error instanceof NewApiError)
        return {
          status: error.status,
          body: error.body(requestId, this.context.switches.deniedDetail),
          errcode: error.status,
          caller,
        };
      throw error;
    }
  }

  private old(
    path: string,
    method: string,
    query: Query,
    body: Body,
    raw: string,
    known: ReturnType<typeof dingCaller>,
    requestId: string,
    ip: string,
  ): Body {
    const ok = (more: Body): Body => ({ errcode: 0, errmsg: 'ok', ...more, request_id: requestId });
    if (path === 'gettoken') return ok(oldToken(this.context, query));
    if (path.startsWith('service/')) return ok(signedSuiteCall(this.context, path, query, body));
    if (known === 'blank') throw new OapiError(40000);
    if (known === 'unknown') throw new OapiError(40014);
    if (known === 'expired') throw new OapiError(42001);
    const { corp, app } = known;
    if (!fromServerIp(this.context, app, ip)) throw new OapiError(60020, `request ip=${ip} appKey(${app.appKey})`);
    const right = oldPermission(path);
    if (right && !app.permissions.includes(right)) throw new OapiError(60011, `[${right}]`);
    this.count(path, app, () => new OapiError(90018));
    if (path === 'get_jsapi_ticket') {
      const { ticket, seconds } = jsapiTicket(this.context, app);
      return ok({ ticket, expires_in: seconds });
    }
    if (path === 'call_back/get_call_back_failed_result') return ok(this.pushes.failed(app));
    if (path === 'auth/scopes') return ok(authScopes(app));
    if (method !== 'POST') throw new OapiError(43002);
    if (path === 'microapp/visible_scopes') return ok(usableScopes(app, body, unpublished(this.context, app)));
    if (path === 'topapi/v2/user/getuserinfo') return ok({ result: clientUser(this.context, corp, app, body.code) });
    if (path === 'topapi/message/corpconversation/asyncsend_v2')
      return ok({ ...sendNotice(this.context, corp, app, body, raw) });
    if (path === 'topapi/message/corpconversation/sendbytemplate')
      return ok({ ...sendByTemplate(this.context, corp, app, body, raw) });
    if (Object.hasOwn(noticeCalls, path)) return ok(noticeCalls[path]?.(this.context, app, body) ?? {});
    if (Object.hasOwn(contactCalls, path)) return ok({ result: this.named(contactCalls[path]?.(corp, app, body)) });
    throw new OapiError(22, `ApiName = ${path}`);
  }

  private new(
    path: string,
    request: FastifyRequest,
    query: Query,
    body: Body,
    raw: string,
    known: ReturnType<typeof dingCaller>,
  ): Body {
    const route = `${request.method} ${path}`;
    if (route === 'POST v1.0/oauth2/accessToken') return newToken(this.context, body);
    if (route === 'POST v1.0/oauth2/corpAccessToken') return corpAccessToken(this.context, body);
    if (route === 'POST v1.0/oauth2/suiteAccessToken') return suiteAccessToken(this.context, body);
    if (route === 'POST v1.0/oauth2/userAccessToken') return userToken(this.context, body);
    if (route === 'GET v1.0/contact/users/me') return whoAmI(this.context, headerToken(request));
    if (route === 'POST v1.0/gateway/connections/open') return this.gateway.open(body);
    const unified = /^POST v1\.0\/oauth2\/([^/]+)\/token$/.exec(route);
    if (unified) return unifiedToken(this.context, unified[1] ?? '', body);
    if (known === 'blank')
      throw new NewApiError(400, 'AuthenticationFailed.MissingParameter', '缺少 x-acs-dingtalk-access-token');
    if (typeof known === 'string') throw badToken(this.context.switches);
    const { corp, app } = known;
    if (!fromServerIp(this.context, app, request.ip))
      throw new NewApiError(
        403,
        'Forbidden.AccessDenied.IpNotInWhiteList',
        `访问ip不在白名单之中,request ip=${request.ip} appKey(${app.appKey})`,
      );
    const right = newPermission(path);
    if (right && !app.permissions.includes(right.right))
      throw new NewApiError(403, 'Forbidden.AccessDenied.AccessTokenPermissionDenied', '应用尚未开通所需的权限', [
        right.scope,
      ]);
    this.count(path, app, () => newApiFault(90018, this.context.switches));
    switch (route) {
      case 'POST v1.0/oauth2/jsapiTickets': {
        const { ticket, seconds } = jsapiTicket(this.context, app);
        return { jsapiTicket: ticket, expireIn: seconds };
      }
      case 'POST v1.0/card/instances':
        return createCard(this.context, corp, app, body);
      case 'POST v1.0/card/instances/deliver':
        return deliverCard(this.context, corp, app, body, raw);
      case 'POST v1.0/card/instances/createAndDeliver':
        return createAndDeliver(this.context, corp, app, body, raw);
      case 'PUT v1.0/card/instances':
        return updateCard(this.context, corp, app, body, raw);
      case 'POST v1.0/card/callbacks/register':
        return registerCardRoute(this.context, app, body);
      case 'POST v1.0/robot/oToMessages/batchSend':
        return robotSend(this.context, corp, app, body);
      case 'POST v1.0/robot/otoMessages/batchRecall':
        return robotRecall(this.context, app, body);
      default:
        return this.todo(route, corp, app, query, body);
    }
  }

  private todo(route: string, corp: DingCorp, app: DingApp, query: Query, body: Body): Body {
    const asked = /^POST v1\.0\/todo\/users\/([^/]+)\/org\/tasks\/query$/.exec(route);
    if (asked) return queryTodos(this.context, corp, app, asked[1] ?? '', body);
    const match = /^(\w+) v1\.0\/todo\/users\/([^/]+)\/tasks(?:\/([^/]+)(\/executorStatus)?)?$/.exec(route);
    const [, method, unionId = '', taskId, status] = match ?? [];
    if (method === 'POST' && !taskId) return createTodo(this.context, corp, app, unionId, query.operatorId, body);
    if (method === 'PUT' || method === 'DELETE')
      needOperator(corp, app, unionId, query.operatorId, method === 'PUT' ? 'taskUpdate' : 'taskDelete');
    if (method === 'PUT' && taskId && status) return updateExecutors(this.context, app, taskId, body);
    if (method === 'PUT' && taskId) return updateTodo(this.context, corp, app, taskId, body);
    if (method === 'DELETE' && taskId) return deleteTodo(this.context, app, taskId);
    throw new NewApiError(404, 'InvalidAction.NotFound', `接口不存在：${route}`);
  }

  /** People without their names, where the switch withholds them; departments keep theirs. */
  private named(result: unknown): unknown {
    if (!this.context.switches.hideNames) return result;
    return JSON.parse(JSON.stringify(result), function nameless(this: Body, key: string, value: unknown) {
      return key === 'name' && 'userid' in this ? undefined : value;
    });
  }

  /** Calls per app, API and second; the next second is free again. */
  private count(path: string, app: DingApp, refusal: () => Error): void {
    const calls = this.windows.add(`${app.appKey} ${path}`, 1000, this.context.clock.now());
    if (calls > this.context.switches.callsPerSecond) throw refusal();
  }
}

function headerToken(request: FastifyRequest): string | undefined {
  const token = request.headers['x-acs-dingtalk-access-token'];
  return typeof token === 'string' && token !== '' ? token : undefined;
}

/** JSON, or a form whose values are texts; anything else is an empty body. */
function parseBody(raw: string, type: string): Body {
  if (type.includes('application/x-www-form-urlencoded')) return Object.fromEntries(new URLSearchParams(raw));
  try {
    const value: unknown = JSON.parse(raw);
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Body) : {};
  } catch {
    return {};
  }
}
