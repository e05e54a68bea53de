import type { FastifyInstance } from 'fastify';
import { escapeHtml, page } from '../wecom/html.js';
import type { DingContext } from './context.js';
import { mintDingCode } from './identity.js';
import { loginApp } from './suites.js';
import { corpOf, type DingApp, findDingApp, inScope } from './world.js';

type Query = Record<string, string | undefined>;

function problem(context: DingContext, query: Query, app: DingApp | undefined): string | null {
  if (!app) return `client_id「${query.client_id ?? ''}」不是沙箱里的应用`;
  if (query.response_type !== 'code') return 'response_type 须是 code';
  if (!['openid', 'openid corpid'].includes(query.scope ?? '')) return 'scope 须是 openid 或 openid corpid';
  if (query.prompt !== 'consent') return 'prompt 须是 consent';
  const target = query.redirect_uri ?? '';
  if (!URL.canParse(target)) return `redirect_uri「${target}」不是网址`;
  const allowed = (app.redirectUrls ?? [context.publicUrl]).some(
    (known) => new URL(known).origin === new URL(target).origin,
  );
  return allowed ? null : `redirect_uri 的域名不在应用「${app.name}」登记的回调域名里`;
}

/** The address a person returns to: `code` and `authCode` carry the same value (DD/obtain-identity-credentials). */
export function dingReturn(redirectUri: string, code: string, state: string | undefined): string {
  const target = new URL(redirectUri);
  target.searchParams.set('code', code);
  target.searchParams.set('authCode', code);
  if (state !== undefined) target.searchParams.set('state', state);
  return target.toString();
}

/** `https://login.dingtalk.com/oauth2/auth`: who logs in is chosen on the page, or named by `sandbox_user`. */
export function registerDingLogin(server: FastifyInstance, context: DingContext): void {
  server.get('/oauth2/auth', (request, reply) => {
    const query = request.query as Query;
    const found = query.client_id ? findDingApp(context.world, query.client_id) : undefined;
    const app = found ?? loginApp(context, query.client_id, query.sandbox_user, query.sandbox_corp);
    const wrong = problem(context, query, app);
    const log = (status: number, response: unknown): void => {
      context.log.add({
        platform: 'dingtalk',
        direction: 'page',
        method: 'GET',
        path: '/oauth2/auth',
        query: Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)])),
        corpId: app?.corpId ?? null,
        agentId: app?.agentId ?? null,
        request: null,
        status,
        response,
        errcode: null,
        ms: 0,
      });
    };
    reply.header('cache-control', 'no-store');
    if (wrong || !app) {
      log(400, { error: wrong });
      const body = `<h1>钉钉登录</h1><div class="problem">${escapeHtml(wrong ?? '')}</div>`;
      return reply
        .code(400)
        .type('text/html; charset=utf-8')
        .send(page({ lang: 'zh', title: '钉钉登录', body }));
    }
    const corp = corpOf(context.world, app);
    const member = query.sandbox_user ? corp.members.get(query.sandbox_user) : undefined;
    if (member && inScope(corp, app, member)) {
      const code = mintDingCode(context, app, member.userid, 'login');
      log(302, { userid: member.userid });
      return reply.redirect(dingReturn(query.redirect_uri ?? '', code, query.state), 302);
    }
    log(200, { page: '钉钉登录' });
    const self = new URLSearchParams(
      Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined),
    );
    const people = [...corp.members.values()]
      .filter((each) => inScope(corp, app, each))
      .map((each) => {
        self.set('sandbox_user', each.userid);
        return `<li><a class="button" href="/oauth2/auth?${escapeHtml(self.toString())}">${escapeHtml(each.name)}<small>${escapeHtml(each.title)}</small></a></li>`;
      });
    const body = `<h1>钉钉登录「${escapeHtml(app.name)}」</h1><p>${escapeHtml(corp.name)}：选择用谁的钉钉确认</p><ul>${people.join('')}</ul>`;
    return reply.type('text/html; charset=utf-8').send(page({ lang: 'zh', title: '钉钉登录', body }));
  });
}
