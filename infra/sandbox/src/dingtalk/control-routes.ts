import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Sandbox } from '../sandbox.js';
import { ApiError, readBody, readQuery } from '../stage/http.js';
import { faceOf, findCard } from './cards.js';
import { mintDingCode } from './identity.js';
import { deliverDue } from './notices.js';
import { dingSwitchesSchema } from './switches.js';
import { endDingToken } from './tokens.js';
import { corpOf, type DingApp, type DingCorp, findDingApp, unionIdFor } from './world.js';

type Params = Record<string, string>;

const permissions = z.array(z.enum(['contacts', 'mobile', 'email', 'notice', 'card', 'todo', 'robot']));
const appChange = z.strictObject({
  homeUrl: z.url().nullable().optional(),
  miniProgram: z.boolean().optional(),
  redirectUrls: z.array(z.url()).nullable().optional(),
  robotUrl: z.url().nullable().optional(),
  visibleDepartments: z.array(z.number().int()).optional(),
  usable: z
    .strictObject({
      adminsOnly: z.boolean().default(false),
      departments: z.array(z.number().int()).default([]),
      userids: z.array(z.string()).default([]),
    })
    .nullable()
    .optional(),
  serverIps: z.array(z.string().regex(/^[0-9a-fA-F.:]+$/, '须是 IP 地址')).optional(),
  published: z.boolean().optional(),
  permissions: permissions.optional(),
  cardTemplates: z.array(z.strictObject({ id: z.string().min(1), variables: z.array(z.string()) })).optional(),
});
const pushConfig = z.strictObject({
  url: z.url(),
  token: z.string().regex(/^[0-9A-Za-z]{3,32}$/, '须是 3 到 32 位字母或数字'),
  aesKey: z.string().regex(/^[0-9A-Za-z]{43}$/, '须是 43 位字母或数字'),
});
const press = z.strictObject({
  appKey: z.string(),
  outTrackId: z.string(),
  userid: z.string(),
  actionId: z.string(),
  params: z.record(z.string(), z.string()).default({}),
});
const memberBody = z.strictObject({
  name: z.string().min(1),
  departments: z.array(z.number().int()).min(1),
  title: z.string().default(''),
  mobile: z.string().default(''),
  email: z.string().default(''),
  manager: z.string().nullable().default(null),
  leads: z.array(z.number().int()).default([]),
});
const departmentBody = z.strictObject({ name: z.string().min(1), parentId: z.number().int().min(1) });

/** The scripting API of the DingTalk side, under `/sandbox/api/dingtalk/`. */
export function registerDingControl(server: FastifyInstance, sandbox: Sandbox): void {
  const { ding, pushes, gateway } = sandbox;
  const base = '/sandbox/api/dingtalk';

  const needApp = (key: string | undefined): DingApp => {
    const app = findDingApp(ding.world, key ?? '');
    if (!app) throw new ApiError(404, 'no_app', `没有应用 ${key ?? ''}`);
    return app;
  };
  const needCorp = (id: string | undefined): DingCorp => {
    const corp = ding.world.corps.get(id ?? '');
    if (!corp)
      throw new ApiError(404, 'no_corp', `没有企业 ${id ?? ''}，现有：${[...ding.world.corps.keys()].join('、')}`);
    return corp;
  };
  const params = (request: FastifyRequest): Params => request.params as Params;

  server.get(`${base}/corps`, () => ({
    items: [...ding.world.corps.values()].map((corp) => ({
      corpId: corp.corpId,
      name: corp.name,
      tenant: corp.tenant,
      members: [...corp.members.values()],
      departments: [...corp.departments.values()],
      apps: [...corp.apps.values()].map((app) => ({
        agentId: app.agentId,
        appKey: app.appKey,
        name: app.name,
        permissions: app.permissions,
        cardTemplates: [...app.cardTemplates].map(([id, variables]) => ({ id, variables })),
        eventPush: app.eventPush && { url: app.eventPush.url, verifiedAt: app.eventPush.verifiedAt },
        streams: gateway.count(app.appKey),
      })),
    })),
  }));

  server.patch(`${base}/apps/:appKey`, (request) => {
    const app = needApp(params(request).appKey);
    const { cardTemplates, published, ...change } = readBody(request, appChange);
    if (published !== undefined) app.publishedAt = published ? ding.clock.now() : null;
    Object.assign(app, change);
    if (cardTemplates) app.cardTemplates = new Map(cardTemplates.map((each) => [each.id, each.variables]));
    return { ok: true };
  });
  server.post(`${base}/apps/:appKey/event-push`, async (request) => {
    const app = needApp(params(request).appKey);
    const config = readBody(request, pushConfig);
    const check = await pushes.verify(app, config);
    if (!check.ok) throw new ApiError(400, 'not_verified', check.reason);
    app.eventPush = { ...config, verifiedAt: ding.clock.now() };
    return { ok: true };
  });
  server.delete(`${base}/apps/:appKey/event-push`, (request) => {
    needApp(params(request).appKey).eventPush = null;
    return { ok: true };
  });
  server.post(`${base}/apps/:appKey/expire-token`, (request) => {
    const { as } = readBody(request, z.strictObject({ as: z.enum(['expired', 'invalid']) }));
    return { ended: endDingToken(ding, needApp(params(request).appKey).appKey, as) };
  });
  server.post(`${base}/apps/:appKey/stream`, (request) => {
    const app = needApp(params(request).appKey);
    const { send } = readBody(request, z.strictObject({ send: z.enum(['ping', 'disconnect']) }));
    return { connections: send === 'ping' ? gateway.ping(app.appKey) : gateway.disconnect(app.appKey) };
  });
  server.post(`${base}/apps/:appKey/codes`, (request) => {
    const app = needApp(params(request).appKey);
    const body = readBody(request, z.strictObject({ userid: z.string(), kind: z.enum(['client', 'login']) }));
    if (!corpOf(ding.world, app).members.has(body.userid))
      throw new ApiError(404, 'no_person', `没有 userid 为「${body.userid}」的人`);
    return { code: mintDingCode(ding, app, body.userid, body.kind) };
  });

  server.get(`${base}/apps/:appKey/people/:userid/inbox`, (request) => {
    const app = needApp(params(request).appKey);
    const userid = params(request).userid ?? '';
    const member = corpOf(ding.world, app).members.get(userid);
    const unionid = member && unionIdFor(app, member);
    deliverDue(ding);
    return {
      notices: [...ding.world.notices.values()].filter(
        (each) => each.appKey === app.appKey && each.delivered.includes(userid) && !each.recalled,
      ),
      cards: [...ding.world.cards.values()]
        .filter((each) => each.appKey === app.appKey && each.spaces.some((space) => space.id === userid))
        .map((each) => ({
          outTrackId: each.outTrackId,
          templateId: each.templateId,
          at: each.at,
          values: faceOf(each, userid),
          presses: each.presses.length,
        })),
      robotMessages: [...ding.world.robotMessages.values()].filter(
        (each) => each.appKey === app.appKey && each.userIds.includes(userid) && !each.recalled,
      ),
      todos: [...ding.world.todos.values()].filter(
        (each) => each.appKey === app.appKey && unionid !== undefined && each.executorIds.includes(unionid),
      ),
    };
  });
  server.post(`${base}/cards/press`, async (request) => {
    const body = readBody(request, press);
    const app = needApp(body.appKey);
    const card = findCard(ding, app, body.outTrackId);
    if (!card) throw new ApiError(404, 'no_card', `没有卡片 ${body.outTrackId}`);
    if (!card.spaces.some((space) => space.id === body.userid))
      throw new ApiError(409, 'not_received', `「${body.userid}」没有收到这张卡片`);
    const delivery = await pushes.press(app, body.outTrackId, body.userid, body.actionId, body.params);
    return { delivery, values: faceOf(card, body.userid) };
  });

  server.get(`${base}/deliveries`, (request) => {
    const { state } = readQuery(
      request,
      z.strictObject({ state: z.enum(['pending', 'delivered', 'failed']).optional() }),
    );
    return { items: [...ding.world.deliveries.values()].filter((each) => !state || each.state === state).reverse() };
  });
  server.post(`${base}/deliveries/:id/redeliver`, (request) => {
    const delivery = pushes.redeliver(params(request).id ?? '');
    if (!delivery) throw new ApiError(404, 'no_delivery', '没有这次投递');
    return { id: delivery.id };
  });

  server.put(`${base}/corps/:corpId/members/:userid`, (request) => {
    const corp = needCorp(params(request).corpId);
    const userid = params(request).userid ?? '';
    const body = readBody(request, memberBody);
    const unknown = body.departments.find((id) => !corp.departments.has(id));
    if (unknown !== undefined) throw new ApiError(400, 'no_department', `没有部门 ${unknown}`);
    const before = corp.members.get(userid);
    corp.members.set(userid, { userid, unionid: before?.unionid ?? `union_${corp.tenant}_${userid}`, ...body });
    pushes.event(corp.corpId, before ? 'user_modify_org' : 'user_add_org', {
      timeStamp: String(ding.clock.now()),
      userId: [userid],
    });
    return { ok: true };
  });
  server.delete(`${base}/corps/:corpId/members/:userid`, (request) => {
    const corp = needCorp(params(request).corpId);
    const userid = params(request).userid ?? '';
    if (!corp.members.delete(userid)) throw new ApiError(404, 'no_person', `没有 userid 为「${userid}」的人`);
    pushes.event(corp.corpId, 'user_leave_org', { timeStamp: String(ding.clock.now()), userId: [userid] });
    return { ok: true };
  });
  server.put(`${base}/corps/:corpId/departments/:id`, (request) => {
    const corp = needCorp(params(request).corpId);
    const id = Number(params(request).id);
    const body = readBody(request, departmentBody);
    if (!corp.departments.has(body.parentId)) throw new ApiError(400, 'no_department', `没有部门 ${body.parentId}`);
    const known = corp.departments.has(id);
    corp.departments.set(id, { id, ...body });
    pushes.event(corp.corpId, known ? 'org_dept_modify' : 'org_dept_create', {
      timeStamp: String(ding.clock.now()),
      deptId: [id],
    });
    return { ok: true };
  });
  server.delete(`${base}/corps/:corpId/departments/:id`, (request) => {
    const corp = needCorp(params(request).corpId);
    const id = Number(params(request).id);
    if (id === 1 || !corp.departments.has(id)) throw new ApiError(404, 'no_department', `没有部门 ${id}`);
    const used =
      [...corp.departments.values()].some((each) => each.parentId === id) ||
      [...corp.members.values()].some((each) => each.departments.includes(id));
    if (used) throw new ApiError(409, 'not_empty', '部门里还有人或下级部门');
    corp.departments.delete(id);
    pushes.event(corp.corpId, 'org_dept_remove', { timeStamp: String(ding.clock.now()), deptId: [id] });
    return { ok: true };
  });

  server.get(`${base}/switches`, () => ding.switches);
  server.patch(`${base}/switches`, (request) => {
    const change = readBody(request, dingSwitchesSchema.partial());
    ding.switches = dingSwitchesSchema.parse({ ...ding.switches, ...definedOnly(change) });
    ding.hub.emit({ kind: 'switches' });
    return ding.switches;
  });
}

/** `partial()` fills in defaults; only what was sent counts. */
function definedOnly<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Partial<T>;
}
