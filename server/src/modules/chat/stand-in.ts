/** A userid that the platform encrypted for the app's provider: long, and no word of anybody's. */
function isEncrypted(userid: string): boolean {
  return /^w[a-z][\w-]{20,}$/.test(userid);
}

/** What stands in the place of a name that the platform withholds: the userid, or a short form of one that nobody can read. */
export function standInFor(userid: string): string {
  return isEncrypted(userid) ? `成员 ${userid.slice(-6)}` : userid;
}

/** Words in a text that stand for the name of somebody, by his userid. */
export interface StandIn {
  userid: string;
  text: string;
}
