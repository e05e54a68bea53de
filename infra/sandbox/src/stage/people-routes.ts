import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { DingApp } from '../dingtalk/world.js';
import { readGroups } from '../groups/group-views.js';
import { isLoopback } from '../guard.js';
import type { Sandbox } from '../sandbox.js';
import { PressError, pressCard } from '../wecom/cards.js';
import { mintCode } from '../wecom/codes.js';
import { shownUserid } from '../wecom/ids.js';
import { confirmLogin, endLogin, ScanError, scanLogin } from '../wecom/login-qr.js';
import { frameName, homeUrl, miniAppUrl } from '../wecom/oauth.js';
import { trustedDomain } from '../wecom/redirect.js';
import { canSee, findMember, inboxKey } from '../wecom/world.js';
import { readDing } from './ding-views.js';
import { ApiError, needApp, needCorp, needPerson, readBody, readQuery } from './http.js';
import { say } from './said.js';
import { chats, logins, people } from './views.js';

const userOf = z.object({ userid: z.string() });

/** What a person does with a phone: read, press, scan, open the mini-app. */
export function registerPeopleRoutes(server: FastifyInstance, sandbox: Sandbox): void {
  const { wecom } = sandbox;

  server.get('/sandbox/api/people', () => ({ items: people(sandbox) }));

  server.get('/sandbox/api/people/:userid/chats', (request) => {
    const { userid } = userOf.parse(request.params);
    needPerson(sandbox, userid);
    const { corpId } = readQuery(request, z.object({ corpId: z.string().optional() }));
    return { items: chats(sandbox, userid, corpId) };
  });

  server.get('/sandbox/api/people/:userid/cards', (request) => {
    const { userid } = userOf.parse(request.params);
    needPerson(sandbox, userid);
    const { corpId, taskId } = readQuery(
      request,
      z.object({ corpId: z.string().optional(), taskId: z.string().optional() }),
    );
    const items = chats(sandbox, userid, corpId).flatMap((chat) =>
      chat.messages.flatMap((message) =>
        message.card &&
        (!taskId ||
          message.card.card.task_id === taskId ||
          sandbox.wecom.world.messages.get(message.id)?.taskId === taskId)
          ? [
              {
                cardId: message.id,
                corpId: chat.corpId,
                agentId: chat.agentId,
                at: message.at,
                recalled: message.recalled,
                ...message.card,
              },
            ]
          : [],
      ),
    );
    return { items };
  });

  server.post('/sandbox/api/people/:userid/read', (request) => {
    const { userid } = userOf.parse(request.params);
    const { corpId, agentId } = readBody(
      request,
      z.strictObject({ corpId: z.string(), agentId: z.number().int().optional() }),
    );
    if (sandbox.ding.world.corps.has(corpId)) {
      const seen = readDing(sandbox, userid, corpId, agentId);
      if (seen > 0) sandbox.hub.emit({ kind: 'read', corpId, userids: [userid.toLowerCase()] });
      return { read: seen };
    }
    const corp = needCorp(sandbox, corpId);
    let read = readGroups(sandbox, userid.toLowerCase(), corp.corpId, agentId);
    for (const entry of wecom.world.inboxes.get(inboxKey(corp.corpId, userid)) ?? []) {
      if (entry.read || (agentId !== undefined && wecom.world.messages.get(entry.msgid)?.agentId !== agentId)) continue;
      entry.read = true;
      read += 1;
    }
    if (read > 0) sandbox.hub.emit({ kind: 'read', corpId: corp.corpId, userids: [userid.toLowerCase()] });
    return { read };
  });

  server.post('/sandbox/api/people/:userid/say', (request) => {
    const { userid } = userOf.parse(request.params);
    const schema = z.strictObject({
      corpId: z.string(),
      agentId: z.number().int(),
      text: z.string().trim().min(1).max(2000),
      scan: z.enum(['push', 'waitmsg']).optional(),
    });
    const { scan, ...saying } = readBody(request, schema);
    return say(sandbox, { userid, ...saying, ...(scan ? { scan } : {}) });
  });

  server.post('/sandbox/api/cards/:cardId/press', (request) => {
    const { cardId } = z.object({ cardId: z.string() }).parse(request.params);
    const schema = z.strictObject({
      userid: z.string(),
      key: z.string(),
      selections: z.record(z.string(), z.array(z.string())).default({}),
    });
    const body = readBody(request, schema);
    try {
      return pressCard(wecom, sandbox.callbacks, { msgid: cardId, ...body });
    } catch (error) {
      if (error instanceof PressError)
        throw new ApiError(error.reason === 'not-found' ? 404 : 409, error.reason, error.message);
      throw error;
    }
  });

  server.get('/sandbox/api/logins', () => ({ items: logins(sandbox) }));

  const scanBody = z.strictObject({ userid: z.string(), qrId: z.string() });
  server.post('/sandbox/api/scan', (request) => {
    const { userid, qrId } = readBody(request, scanBody);
    return scanned(() => {
      scanLogin(wecom, qrId, userid);
      return { status: 'scanned' };
    });
  });
  server.post('/sandbox/api/confirm', (request) => {
    const { userid, qrId } = readBody(request, scanBody);
    return scanned(() => ({ status: 'confirmed', redirect: confirmLogin(wecom, qrId, userid).redirect }));
  });
  server.post('/sandbox/api/cancel', (request) => {
    const { qrId } = readBody(request, z.object({ qrId: z.string() }));
    endLogin(wecom, qrId, 'cancelled');
    return { status: 'cancelled' };
  });

  server.get('/sandbox/api/people/:userid/mini-app', async (request) => {
    const { userid } = userOf.parse(request.params);
    const schema = z.object({
      corpId: z.string(),
      agentId: z.coerce.number().int().optional(),
      url: z.url().optional(),
      pagepath: z.string().optional(),
    });
    const { corpId, agentId, url, pagepath } = readQuery(request, schema);
    if (sandbox.ding.world.corps.has(corpId)) return onDingPhone(sandbox, corpId, userid, url);
    const corp = needCorp(sandbox, corpId);
    const app = needApp(corp, agentId ?? [...corp.apps.keys()].find((id) => id !== 0) ?? 0);
    const member = findMember(corp, userid);
    if (!member) throw new ApiError(404, 'no_person', `「${userid}」不是企业「${corp.name}」的成员`);
    if (!canSee(corp, app, member))
      throw new ApiError(409, 'not_visible', `「${member.name}」不在应用「${app.name}」的可见范围`);
    const target = url ?? (pagepath ? pageUrl(homeUrl(wecom, corp, app), pagepath) : homeUrl(wecom, corp, app));
    sandbox.journal.add({ kind: 'mini-app-opened', corpId: corp.corpId, userid: member.userid });
    if (!url && !pagepath && wecom.switches.enterAgentEvent && app.callback) {
      sandbox.callbacks.send(corp.corpId, app.agentId, {
        ToUserName: corp.corpId,
        FromUserName: shownUserid(app, member.userid),
        CreateTime: sandbox.clock.seconds(),
        MsgType: 'event',
        Event: 'enter_agent',
        EventKey: '',
        AgentID: app.agentId,
      });
    }
    // Only pages of the application itself can take a code; a link elsewhere opens as it is.
    const own = new URL(target).host === trustedDomain(wecom, app);
    return {
      url: await onPhone(sandbox, corp.corpId, member.userid, target),
      target,
      oauthUrl: own ? miniAppUrl(wecom, corp, app, member.userid, target) : null,
      frameName: frameName(corp.corpId, member.userid),
    };
  });

  server.patch('/sandbox/api/people/:userid/phone', async (request) => {
    const { userid } = userOf.parse(request.params);
    needPerson(sandbox, userid);
    const change = readBody(
      request,
      z.strictObject({
        online: z.boolean().optional(),
        locates: z.boolean().optional(),
        fakesPlace: z.boolean().optional(),
      }),
    );
    const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
    const state = await sandbox.phones.set(userid, given);
    sandbox.hub.emit({ kind: 'phone', userids: [userid.toLowerCase()] });
    return state;
  });

  server.post('/sandbox/api/corps/:corpId/codes', (request) => {
    const { corpId } = z.object({ corpId: z.string() }).parse(request.params);
    const schema = z.strictObject({
      kind: z.enum(['oauth', 'mini']),
      userid: z.string().optional(),
      openid: z.string().optional(),
      agentId: z.number().int().optional(),
      privateInfo: z.boolean().default(false),
    });
    const body = readBody(request, schema);
    const corp = needCorp(sandbox, corpId);
    if ((body.userid === undefined) === (body.openid === undefined))
      throw new ApiError(400, 'invalid', '须给 userid 或 openid 其中一个');
    if (body.agentId !== undefined) needApp(corp, body.agentId);
    const member = body.userid === undefined ? null : findMember(corp, body.userid);
    if (member === undefined) throw new ApiError(404, 'no_person', `「${body.userid}」不是企业「${corp.name}」的成员`);
    const code = mintCode(wecom, {
      pool: body.kind === 'mini' ? 'mini' : 'web',
      origin: body.kind === 'mini' ? 'client' : 'oauth',
      corpId: corp.corpId,
      agentId: body.agentId ?? null,
      userid: member?.userid ?? null,
      openid: body.openid ?? null,
      privateInfo: body.privateInfo,
    });
    return { code };
  });
}

/** A page inside DingTalk: the app's home, or the address a card or to-do names. */
async function onDingPhone(sandbox: Sandbox, corpId: string, userid: string, url: string | undefined) {
  const corp = sandbox.ding.world.corps.get(corpId);
  const [app] = corp?.apps.values() ?? [];
  if (!corp?.members.has(userid) || !app)
    throw new ApiError(404, 'no_person', `「${userid}」不是钉钉企业「${corp?.name ?? corpId}」的成员`);
  const home = app.homeUrl ?? `${sandbox.wecom.publicUrl}/m/`;
  const target = url === undefined ? home : dingTarget(url, app, home);
  sandbox.journal.add({ kind: 'mini-app-opened', corpId, userid });
  const { selfUrl, publicUrl } = sandbox.wecom;
  const reachable = isLoopback(new URL(selfUrl).hostname) && new URL(target).origin === new URL(publicUrl).origin;
  const page = reachable ? (await sandbox.phones.gateway(corpId, userid, 'dingtalk')).through(target) : target;
  return { url: page, target, oauthUrl: null, frameName: frameName(corpId, userid) };
}

/** What DingTalk's client opens behind a link of a message: a page of the app's mini-program, or a page of the web. */
function dingTarget(url: string, app: DingApp, home: string): string {
  const link = new URL(url);
  if (link.protocol === 'eapp:') {
    if (!app.miniProgram) throw new ApiError(409, 'no_mini_program', `应用「${app.name}」没有已发布的小程序`);
    return pageUrl(home, url.slice('eapp://'.length));
  }
  if (link.protocol !== 'dingtalk:' || !link.pathname.endsWith('/open_micro_app')) return url;
  const page = link.searchParams.get('page');
  if (app.miniProgram && page) return pageUrl(home, page);
  const fallback = link.searchParams.get('fallbackUrl');
  if (!fallback) throw new ApiError(409, 'no_mini_program', `应用「${app.name}」没有已发布的小程序`);
  return fallback;
}

function scanned<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof ScanError) throw new ApiError(409, 'cannot_scan', error.message);
    throw error;
  }
}

/** The address that the phone's frame opens: the application through this phone's gateway, OAuth with its owner named. */
async function onPhone(sandbox: Sandbox, corpId: string, userid: string, target: string): Promise<string> {
  const { selfUrl, publicUrl } = sandbox.wecom;
  const url = new URL(target);
  const isOauth = url.origin === new URL(selfUrl).origin && url.pathname === '/connect/oauth2/authorize';
  // Gateways stand on loopback ports: only a browser on this machine reaches them.
  if (!isLoopback(new URL(selfUrl).hostname) || (!isOauth && url.origin !== new URL(publicUrl).origin)) return target;
  const gateway = await sandbox.phones.gateway(corpId, userid);
  if (!isOauth) return gateway.through(target);
  url.searchParams.set('sandbox_user', userid);
  url.searchParams.set('sandbox_phone', gateway.origin);
  return url.toString();
}

/** A mini-program page as the H5 build addresses it: behind the hash of the app's home page. */
function pageUrl(home: string, pagepath: string): string {
  const url = new URL(home);
  url.hash = pagepath.startsWith('/') ? pagepath : `/${pagepath}`;
  return url.toString();
}
