/** The shorter of the platforms' limits for the address behind a card (WW/90236: 2,048 bytes; B7: 500 characters). */
const maxUrlBytes = 500;

/** The address inside the mini-app that a card opens: `path` stands behind the hash, the connection tells whose log-in. */
export function cardUrl(publicUrl: string, connectionId: string, path: string): string {
  const url = `${publicUrl}/m/?connection=${connectionId}#${path}`;
  return Buffer.byteLength(url) <= maxUrlBytes ? url : `${publicUrl}/m/?connection=${connectionId}`;
}
