import type { SidebarSettings } from '@lianke/shared/chat/sidebar';
import type { ConnectionId, TenantId } from '@lianke/shared/ids';
import type { Said } from '../../kernel/errors/said.js';

export type Channel = 'wecom' | 'dingtalk';

/** The button of a test card: `<testAction>:<connection>`. */
export const testAction = 'connection.test';

/** What a connection has beside its credentials, as far as its platform knows such a thing. */
export interface ConnectionSettings {
  /** How pushes arrive: `stream` over a connection that we open, `http` at our public address. */
  push?: 'stream' | 'http' | undefined;
  /** Code of the app's robot; the app key where it is not told. */
  robotCode?: string | undefined;
  /** Id of the card template that the administrator built by our recipe. */
  cardTemplateId?: string | undefined;
  /** Address of another system that passes log-ins on to ours. */
  loginRelay?: string | undefined;
  /** Appid of the mini-program in which cards open; without one they open pages. */
  miniAppId?: string | undefined;
  /** What only tells goes out as the mini-program's own notice, where it fits. */
  miniNotices?: boolean | undefined;
  /** The app is a mini-program itself (DingTalk): its messages open there. */
  miniPages?: boolean | undefined;
  /** Which form holds the customers of 客户联系. */
  sidebar?: SidebarSettings | undefined;
}

/** What the checks of a connection saw last. Instants are RFC 3339. */
export interface ConnectionState {
  secretOk?: boolean;
  secretMessage?: Said;
  callbackSeenAt?: string;
  /** When the platform first told of people who came, moved or left. */
  peopleSeenAt?: string;
  /** The message that was sent as a test, whether it went out, and whether its button came back. */
  testMessageId?: string;
  testPressedAt?: string;
  /** Since when our stream to the platform stands, or why it does not. */
  streamSince?: string;
  streamProblem?: Said;
  /** Whether the platform let us read customers, and why not. */
  externalOk?: boolean;
  externalMessage?: string;
  sidebarOpenedAt?: string;
  /** How the last log-in through the platform's page for browsers ended, and at which host of ours it was to come back. */
  login?: LoginState;
  /** The last failure that only an administrator can mend. */
  problem?: Said;
  sync?: SyncState;
  /** Whom the platform's administrator released the app for, when it was read last. Business time. */
  range?: RangeState;
}

export interface LoginState {
  host: string;
  /** A trial was begun and has not come back. */
  triedAt?: string;
  cameAt?: string;
  /** Why the last trial failed, and where that is mended. */
  problem?: Said;
}

export interface RangeState {
  at: string;
  everybody: boolean;
  adminsOnly: boolean;
  /** Why it could not be read; absent where it could. */
  problem?: Said;
}

/** The last synchronisation: asked for, and how it ended. Business time. */
export interface SyncState {
  requestedAt?: string;
  finishedAt?: string;
  /** When the last one that succeeded began to read, by the database's clock: what was pushed before is in it. */
  readFrom?: string;
  /** Of the last one that succeeded. */
  report?: SyncReport;
  /** Set when the last one that ended failed. */
  problem?: Said;
}

export interface SyncReport {
  departments: number;
  members: number;
  created: number;
  left: number;
  /** Leavers not believed because there are suspiciously many. */
  heldBack: number;
}

/** A connection with its secrets in plain text; never leaves the server. */
export interface Connection {
  tenantId: TenantId;
  id: ConnectionId;
  channel: Channel;
  /** The app of the platform's directory through which it is connected; null for an app of the company's own. */
  suiteId: string | null;
  name: string;
  corpId: string;
  agentId: string;
  /** Public name of the app's credentials where it is not the agent id. */
  appKey: string | null;
  settings: ConnectionSettings;
  /** The app's secret; of an app of the directory the company's permanent code. Null: out of service. */
  secret: string | null;
  /** `http(s)://[user:password@]host[:port]` through which its calls to the platform go; null: as all others. */
  proxy: string | null;
  callbackToken: string;
  callbackAesKey: string;
  state: ConnectionState;
}
