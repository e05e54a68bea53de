import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Fault } from '../core/switches.js';
import { Windows } from '../core/windows.js';
import * as appchat from './appchat.js';
import { updateTemplateCard } from './cards.js';
import { getUserDetail, getUserInfo, jscodeToSession } from './codes.js';
import * as contacts from './contacts.js';
import type { WecomContext } from './context.js';
import { failureBody, WecomError } from './errors.js';
import * as externals from './externals.js';
import { type RawCall, recallMessage, sendMessage } from './messages.js';
import { isObject, type Json } from './reader.js';
import { needTrustedIp } from './setup.js';
import { suiteCall } from './suite-api.js';
import { authenticate, getTicket, getToken } from './tokens.js';
import type { App, Corp } from './world.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

type Query = Record<string, string | undefined>;

interface Call {
  query: Query;
  body: Json;
  corp: Corp;
  app: App;
  raw: RawCall;
}

interface Endpoint {
  method: 'GET' | 'POST';
  run: (context: WecomContext, call: Call) => object;
}

const get = (run: Endpoint['run']): Endpoint => ({ method: 'GET', run });
const post = (run: Endpoint['run']): Endpoint => ({ method: 'POST', run });

/** Every endpoint under /cgi-bin that needs an access token. */
const ENDPOINTS: Record<string, Endpoint> = {
  'auth/getuserinfo': get((context, { corp, app, query }) => getUserInfo(context, corp, app, query.code)),
  'auth/getuserdetail': post((context, { corp, body }) => getUserDetail(context, corp, body.user_ticket)),
  'miniprogram/jscode2session': get((context, { corp, app, query }) => jscodeToSession(context, corp, app, query)),
  'user/get': get((context, { corp, app, query }) => contacts.userGet(context, corp, app, query)),
  'user/simplelist': get((context, { corp, app, query }) => contacts.userSimpleList(context, corp, app, query)),
  'user/list': get((context, { corp, app, query }) => contacts.userList(context, corp, app, query)),
  'user/list_id': post((_context, { corp, app, body }) => contacts.userListId(corp, app, body)),
  'department/list': get((context, { corp, app, query }) => contacts.departmentList(context, corp, app, query)),
  'department/simplelist': get((_context, { corp, app, query }) => contacts.departmentSimpleList(corp, app, query)),
  'department/get': get((context, { corp, app, query }) => contacts.departmentGet(context, corp, app, query)),
  'agent/get': get((_context, { corp, app, query }) => contacts.agentGet(corp, app, query)),
  'tag/get': get((context, { corp, app, query }) => contacts.tagGet(context, corp, app, query)),
  get_jsapi_ticket: get((context, { corp }) => getTicket(context, corp, null)),
  'ticket/get': get((context, { corp, app, query }) => {
    if (query.type !== 'agent_config') throw new WecomError(40035, 'type must be agent_config');
    return getTicket(context, corp, app);
  }),
  'externalcontact/get_follow_user_list': get((_context, { corp, app }) => externals.followUsers(corp, app)),
  'externalcontact/list': get((_context, { corp, app, query }) => externals.listOf(corp, app, query.userid)),
  'externalcontact/get': get((_context, { corp, app, query }) => externals.contact(corp, app, query)),
  'externalcontact/batch/get_by_user': post((_context, { corp, app, body }) => externals.byUsers(corp, app, body)),
  'externalcontact/remark': post((context, { corp, app, body }) => externals.remark(context, corp, app, body)),
  'message/send': post((context, { corp, app, body, raw }) => sendMessage(context, corp, app, body, raw)),
  'message/update_template_card': post((context, { corp, app, body, raw }) =>
    updateTemplateCard(context, corp, app, body, raw),
  ),
  'message/recall': post((context, { corp, app, body, raw }) => recallMessage(context, corp, app, body, raw)),
  'appchat/create': post((context, { corp, app, body }) => appchat.createChat(context, corp, app, body)),
  'appchat/update': post((context, { corp, app, body }) => appchat.updateChat(context, corp, app, body)),
  'appchat/get': get((context, { corp, app, query }) => appchat.getChat(context, corp, app, query.chatid)),
  'appchat/send': post((context, { corp, app, body }) => appchat.sendToChat(context, corp, app, body)),
  getcallbackip: get(() => ({ ip_list: ['127.0.0.1'] })),
  get_api_domain_ip: get(() => ({ ip_list: ['127.0.0.1'] })),
};

interface Outcome {
  status: number;
  body: object | string;
  errcode: number | null;
  corp: Corp | null;
  app: App | null;
}

/** Serves the platform's API. Every call is logged with its secrets masked. */
export class WecomApi {
  private readonly windows = new Windows();
  /** Until when an address that gave wrong secrets is shut out. */
  private readonly shutOut = new Map<string, number>();

  constructor(private readonly context: WecomContext) {}

  register(server: FastifyInstance): void {
    server.all('/cgi-bin/*', (request, reply) => this.handle(request, reply));
  }

  private async handle(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const started = Date.now();
    const path = request.url.split('?')[0]?.replace('/cgi-bin/', '') ?? '';
    const query = request.query as Query;
    const rawBody = typeof request.body === 'string' ? request.body : '';
    const key = request.headers['idempotency-key'];
    const raw: RawCall = { raw: rawBody, headerKey: typeof key === 'string' ? key : null, warnings: [] };
    const parsed = parseBody(rawBody);
    const owner = this.ownerOf(query);
    const faults = this.context.faults.hit({
      path,
      platform: 'wecom',
      corpId: owner.corp?.corpId ?? null,
      agentId: owner.app?.agentId ?? null,
    });
    if (faults.length > 0) this.context.hub.emit({ kind: 'switches' });
    for (const fault of faults) if (fault.kind === 'delay') await this.context.wait(fault.ms);
    const injected = faults.find(
      (fault) => fault.kind === 'errcode' || fault.kind === 'status' || fault.kind === 'answer',
    );
    const outcome = injected ? this.injected(injected, request, owner) : this.run(path, request, query, parsed, raw);
    const dropped = faults.some((fault) => fault.kind === 'drop');
    const logId = this.context.log.add({
      platform: 'wecom',
      direction: 'in',
      method: request.method,
      path: `/cgi-bin/${path}`,
      query: Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)])),
      corpId: outcome.corp?.corpId ?? owner.corp?.corpId ?? null,
      agentId: outcome.app?.agentId ?? owner.app?.agentId ?? null,
      request: rawBody === '' ? null : (parsed ?? rawBody),
      status: dropped ? 0 : outcome.status,
      response: outcome.body,
      errcode: outcome.errcode,
      ms: Date.now() - started,
      warnings: [...raw.warnings, ...(dropped ? ['已处理，但按开关断开连接，没有应答'] : [])],
    });
    const msgid = isObject(outcome.body) ? outcome.body.msgid : undefined;
    const message = typeof msgid === 'string' ? this.context.world.messages.get(msgid) : undefined;
    if (message && message.logId === null) message.logId = logId;
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

  /** Whose token the call carries, if any; only to attribute faults and log entries. */
  private ownerOf(query: Query): { corp: Corp | null; app: App | null } {
    try {
      return authenticate(this.context, query.access_token);
    } catch {
      const corp = query.corpid ? (this.context.world.corps.get(query.corpid.toLowerCase()) ?? null) : null;
      const app = corp ? ([...corp.apps.values()].find((each) => each.secret === query.corpsecret) ?? null) : null;
      return { corp, app };
    }
  }

  private injected(
    fault: Extract<Fault['effect'], { kind: 'errcode' | 'status' | 'answer' }>,
    request: FastifyRequest,
    owner: { corp: Corp | null; app: App | null },
  ): Outcome {
    if (fault.kind === 'errcode') return this.failure(new WecomError(fault.errcode), request, owner, false);
    if (fault.kind === 'answer') return { status: fault.status, body: fault.body, errcode: null, ...owner };
    return {
      status: fault.status,
      body: `<html><body><h1>${fault.status}</h1></body></html>`,
      errcode: null,
      ...owner,
    };
  }

  private run(path: string, request: FastifyRequest, query: Query, parsed: Json | null, raw: RawCall): Outcome {
    let owner: { corp: Corp | null; app: App | null } = { corp: null, app: null };
    try {
      if (path === 'gettoken') {
        requireMethod(request, 'GET');
        return { status: 200, body: success(this.tokenFor(request.ip, query)), errcode: 0, ...owner };
      }
      const service = suiteCall(this.context, path, request.method, query, parsed);
      if (service) return { status: 200, body: success(service), errcode: 0, ...owner };
      const endpoint = Object.hasOwn(ENDPOINTS, path) ? ENDPOINTS[path] : undefined;
      if (!endpoint)
        return { status: 404, body: '<html><body><h1>404 Not Found</h1></body></html>', errcode: null, ...owner };
      requireMethod(request, endpoint.method);
      const caller = authenticate(this.context, query.access_token);
      owner = caller;
      needTrustedIp(this.context, caller.app, request.ip);
      this.count(path, caller.corp, caller.app);
      if (endpoint.method === 'POST' && parsed === null) throw new WecomError(47001);
      const body = endpoint.run(this.context, { query, body: parsed ?? {}, ...caller, raw });
      return { status: 200, body: success(body), errcode: 0, ...owner };
    } catch (error) {
      if (error instanceof WecomError)
        return this.failure(error, request, owner, endpointNeedsBody(path) && parsed === null);
      throw error;
    }
  }

  private failure(
    error: WecomError,
    request: FastifyRequest,
    owner: { corp: Corp | null; app: App | null },
    malformed: boolean,
  ): Outcome {
    const body = failureBody(error, {
      seconds: this.context.clock.seconds(),
      serial: `${Date.now() % 100}_${this.context.random.bytes(16).toString('hex')}`,
      ip: request.ip,
      malformed,
    });
    return { status: 200, body, errcode: error.errcode, ...owner };
  }

  /** `gettoken`: who gives wrong secrets again and again is shut out for an hour (A2). */
  private tokenFor(ip: string, query: Query): object {
    const now = this.context.clock.now();
    if ((this.shutOut.get(ip) ?? 0) > now) throw new WecomError(45009);
    try {
      return getToken(this.context, query);
    } catch (error) {
      const wrong = error instanceof WecomError && error.errcode === 40001;
      if (wrong && this.windows.add(`secret ${ip}`, HOUR_MS, now) >= this.context.switches.wrongSecrets)
        this.shutOut.set(ip, now + HOUR_MS);
      throw error;
    }
  }

  /** Calls per corp and API (WW/90312): a ban lasts for the rest of its minute or hour. */
  private count(path: string, corp: Corp, app: App): void {
    const { switches, clock } = this.context;
    const now = clock.now();
    const over = (key: string, windowMs: number, limit: number): boolean =>
      this.windows.add(`${key} ${windowMs}`, windowMs, now) > limit;
    const key = `${corp.corpId} ${path}`;
    const minute = over(key, MINUTE_MS, switches.callsPerMinute);
    const hour = over(key, HOUR_MS, switches.callsPerHour);
    const tickets =
      path === 'get_jsapi_ticket'
        ? over(`${key} tickets`, HOUR_MS, switches.corpTicketsPerHour)
        : path === 'ticket/get' && over(`${key} ${app.agentId} tickets`, HOUR_MS, switches.appTicketsPerHour);
    if (minute || hour || tickets) throw new WecomError(45009);
  }
}

function endpointNeedsBody(path: string): boolean {
  return Object.hasOwn(ENDPOINTS, path) && ENDPOINTS[path]?.method === 'POST';
}

function requireMethod(request: FastifyRequest, method: 'GET' | 'POST'): void {
  if (request.method !== method) throw new WecomError(method === 'GET' ? 43001 : 43002);
}

function success(body: object): object {
  return { errcode: 0, errmsg: 'ok', ...body };
}

/** The JSON object of the body, null when it is none. The content type does not matter to the platform. */
function parseBody(raw: string): Json | null {
  try {
    const value: unknown = JSON.parse(raw);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}
