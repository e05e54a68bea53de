import type { DepartmentId, MemberId } from '@lianke/shared/ids';
import { userKey } from '../chat-accounts.js';
import type { WecomDepartment, WecomUser } from './wecom-client.js';

export interface KnownDepartment {
  id: DepartmentId;
  name: string;
  parentId: DepartmentId | null;
  sort: number;
  /** `<corp>:<department>` when it came from a platform. */
  externalId: string | null;
}

export interface KnownMember {
  id: MemberId;
  name: string;
  account: string | null;
  mobile: string | null;
  state: 'active' | 'invited' | 'left';
  source: string;
  admin: boolean;
}

/** What the tenant holds before a synchronisation. */
export interface Known {
  departments: KnownDepartment[];
  members: KnownMember[];
  /** Member by lower-cased userid, of the connection that is synchronised. */
  accounts: Map<string, MemberId>;
  /** Members who also have an account at another connection. */
  reachableElsewhere: Set<MemberId>;
}

export interface DepartmentRow {
  id: DepartmentId;
  name: string;
  parentId: DepartmentId | null;
  sort: number;
  externalId: string;
}

export interface MemberRow {
  id: MemberId;
  created: boolean;
  /** False for whom an administrator made leave here although the platform still has him. */
  active: boolean;
  userid: string;
  /** Null keeps what is there: the platform does not show it to this app, or somebody entered it by hand. */
  name: string | null;
  account: string | null;
  title: string | null;
  mobile: string | null;
  email: string | null;
  managerUserid: string | null;
  places: { departmentId: DepartmentId; leader: boolean; main: boolean }[];
}

export interface SyncPlan {
  departments: { insert: DepartmentRow[]; update: DepartmentRow[]; remove: DepartmentId[] };
  members: MemberRow[];
  /** Userids that are gone from the platform. */
  unbind: string[];
  /** Their members, who leave the company. */
  leave: MemberId[];
  /** Leavers that were held back because there are suspiciously many: probably a narrowed visible range. */
  heldBack: number;
}

/** More leavers than this and than half of all is taken for a mistake in the platform's settings. */
const plausibleLeavers = 5;
/** Statuses of WW/90196: 2 disabled, 5 left. Those not yet activated (4) count as members. */
const goneStatuses = new Set([2, 5]);

/** A department's name at the platform, told apart by corp. */
export function externalIdOf(corpId: string, department: number): string {
  return `${corpId.toLowerCase()}:${department}`;
}

/**
 * What must change so that the tenant holds the platform's departments and people. Departments are matched by their number,
 * else by name below the same parent; people by their account here, then by userid = account, then by mobile.
 */
export function planDepartments(
  corpId: string,
  departments: readonly WecomDepartment[],
  known: readonly KnownDepartment[],
  newId: () => string,
): { plan: SyncPlan['departments']; ids: Map<number, DepartmentId> } {
  const ids = new Map<number, DepartmentId>();
  const byExternal = new Map(
    known.flatMap((department) => (department.externalId ? [[department.externalId, department]] : [])),
  );
  const free = known.filter((department) => department.externalId === null);
  const plan: SyncPlan['departments'] = { insert: [], update: [], remove: [] };
  for (const department of parentsFirst(departments)) {
    const externalId = externalIdOf(corpId, department.id);
    const parentId = ids.get(department.parentid) ?? null;
    const name = department.name ?? String(department.id);
    const found =
      byExternal.get(externalId) ??
      free.find((candidate) => candidate.name === name && candidate.parentId === parentId);
    // WeCom lists the largest order first (WW/90208).
    const row = {
      id: found?.id ?? (newId() as DepartmentId),
      name,
      parentId,
      sort: -(department.order ?? 0) | 0,
      externalId,
    };
    ids.set(department.id, row.id);
    if (!found) plan.insert.push(row);
    else if (differs(found, row)) plan.update.push(row);
  }
  const prefix = externalIdOf(corpId, 0).slice(0, -1);
  const kept = new Set(ids.values());
  plan.remove = known.filter((one) => one.externalId?.startsWith(prefix) && !kept.has(one.id)).map((one) => one.id);
  return { plan, ids };
}

/** The people's side of {@link planDepartments}; `complete` is false when only some users were read, so nobody leaves. */
export function planMembers(
  users: readonly WecomUser[],
  departmentIds: ReadonlyMap<number, DepartmentId>,
  known: Known,
  newId: () => string,
  complete: boolean,
): Omit<SyncPlan, 'departments'> {
  const present = new Map<string, WecomUser>();
  for (const user of users) if (!goneStatuses.has(user.status ?? 1)) present.set(userKey(user.userid), user);
  const members = new Map(known.members.map((member) => [member.id, member]));
  const bound = new Set(known.accounts.values());
  // A leaver of an earlier synchronisation who is back is the same member again.
  const free = known.members.filter(
    (member) => !bound.has(member.id) && (member.state !== 'left' || member.source === 'wecom'),
  );
  const taken = new Set<MemberId>();
  const accountsTaken = new Set(known.members.flatMap((member) => member.account?.toLowerCase() ?? []));

  const rows = [...present].map(([key, user]): MemberRow => {
    const match = (test: (member: KnownMember) => boolean) =>
      free.find((member) => !taken.has(member.id) && test(member));
    const found =
      members.get(known.accounts.get(key) ?? ('' as MemberId)) ??
      match((member) => member.account?.toLowerCase() === key) ??
      (user.mobile ? match((member) => member.mobile === user.mobile) : undefined);
    if (found) taken.add(found.id);
    const ours = !found || found.source === 'wecom';
    return {
      id: found?.id ?? (newId() as MemberId),
      created: !found,
      active: !(found?.state === 'left' && bound.has(found.id)),
      userid: user.userid,
      name: ours ? (user.name ?? (found ? null : user.userid)) : null,
      account: found || accountsTaken.has(key) ? null : user.userid,
      title: user.position || null,
      mobile: user.mobile || null,
      email: user.email || null,
      managerUserid: user.direct_leader[0] ?? null,
      places: placesOf(user, departmentIds),
    };
  });
  if (!complete) return { members: rows, unbind: [], leave: [], heldBack: 0 };

  const gone = [...known.accounts].filter(([key]) => !present.has(key));
  if (gone.length > plausibleLeavers && gone.length * 2 > known.accounts.size) {
    return { members: rows, unbind: [], leave: [], heldBack: gone.length };
  }
  const leave = leavers(
    known,
    gone.map(([, memberId]) => memberId),
  );
  return { members: rows, unbind: gone.map(([key]) => key), leave, heldBack: 0 };
}

/** Of those whose account is gone, who leaves: not whom another connection still knows, and never the last administrator. */
export function leavers(known: Pick<Known, 'members' | 'reachableElsewhere'>, gone: readonly MemberId[]): MemberId[] {
  const leaving = new Set(gone.filter((id) => !known.reachableElsewhere.has(id)));
  const admins = known.members.filter((member) => member.admin && member.state === 'active');
  if (admins.length > 0 && admins.every((member) => leaving.has(member.id))) {
    for (const admin of admins) leaving.delete(admin.id);
  }
  return [...leaving];
}

function placesOf(user: WecomUser, ids: ReadonlyMap<number, DepartmentId>): MemberRow['places'] {
  const main = user.main_department ?? user.department[0];
  return user.department.flatMap((department, index) => {
    const departmentId = ids.get(department);
    return departmentId
      ? [{ departmentId, leader: user.is_leader_in_dept[index] === 1, main: department === main }]
      : [];
  });
}

function parentsFirst(departments: readonly WecomDepartment[]): WecomDepartment[] {
  const byId = new Map(departments.map((department) => [department.id, department]));
  const done = new Set<number>();
  const ordered: WecomDepartment[] = [];
  const visit = (department: WecomDepartment) => {
    if (done.has(department.id)) return;
    done.add(department.id);
    const parent = byId.get(department.parentid);
    if (parent) visit(parent);
    ordered.push(department);
  };
  for (const department of departments) visit(department);
  return ordered;
}

function differs(known: KnownDepartment, row: DepartmentRow): boolean {
  return (
    known.name !== row.name ||
    known.parentId !== row.parentId ||
    known.sort !== row.sort ||
    known.externalId !== row.externalId
  );
}
