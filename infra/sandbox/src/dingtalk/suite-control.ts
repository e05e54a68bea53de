import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Sandbox } from '../sandbox.js';
import { ApiError, readBody } from '../stage/http.js';
import { addDingSuite, installedKey, pushDingTicket, SYNC, syncItem } from './suites.js';
import { endDingToken } from './tokens.js';
import type { DingApp, DingCorp, DingSuite } from './world.js';

const company = z.strictObject({ corpId: z.string() });

/** The scripting API of apps of DingTalk's directory, under `/sandbox/api/dingtalk/suites/`. */
export function registerDingSuiteControl(server: FastifyInstance, sandbox: Sandbox): void {
  const { ding, pushes } = sandbox;
  const base = '/sandbox/api/dingtalk/suites';
  const needSuite = (params: unknown): DingSuite => {
    const { suiteKey } = z.object({ suiteKey: z.string() }).parse(params);
    const suite = ding.world.suites.get(suiteKey);
    if (!suite) throw new ApiError(404, 'no_suite', `没有第三方应用 ${suiteKey}`);
    return suite;
  };
  const needCorp = (corpId: string): DingCorp => {
    const corp = ding.world.corps.get(corpId);
    if (!corp) throw new ApiError(404, 'no_corp', `没有企业 ${corpId}`);
    return corp;
  };
  const needApp = (suite: DingSuite, corp: DingCorp): DingApp => {
    const app = corp.apps.get(installedKey(suite.suiteKey, corp.corpId));
    if (!app) throw new ApiError(404, 'not_installed', `企业「${corp.name}」没有安装「${suite.name}」`);
    return app;
  };

  server.get(base, () => ({
    items: [...ding.world.suites.values()].map((suite) => ({
      suiteKey: suite.suiteKey,
      name: suite.name,
      installs: [...ding.world.corps.values()].flatMap((corp) => {
        const app = corp.apps.get(installedKey(suite.suiteKey, corp.corpId));
        return app?.suite
          ? [{ corpId: corp.corpId, agentId: app.agentId, appKey: app.appKey, authorised: app.suite.authorised }]
          : [];
      }),
    })),
  }));
  server.post(`${base}/:suiteKey/ticket`, (request) => ({
    ticket: pushDingTicket(ding, pushes, needSuite(request.params)),
  }));
  server.post(`${base}/:suiteKey/install`, (request) => {
    const suite = needSuite(request.params);
    const { corpId, userid } = readBody(request, company.extend({ userid: z.string() }));
    const corp = needCorp(corpId);
    if (!corp.members.has(userid)) throw new ApiError(404, 'no_person', `没有 userid 为「${userid}」的人`);
    addDingSuite(ding, pushes, suite, corp, userid);
    sandbox.hub.emit({ kind: 'reset' });
    const { appKey, agentId } = needApp(suite, corp);
    return { appKey, agentId };
  });
  server.post(`${base}/:suiteKey/change`, (request) => {
    const suite = needSuite(request.params);
    const schema = company.extend({
      visibleDepartments: z.array(z.number().int()),
      visibleUsers: z.array(z.string()).default([]),
    });
    const { corpId, visibleDepartments: departments, visibleUsers: userids } = readBody(request, schema);
    const app = needApp(suite, needCorp(corpId));
    app.visibleDepartments = departments;
    app.usable = { adminsOnly: false, departments, userids };
    pushes.sync(suite, 'org_suite_change', [
      syncItem(corpId, SYNC.consent, corpId, {
        syncAction: 'org_suite_change',
        auth_scope: { auth_org_scopes: { authed_dept: departments, authed_user: userids } },
      }),
    ]);
    return { changed: corpId };
  });
  server.post(`${base}/:suiteKey/cancel`, (request) => {
    const suite = needSuite(request.params);
    const { corpId } = readBody(request, company);
    const app = needApp(suite, needCorp(corpId));
    if (app.suite) app.suite.authorised = false;
    pushes.sync(suite, 'org_suite_relieve', [
      syncItem(corpId, SYNC.consent, corpId, { syncAction: 'org_suite_relieve' }),
    ]);
    sandbox.hub.emit({ kind: 'reset' });
    return { cancelled: corpId };
  });
  /** An order in the market: for so many people, until `stopsAt` (ms). */
  server.post(`${base}/:suiteKey/order`, (request) => {
    const suite = needSuite(request.params);
    const schema = company.extend({ people: z.number().int().positive(), stopsAt: z.number().int() });
    const { corpId, people, stopsAt } = readBody(request, schema);
    needApp(suite, needCorp(corpId));
    const orderId = String(ding.clock.now());
    pushes.sync(suite, 'market_buy', [
      syncItem(corpId, SYNC.order, orderId, {
        syncAction: 'market_buy',
        orderId,
        buyCorpId: corpId,
        maxOfPeople: people,
        paidtime: ding.clock.now(),
        serviceStopTime: stopsAt,
      }),
    ]);
    return { orderId };
  });
  server.post(`${base}/:suiteKey/expire-token`, (request) => {
    const suite = needSuite(request.params);
    const { corpId, as } = readBody(request, company.extend({ as: z.enum(['expired', 'invalid']) }));
    return { ended: endDingToken(ding, needApp(suite, needCorp(corpId)).appKey, as) };
  });
}
