import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Phones } from '../phone/phones.js';
import type { WecomContext } from './context.js';
import { endLogin, LoginPageError, loginStatus, openLogin } from './login-qr.js';
import { authorize } from './oauth.js';
import { companyPage, consentPage, loginPage, problemPage, whoPage } from './pages.js';
import { companiesToAsk } from './suites.js';
import { findCorp } from './world.js';

type Query = Record<string, string | undefined>;

function cookieUser(request: FastifyRequest): string | null {
  const found = /(?:^|;\s*)sandbox_user=([^;]+)/.exec(request.headers.cookie ?? '');
  return found?.[1] ? decodeURIComponent(found[1]) : null;
}

function html(reply: FastifyReply, status: number, body: string): FastifyReply {
  return reply.code(status).header('cache-control', 'no-store').type('text/html; charset=utf-8').send(body);
}

/** The platform's pages that a browser opens: web log-in and in-chat OAuth. */
export function registerPages(server: FastifyInstance, context: WecomContext, phones: Phones): void {
  const logPage = (
    request: FastifyRequest,
    status: number,
    response: unknown,
    corpId: string | null,
    agentId: number | null,
  ): void => {
    context.log.add({
      platform: 'wecom',
      direction: 'page',
      method: 'GET',
      path: request.url.split('?')[0] ?? '',
      query: Object.fromEntries(Object.entries(request.query as Query).map(([name, value]) => [name, String(value)])),
      corpId,
      agentId,
      request: null,
      status,
      response,
      errcode: null,
      ms: 0,
    });
  };

  const login = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const query = request.query as Query;
    const companies = companiesToAsk(context, query);
    if (companies.length > 1) return html(reply, 200, companyPage(companies, query));
    try {
      const pending = openLogin(context, query);
      const corp = findCorp(context.world, pending.corpId);
      const app = corp?.apps.get(pending.agentId);
      if (!corp || !app) throw new LoginPageError(-31027, '企业已不存在');
      logPage(request, 200, { page: '登录二维码', qrId: pending.id }, corp.corpId, app.agentId);
      return html(reply, 200, await loginPage(pending, corp, app, context.selfUrl));
    } catch (error) {
      if (!(error instanceof LoginPageError)) throw error;
      context.journal.add({ kind: 'login-failed', corpId: query.appid ?? '', reason: error.message });
      logPage(request, 400, { error: error.message }, query.appid ?? null, null);
      return html(reply, 400, problemPage(query.lang === 'en' ? 'en' : 'zh', error.code, error.message));
    }
  };
  server.get('/wwlogin/sso/login', login);
  server.get('/wwopen/sso/qrConnect', login);
  server.get('/wwlogin/sso/status', (request, reply) => {
    reply.header('cache-control', 'no-store');
    return reply.send(loginStatus(context, (request.query as Query).id ?? ''));
  });
  server.post('/wwlogin/sso/close', (request, reply) => {
    endLogin(context, (request.query as Query).id ?? '', 'closed');
    return reply.code(204).send();
  });

  server.get('/connect/oauth2/authorize', async (request, reply) => {
    const query = request.query as Query;
    const framed = request.headers['sec-fetch-dest'] === 'iframe';
    // Two phones stand in one browser and share its cookies: inside a frame the frame's own name comes first.
    const userid = query.sandbox_user ?? (framed ? null : cookieUser(request));
    const step = authorize(context, query, userid, query.sandbox_agree === '1');
    switch (step.kind) {
      case 'error':
        logPage(request, 400, { error: `${step.code} ${step.message}` }, query.appid ?? null, null);
        context.journal.add({ kind: 'login-failed', corpId: query.appid ?? '', reason: step.message });
        return html(reply, 400, problemPage('zh', step.code, step.message));
      case 'who':
        return html(reply, 200, whoPage(step.corp, step.app, step.members, cookieUser(request)));
      case 'consent':
        return html(reply, 200, consentPage(step.app, step.member));
      case 'redirect':
        logPage(
          request,
          302,
          { redirect: new URL(step.url).pathname, userid: step.userid },
          step.corp.corpId,
          Number(query.agentid) || null,
        );
        return reply
          .header('cache-control', 'no-store')
          .redirect(await ontoPhone(phones, query.sandbox_phone, step), 302);
    }
  });
}

/** A page opened on a phone goes on at that phone's own origin; the code and state stay as they are. */
async function ontoPhone(
  phones: Phones,
  origin: string | undefined,
  step: { url: string; userid: string },
): Promise<string> {
  if (!origin || !(await phones.owns(origin, step.userid))) return step.url;
  return origin + step.url.slice(new URL(step.url).origin.length);
}
