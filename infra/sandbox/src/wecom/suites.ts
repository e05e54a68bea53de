import { createHash } from 'node:crypto';
import { randomToken } from '../core/random.js';
import { type Callbacks, suiteUrl } from './callbacks.js';
import type { WecomContext } from './context.js';
import { shownUserid } from './ids.js';
import {
  type App,
  type Corp,
  canSee,
  findCorp,
  findMember,
  type Suite,
  type SuiteInstall,
  untrusted,
} from './world.js';
import type { XmlNode } from './xml.js';

/** A ticket is pushed every ten minutes and valid for thirty (WW/90628). */
export const TICKET_EVERY_MS = 600_000;
const TICKET_LIFE_MS = 1_800_000;
/** An authorisation's code lives ten minutes and serves once. */
export const AUTH_CODE_SECONDS = 600;
const LICENCE_MS = 365 * 86_400_000;
/** Agent ids of apps from the directory, apart from those that a company gave its own. */
const FIRST_AGENT = 1_000_100;

/** The installation in force of a person's company, else of any: a named company first. */
export function installFor(
  context: WecomContext,
  suite: Suite,
  userid: string | null,
  corpId: string | undefined,
): SuiteInstall | undefined {
  const inForce = [...suite.installs.values()].filter((install) => {
    const corp = findCorp(context.world, install.corpId);
    const known = corp && (userid === null || findMember(corp, userid) !== undefined);
    return known && corp.apps.get(install.agentId)?.suite?.authorised;
  });
  return inForce.find((install) => install.corpId.toLowerCase() === corpId?.toLowerCase()) ?? inForce[0];
}

/** Companies among which somebody who logs in to an app of the directory must choose: the address names none. */
export function companiesToAsk(context: WecomContext, query: Record<string, string | undefined>): Corp[] {
  const suite = query.login_type === 'ServiceApp' ? context.world.suites.get(query.appid ?? '') : undefined;
  if (!suite || query.sandbox_corp) return [];
  return [...suite.installs.values()].flatMap((install) => {
    const corp = findCorp(context.world, install.corpId);
    return corp?.apps.get(install.agentId)?.suite?.authorised ? [corp] : [];
  });
}

/** The installation of a company by the name that the provider has for it, which has case (WW/97104). */
export function installByOpenId(suite: Suite, openCorpId: unknown): SuiteInstall | undefined {
  return [...suite.installs.values()].find((install) => install.openCorpId === openCorpId);
}

/** How a provider sees a corp id: the same for all of its apps. */
function openCorpIdOf(suite: Suite, corp: Corp): string {
  const hash = createHash('sha256').update(`${suite.provider.corpId}/${corp.corpId}`).digest('base64url');
  return `wp${hash.replace(/[-_]/g, 'A').slice(0, 30)}`;
}

/** Makes a ticket and pushes it. `at` in seconds is the time it claims, for pushes out of order. */
export function pushTicket(context: WecomContext, callbacks: Callbacks, suite: Suite, at?: number): string {
  const ticket = randomToken(context.random, 48);
  suite.tickets.set(ticket, context.clock.now() + TICKET_LIFE_MS);
  callbacks.instruct(suite.suiteId, '', {
    InfoType: 'suite_ticket',
    TimeStamp: at ?? context.clock.seconds(),
    SuiteTicket: ticket,
  });
  return ticket;
}

/**
 * An administrator adds the app of the directory to his company: it stands among its apps at once, and the provider gets a
 * code to exchange. Added again after removal it has the same agent id and another permanent code.
 */
export function addSuite(context: WecomContext, suite: Suite, corp: Corp, userid: string): string {
  const key = corp.corpId.toLowerCase();
  const before = suite.installs.get(key);
  const agentId = before?.agentId ?? Math.max(FIRST_AGENT - 1, ...corp.apps.keys()) + 1;
  const openCorpId = openCorpIdOf(suite, corp);
  const app = corp.apps.get(agentId) ?? {
    agentId,
    name: suite.name,
    description: '应用目录',
    secret: randomToken(context.random, 43),
    contactSync: false,
    redirectDomain: null,
    // The provider registers one address for all; the platform fills in the company as the provider knows it.
    homeUrl: `${context.publicUrl}/api/v1/auth/wecom/home?corpid=${openCorpId}`,
    miniProgramAppId: '',
    visibleDepartments: [1],
    visibleUsers: [],
    visibleTags: [],
    hidePrivateFields: true,
    customerContact: false,
    sidebarUrl: null,
    callback: null,
    ...untrusted,
    suite: null,
  };
  app.suite = { suiteId: suite.suiteId, openCorpId, authorised: true };
  app.callback = {
    url: suiteUrl(context.publicUrl, suite),
    token: suite.token,
    aesKey: suite.aesKey,
    verifiedAt: context.clock.now(),
  };
  corp.apps.set(agentId, app);
  const now = context.clock.now();
  const licensed = [...corp.members.values()].filter((member) => canSee(corp, app, member));
  suite.installs.set(key, {
    corpId: corp.corpId,
    openCorpId,
    agentId,
    permanentCode: randomToken(context.random, 64),
    userid,
    licences:
      before?.licences ??
      new Map(licensed.map((member) => [member.userid, { activeAt: now, expiresAt: now + LICENCE_MS }])),
  });
  return authCodeFor(context, suite, corp);
}

/** A code that is exchanged for the permanent code of a company that has added the app. */
export function authCodeFor(context: WecomContext, suite: Suite, corp: Corp): string {
  const code = randomToken(context.random, 64);
  const expiresAt = context.clock.now() + AUTH_CODE_SECONDS * 1000;
  suite.authCodes.set(code, { corpId: corp.corpId, expiresAt, used: false });
  return code;
}

/** Contacts that changed, told to every app of the directory that the company has added (A13). */
export function tellSuites(
  context: WecomContext,
  callbacks: Callbacks,
  corp: Corp,
  change: XmlNode & { UserID?: string },
): void {
  for (const app of corp.apps.values()) {
    if (!app.suite?.authorised) continue;
    callbacks.instruct(app.suite.suiteId, corp.corpId, {
      InfoType: 'change_contact',
      TimeStamp: context.clock.seconds(),
      AuthCorpId: app.suite.openCorpId,
      ...change,
      ...(change.UserID === undefined ? {} : idsOf(app, change.UserID)),
    });
  }
}

function idsOf(app: App, plain: string): { UserID: string; OpenUserID: string } {
  const userid = shownUserid(app, plain);
  return { UserID: userid, OpenUserID: userid };
}
