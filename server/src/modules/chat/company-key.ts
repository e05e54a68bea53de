import type { Connection } from './connection.js';

export type Company = Pick<Connection, 'channel' | 'corpId' | 'suiteId'>;

/**
 * The same text for the same company, across tenants. A plain corp id is compared without case; one that the platform encrypts
 * for the provider of an app in its directory has case, and means nothing to other providers (D14).
 */
export function companyKey({ channel, corpId, suiteId }: Company): string {
  return suiteId === null ? `${channel}:${corpId.toLowerCase()}` : `${channel}:${suiteId}/${corpId}`;
}
