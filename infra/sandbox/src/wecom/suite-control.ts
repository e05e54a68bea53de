import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Sandbox } from '../sandbox.js';
import { ApiError, needCorp, readBody } from '../stage/http.js';
import { createAuth } from './suite-pages.js';
import { addSuite, authCodeFor, pushTicket } from './suites.js';
import { endToken } from './tokens.js';
import { type App, type Corp, findMember, type Suite, type SuiteInstall } from './world.js';

const company = z.strictObject({ corpId: z.string() });
const ending = z.enum(['expired', 'invalid']).default('expired');

/** The scripting API of apps of the directory, under `/sandbox/api/suites/`. */
export function registerSuiteControl(server: FastifyInstance, sandbox: Sandbox): void {
  const { wecom, callbacks } = sandbox;
  const base = '/sandbox/api/suites';
  const needSuite = (params: unknown): Suite => {
    const { suiteId } = z.object({ suiteId: z.string() }).parse(params);
    const suite = wecom.world.suites.get(suiteId);
    if (!suite)
      throw new ApiError(
        404,
        'no_suite',
        `没有第三方应用 ${suiteId}，现有：${[...wecom.world.suites.keys()].join('、')}`,
      );
    return suite;
  };
  const needInstall = (suite: Suite, corpId: string): { corp: Corp; app: App; install: SuiteInstall } => {
    const corp = needCorp(sandbox, corpId);
    const install = suite.installs.get(corp.corpId.toLowerCase());
    const app = install && corp.apps.get(install.agentId);
    if (!install || !app) throw new ApiError(404, 'not_installed', `企业「${corp.name}」没有安装「${suite.name}」`);
    return { corp, app, install };
  };
  const tell = (suite: Suite, install: SuiteInstall, InfoType: string): void => {
    callbacks.instruct(suite.suiteId, install.corpId, {
      InfoType,
      TimeStamp: wecom.clock.seconds(),
      AuthCorpId: install.openCorpId,
    });
  };

  server.get(base, () => ({
    items: [...wecom.world.suites.values()].map((suite) => ({
      suiteId: suite.suiteId,
      name: suite.name,
      installs: [...suite.installs.values()].map((install) => ({
        ...needInstall(suite, install.corpId).app.suite,
        corpId: install.corpId,
        agentId: install.agentId,
        userid: install.userid,
        licences: Object.fromEntries(install.licences),
      })),
    })),
  }));

  server.post(`${base}/:suiteId/ticket`, (request) => {
    const { at } = readBody(request, z.strictObject({ at: z.number().int().optional() }));
    return { ticket: pushTicket(wecom, callbacks, needSuite(request.params), at) };
  });

  /** From the directory: the provider learns of it by the event only. */
  server.post(`${base}/:suiteId/install`, (request) => {
    const suite = needSuite(request.params);
    const schema = z.strictObject({ corpId: z.string(), userid: z.string(), event: z.boolean().default(true) });
    const { corpId, userid, event } = readBody(request, schema);
    const corp = needCorp(sandbox, corpId);
    const member = findMember(corp, userid);
    if (!member) throw new ApiError(404, 'no_person', `「${userid}」不是企业「${corp.name}」的成员`);
    const authCode = addSuite(wecom, suite, corp, member.userid);
    if (event) createAuth(wecom, callbacks, suite, authCode, undefined);
    sandbox.hub.emit({ kind: 'reset' });
    return { authCode, openCorpId: suite.installs.get(corp.corpId.toLowerCase())?.openCorpId };
  });

  server.post(`${base}/:suiteId/cancel`, (request) => {
    const suite = needSuite(request.params);
    const { app, install } = needInstall(suite, readBody(request, company).corpId);
    if (app.suite) app.suite.authorised = false;
    tell(suite, install, 'cancel_auth');
    sandbox.hub.emit({ kind: 'reset' });
    return { cancelled: install.openCorpId };
  });

  server.post(`${base}/:suiteId/change`, (request) => {
    const suite = needSuite(request.params);
    const schema = company.extend({
      visibleDepartments: z.array(z.number().int()),
      visibleUsers: z.array(z.string()).default([]),
      visibleTags: z.array(z.number().int()).default([]),
    });
    const { corpId, ...range } = readBody(request, schema);
    const { app, install } = needInstall(suite, corpId);
    Object.assign(app, range);
    tell(suite, install, 'change_auth');
    return { changed: install.openCorpId };
  });

  server.post(`${base}/:suiteId/reset-code`, (request) => {
    const suite = needSuite(request.params);
    const { corp, install } = needInstall(suite, readBody(request, company).corpId);
    install.permanentCode = wecom.random.bytes(32).toString('hex');
    callbacks.instruct(suite.suiteId, corp.corpId, {
      AuthCode: authCodeFor(wecom, suite, corp),
      InfoType: 'reset_permanent_code',
      TimeStamp: wecom.clock.seconds(),
    });
    return { reset: install.openCorpId };
  });

  server.post(`${base}/:suiteId/licences`, (request) => {
    const suite = needSuite(request.params);
    const schema = company.extend({
      items: z.array(z.strictObject({ userid: z.string(), expiresAt: z.number().int() })),
    });
    const { corpId, items } = readBody(request, schema);
    const { install } = needInstall(suite, corpId);
    const activeAt = wecom.clock.now();
    install.licences = new Map(items.map(({ userid, expiresAt }) => [userid, { activeAt, expiresAt }]));
    return { licences: install.licences.size };
  });

  /** Of the suite, or of one company under it. */
  server.post(`${base}/:suiteId/expire-token`, (request) => {
    const suite = needSuite(request.params);
    const { corpId, as } = readBody(request, z.strictObject({ corpId: z.string().optional(), as: ending }));
    if (corpId !== undefined) {
      const { corp, app } = needInstall(suite, corpId);
      return { ended: endToken(wecom, corp.corpId, app.agentId, as) };
    }
    for (const record of suite.tokens.values()) {
      if (as === 'invalid') record.known = false;
      else record.expiresAt = Math.min(record.expiresAt, wecom.clock.now());
    }
    return { ended: suite.tokens.size > 0 };
  });

  server.delete(`${base}/:suiteId/tickets`, (request) => {
    const suite = needSuite(request.params);
    suite.tickets.clear();
    return { ended: true };
  });
}
