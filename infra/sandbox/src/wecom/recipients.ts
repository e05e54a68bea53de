import { WecomError } from './errors.js';
import { memberAs } from './ids.js';
import type { Json } from './reader.js';
import { type App, type Corp, canSee, departmentTree, type Member, taggedIn } from './world.js';

export interface Recipients {
  members: Member[];
  toAll: boolean;
  /** `|`-joined and lower-cased, as the platform answers; absent when all were good. */
  invaliduser?: string;
  invalidparty?: string;
  invalidtag?: string;
}

function listOf(value: unknown, name: string, limit: number): string[] {
  if (value === undefined || value === null || value === '') return [];
  if (typeof value !== 'string') throw new WecomError(40031, `${name} must be a string`);
  const items = value.split('|').filter((item) => item !== '');
  if (items.length > limit) throw new WecomError(40032, `${name} has ${items.length}, at most ${limit}`);
  return items;
}

/** Who a send reaches (WW/90236): 82001 when nobody is named, 81013 when nobody named is valid. */
export function resolveRecipients(corp: Corp, app: App, raw: Json): Recipients {
  const users = listOf(raw.touser, 'touser', 1000);
  const parties = listOf(raw.toparty, 'toparty', 100);
  const tags = listOf(raw.totag, 'totag', 100);
  if (users.length + parties.length + tags.length === 0) throw new WecomError(82001);
  const visible = [...corp.members.values()].filter((member) => canSee(corp, app, member));
  if (raw.touser === '@all') return { members: visible, toAll: true };

  const chosen = new Map<string, Member>();
  const badUsers = users.filter((userid) => {
    const member = memberAs(corp, app, userid);
    if (!member || !canSee(corp, app, member)) return true;
    chosen.set(member.userid.toLowerCase(), member);
    return false;
  });
  // Departments outside of the app's visible range are as good as none (WW/90236).
  const parts = new Set(app.visibleDepartments.flatMap((id) => departmentTree(corp, id)));
  const badParties = parties.filter((party) => {
    if (!corp.departments.has(Number(party)) || !parts.has(Number(party))) return true;
    const tree = new Set(departmentTree(corp, Number(party)));
    for (const member of visible)
      if (member.departments.some((id) => tree.has(id))) chosen.set(member.userid.toLowerCase(), member);
    return false;
  });
  const badTags = tags.filter((tag) => {
    if (!corp.tags.has(Number(tag))) return true;
    const tagged = new Set(taggedIn(corp, Number(tag)));
    for (const member of visible) {
      const userid = member.userid.toLowerCase();
      if (tagged.has(userid)) chosen.set(userid, member);
    }
    return false;
  });
  const bad = badUsers.length + badParties.length + badTags.length;
  if (bad === users.length + parties.length + tags.length) throw new WecomError(81013);
  return {
    members: [...chosen.values()],
    toAll: false,
    ...joined('invaliduser', badUsers),
    ...joined('invalidparty', badParties),
    ...joined('invalidtag', badTags),
  };
}

function joined<K extends string>(name: K, items: string[]): { [key in K]?: string } {
  return (items.length > 0 ? { [name]: items.join('|').toLowerCase() } : {}) as { [key in K]?: string };
}
