import type { ConnectionId, TenantId } from '@lianke/shared/ids';

export type Channel = 'wecom' | 'dingtalk';

/** What the checks of a connection saw last. Instants are RFC 3339. */
export interface ConnectionState {
  secretOk?: boolean;
  secretMessage?: string;
  callbackSeenAt?: string;
  /** The message that was sent as a test, whether it went out, and whether its button came back. */
  testMessageId?: string;
  testPressedAt?: string;
  /** The last failure that only an administrator can mend. */
  problem?: string;
  syncedAt?: string;
}

/** A connection with its secrets in plain text; never leaves the server. */
export interface Connection {
  tenantId: TenantId;
  id: ConnectionId;
  channel: Channel;
  name: string;
  corpId: string;
  agentId: string;
  secret: string | null;
  callbackToken: string;
  callbackAesKey: string;
  state: ConnectionState;
}
