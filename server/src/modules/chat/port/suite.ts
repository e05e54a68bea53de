import type { ConnectionId, TenantId } from '@lianke/shared/ids';
import type { Channel, Connection } from '../connection.js';

/** A company's consent as the platform hands it over, once. */
export interface Grant {
  /** As spelt by the platform: an encrypted corp id has case (D14). */
  corpId: string;
  corpName: string;
  permanentCode: string;
  /** Who added the app; he becomes the first administrator. */
  adminUserid: string;
  adminName: string | null;
  /** The app's number in this company where the grant says it; else it is asked for. */
  agentId: string | null;
}

/** What a company's consent covers at the moment. */
export interface Authorisation {
  /** Null where the platform does not say: then what is known stands. */
  agentId: string | null;
  corpName: string | null;
  scope: SuiteScope;
}

/** Whom the company lets the app see; counts of what it names, null where the platform does not say. */
export interface SuiteScope {
  people?: number | undefined;
  departments?: number | undefined;
}

/** Until when somebody, or the company as a whole (`userid` null), may use the app. Instants are RFC 3339. */
export interface Licence {
  userid: string | null;
  /** Of a company's licence: for how many people. */
  seats: number | null;
  activeAt: string | null;
  expiresAt: string;
}

/** What a platform tells an app of its directory. */
export type SuiteInstruction =
  /** Kept at once, the newest by the platform's own time in ms (D5). */
  | { kind: 'ticket'; ticket: string; at: number }
  /** A company added the app; the code is exchanged for its consent, once. */
  | { kind: 'code'; authCode: string }
  | { kind: 'grant'; grant: Grant }
  | { kind: 'changed'; corpId: string }
  | { kind: 'cancelled'; corpId: string }
  /** Something inside one company, in the form in which its connection reads pushes. */
  | { kind: 'event'; corpId: string; body: string; key: string }
  | { kind: 'licences'; corpId: string; licences: readonly Licence[] };

/** What is enough to speak for a company that has not been connected yet. */
export type SuiteCompany = Pick<Connection, 'corpId'> & { permanentCode: string };

/** A platform that shows names itself, on pages, and tells them to nobody. */
export interface WithheldPlatform {
  /** Its script for pages in browsers outside of its client. */
  script: string;
  /** Userids of those who are called so; null where it cannot be asked. Throws `PlatformError`. */
  search: ((connection: Connection, name: string) => Promise<readonly string[]>) | null;
}

/** This deployment's app in the directory of one platform. Calls to the platform throw `PlatformError`. */
export interface SuitePlatform {
  readonly channel: Channel;
  readonly id: string;
  /** Its name on screen is the platform's. */
  readonly platformName: string;
  /** The platform's page on which a company adds the app, and returns with a code; null where that is done in the directory only. */
  installUrl(to: { redirectUri: string; state: string }): Promise<string | null>;
  exchange(authCode: string): Promise<Grant>;
  /** Null when the company has taken its consent back. */
  authorisation(company: SuiteCompany): Promise<Authorisation | null>;
  /** Null where the platform is not asked but tells (`licences` among the instructions). */
  licences(connection: Connection): Promise<Licence[] | null>;
  /** How names are come by that the platform tells this app none of; null where it tells them. */
  readonly withheld: WithheldPlatform | null;
  /** What a new connection has beside its credentials. */
  connectionSettings(): Pick<Connection, 'appKey' | 'settings'>;
}

/** The apps that this deployment has in directories. */
export class Suites {
  constructor(private readonly all: readonly SuitePlatform[]) {}

  /** By the platform's path segment; undefined where there is none. */
  of(channel: string): SuitePlatform | undefined {
    return this.all.find((suite) => suite.channel === channel);
  }

  ofConnection({ channel, suiteId }: Pick<Connection, 'channel' | 'suiteId'>): SuitePlatform | undefined {
    return this.all.find((suite) => suite.channel === channel && suite.id === suiteId);
  }

  list(): readonly SuitePlatform[] {
    return this.all;
  }
}

/** Which tenant and connection a company's installation is. */
export interface Installation {
  tenantId: TenantId;
  connectionId: ConnectionId;
  state: 'pending' | 'active' | 'cancelled';
}

/** What tells one code from the next: the same one by the page and by an event is one installation. */
export function keyOfCode(authCode: string): string {
  return `code:${authCode}`;
}
