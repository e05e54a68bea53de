import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { addDingSuite, installedApp, installedKey, SYNC, syncItem } from '../dingtalk/suites.js';
import type { Sandbox } from '../sandbox.js';
import { escapeHtml, page } from '../wecom/html.js';
import { createAuth } from '../wecom/suite-pages.js';
import { addSuite } from '../wecom/suites.js';
import { findCorp } from '../wecom/world.js';
import { ApiError } from './http.js';

const choice = z.object({
  platform: z.enum(['wecom', 'dingtalk']),
  suite: z.string(),
  corp: z.string(),
  action: z.enum(['install', 'cancel']),
});
type Choice = z.infer<typeof choice>;

/** Who acts for a company in the directory: its first administrator. */
const administrator = (members: Iterable<{ userid: string }>): string => {
  const all = [...members];
  return (all.find((member) => member.userid === 'admin') ?? all[0])?.userid ?? '';
};

/** 应用目录: companies add the apps of both platforms' directories, or take them away, with a click. */
export function registerDirectory(server: FastifyInstance, sandbox: Sandbox): void {
  server.get('/directory', (_request, reply) =>
    reply.header('cache-control', 'no-store').type('text/html; charset=utf-8').send(directoryPage(sandbox)),
  );
  server.post('/directory', (request, reply) => {
    const chosen = readChoice(request);
    if (chosen.platform === 'wecom') actWecom(sandbox, chosen);
    else actDingtalk(sandbox, chosen);
    sandbox.hub.emit({ kind: 'reset' });
    return reply.redirect('/directory', 303);
  });
}

function readChoice(request: FastifyRequest): Choice {
  const fields = Object.fromEntries(new URLSearchParams(typeof request.body === 'string' ? request.body : ''));
  const parsed = choice.safeParse(fields);
  if (!parsed.success) throw new ApiError(400, 'invalid', '请从应用目录的页面操作');
  return parsed.data;
}

function actWecom({ wecom, callbacks }: Sandbox, { suite: id, corp: corpId, action }: Choice): void {
  const suite = wecom.world.suites.get(id);
  const corp = findCorp(wecom.world, corpId);
  if (!suite || !corp) throw new ApiError(404, 'no_suite', `没有应用 ${id} 或企业 ${corpId}`);
  if (action === 'install') {
    const code = addSuite(wecom, suite, corp, administrator(corp.members.values()));
    createAuth(wecom, callbacks, suite, code, undefined);
    return;
  }
  const install = suite.installs.get(corp.corpId.toLowerCase());
  const app = install && corp.apps.get(install.agentId);
  if (!install || !app?.suite) return;
  app.suite.authorised = false;
  callbacks.instruct(suite.suiteId, corp.corpId, {
    InfoType: 'cancel_auth',
    TimeStamp: wecom.clock.seconds(),
    AuthCorpId: install.openCorpId,
  });
}

function actDingtalk({ ding, pushes }: Sandbox, { suite: id, corp: corpId, action }: Choice): void {
  const suite = ding.world.suites.get(id);
  const corp = ding.world.corps.get(corpId);
  if (!suite || !corp) throw new ApiError(404, 'no_suite', `没有应用 ${id} 或企业 ${corpId}`);
  if (action === 'install') {
    addDingSuite(ding, pushes, suite, corp, administrator(corp.members.values()));
    return;
  }
  const app = corp.apps.get(installedKey(suite.suiteKey, corp.corpId));
  if (!app?.suite) return;
  app.suite.authorised = false;
  pushes.sync(suite, 'org_suite_relieve', [
    syncItem(corpId, SYNC.consent, corpId, { syncAction: 'org_suite_relieve' }),
  ]);
}

function directoryPage({ wecom, ding }: Sandbox): string {
  const rows = [
    ...[...wecom.world.suites.values()].flatMap((suite) =>
      [...wecom.world.corps.values()].map((corp) => {
        const install = suite.installs.get(corp.corpId.toLowerCase());
        const added = install !== undefined && corp.apps.get(install.agentId)?.suite?.authorised === true;
        return {
          platform: '企业微信',
          app: suite.name,
          company: corp.name,
          added,
          ...at('wecom', suite.suiteId, corp.corpId),
        };
      }),
    ),
    ...[...ding.world.suites.values()].flatMap((suite) =>
      [...ding.world.corps.values()].map((corp) => {
        const added = installedApp(corp, suite) !== undefined;
        return {
          platform: '钉钉',
          app: suite.name,
          company: corp.name,
          added,
          ...at('dingtalk', suite.suiteKey, corp.corpId),
        };
      }),
    ),
  ];
  const items = rows.map(({ platform, app, company, added, fields }) => {
    const action = added ? 'cancel' : 'install';
    const inputs = Object.entries({ ...fields, action })
      .map(([name, value]) => `<input type="hidden" name="${name}" value="${escapeHtml(value)}">`)
      .join('');
    const state = added ? '已添加' : '未添加';
    return `<li style="grid-column:1/-1;display:flex;gap:12px;align-items:center;text-align:left;flex-wrap:wrap"><span style="flex:1">${escapeHtml(company)}<small>${platform} · ${escapeHtml(app)} · ${state}</small></span><form method="post" action="/directory" style="margin:0">${inputs}<button class="${added ? '' : 'primary'}" type="submit">${added ? '移除' : '添加'}</button></form></li>`;
  });
  const body = `<h1>应用目录</h1><p>企业的管理员在这里添加或移除第三方应用。添加后，联客里会多一家企业，管理员可以从登录页扫码进入。</p><ul>${items.join('')}</ul>`;
  return page({ lang: 'zh', title: '应用目录', body });
}

function at(platform: 'wecom' | 'dingtalk', suite: string, corp: string) {
  return { fields: { platform, suite, corp } };
}
