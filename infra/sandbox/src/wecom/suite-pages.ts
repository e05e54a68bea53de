import type { FastifyInstance } from 'fastify';
import type { Callbacks } from './callbacks.js';
import type { WecomContext } from './context.js';
import { WecomError } from './errors.js';
import { escapeHtml, page } from './html.js';
import { checkPreAuthCode } from './suite-api.js';
import { AUTH_CODE_SECONDS, addSuite } from './suites.js';
import { findCorp, findMember, type Suite } from './world.js';

type Query = Record<string, string | undefined>;

/** The page on which an administrator adds an app of the directory to his company, and the directory's own entry to it. */
export function registerSuitePages(server: FastifyInstance, context: WecomContext, callbacks: Callbacks): void {
  server.get('/3rdapp/install', (request, reply) => {
    const query = request.query as Query;
    const suite = context.world.suites.get(query.suite_id ?? '');
    const problem = problemOf(context, suite, query);
    reply.header('cache-control', 'no-store').type('text/html; charset=utf-8');
    if (!suite || problem) {
      const body = `<h1>安装应用</h1><div class="problem">${escapeHtml(problem ?? '没有这个应用')}</div>`;
      return reply.code(400).send(page({ lang: 'zh', title: '安装应用', body }));
    }
    const corp = findCorp(context.world, query.sandbox_corp ?? '');
    const member = corp && query.sandbox_user ? findMember(corp, query.sandbox_user) : undefined;
    if (!corp || !member) return reply.send(choicePage(context, suite, query));
    suite.preAuthCodes.delete(query.pre_auth_code ?? '');
    const code = addSuite(context, suite, corp, member.userid);
    const open = suite.installs.get(corp.corpId.toLowerCase())?.openCorpId ?? '';
    // The reference has the event for the directory only; whoever wants both asks for it.
    if (query.sandbox_event === '1') createAuth(context, callbacks, suite, code, query.state);
    context.log.add({
      platform: 'wecom',
      direction: 'page',
      method: 'GET',
      path: '/3rdapp/install',
      query: Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)])),
      corpId: corp.corpId,
      agentId: null,
      request: null,
      status: 302,
      response: { installed: open },
      errcode: null,
      ms: 0,
    });
    const target = new URL(query.redirect_uri ?? '');
    target.searchParams.set('auth_code', code);
    target.searchParams.set('expires_in', String(AUTH_CODE_SECONDS));
    target.searchParams.set('state', query.state ?? '');
    return reply.redirect(target.toString(), 302);
  });
}

/** The event by which a provider learns of an installation. */
export function createAuth(
  context: WecomContext,
  callbacks: Callbacks,
  suite: Suite,
  code: string,
  state: string | undefined,
): void {
  callbacks.instruct(suite.suiteId, '', {
    AuthCode: code,
    InfoType: 'create_auth',
    TimeStamp: context.clock.seconds(),
    ...(state ? { State: state } : {}),
  });
}

function problemOf(context: WecomContext, suite: Suite | undefined, query: Query): string | null {
  if (!suite) return `没有第三方应用「${query.suite_id ?? ''}」`;
  try {
    checkPreAuthCode(context, suite, query.pre_auth_code);
  } catch (error) {
    return error instanceof WecomError ? `${error.errcode} ${error.message}` : String(error);
  }
  const target = query.redirect_uri ?? '';
  const allowed = URL.canParse(target) && new URL(target).host === new URL(context.publicUrl).host;
  return allowed ? null : `redirect_uri「${target}」的域名不是应用登记的安装完成回调域名`;
}

function choicePage(context: WecomContext, suite: Suite, query: Query): string {
  const self = new URLSearchParams(
    Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
  const items = [...context.world.corps.values()].flatMap((corp) =>
    [...corp.members.values()].slice(0, 2).map((member) => {
      self.set('sandbox_corp', corp.corpId);
      self.set('sandbox_user', member.userid);
      return `<li><a class="button" href="/3rdapp/install?${escapeHtml(self.toString())}">${escapeHtml(corp.name)}<small>${escapeHtml(member.name)} 授权安装</small></a></li>`;
    }),
  );
  const body = `<h1>把「${escapeHtml(suite.name)}」安装到哪家企业</h1><p>这个页面平时由企业的管理员扫码打开。</p><ul>${items.join('')}</ul>`;
  return page({ lang: 'zh', title: '安装应用', body });
}
