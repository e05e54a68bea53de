import { departmentStandIn, standInFor } from '@lianke/shared/chat/stand-in';
import type { ConnectionId, DepartmentId, MemberId } from '@lianke/shared/ids';
import type { Channel, Connection } from '../connection.js';
import type { PlatformDepartment, PlatformUser } from '../port/platform.js';
import { type FormerAccount, recognise } from './same-person.js';

export interface KnownDepartment {
  id: DepartmentId;
  name: string;
  parentId: DepartmentId | null;
  sort: number;
  /** `<corp>:<department>` when it came from a platform. */
  externalId: string | null;
  /** The connection that names and moves it; null for what somebody made by hand. */
  connectionId: ConnectionId | null;
}

export interface KnownMember {
  id: MemberId;
  name: string;
  account: string | null;
  mobile: string | null;
  email: string | null;
  state: 'active' | 'invited' | 'left';
  source: string;
  admin: boolean;
}

/** What the tenant holds before a synchronisation. */
export interface Known {
  departments: KnownDepartment[];
  /** Department by its number at the platform, as this connection knew them. */
  mapped: Map<number, DepartmentId>;
  members: KnownMember[];
  /** Member by userid key, of the connection that is synchronised. */
  accounts: Map<string, MemberId>;
  /** The same of other apps of the same company at the same platform: there a userid is the same person. */
  sameCompany: Map<string, MemberId>;
  /** Accounts that the platforms took away from members, at any connection. */
  former: readonly FormerAccount[];
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
  unionid: string | null;
  /** Null keeps what is there: the platform does not show it to this app, or somebody entered it by hand. */
  name: string | null;
  account: string | null;
  title: string | null;
  mobile: string | null;
  email: string | null;
  managerUserid: string | null;
  places: { departmentId: DepartmentId; leader: boolean; main: boolean }[];
}

export interface DepartmentPlan {
  insert: DepartmentRow[];
  update: DepartmentRow[];
  /** Gone from the platform. */
  remove: DepartmentId[];
  /** Which department each number stands for now. */
  map: { number: number; id: DepartmentId }[];
}

export interface SyncPlan {
  /** Null when only people were read. */
  departments: DepartmentPlan | null;
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
/** A department's name at the platform, told apart by corp. */
export function externalIdOf(corpId: string, department: number): string {
  return `${corpId.toLowerCase()}:${department}`;
}

/**
 * What must change so that the tenant holds the platform's departments and people. Departments are matched by their number,
 * else by name below the same parent, so that two platforms of one company meet in one tree; whoever brought a department
 * names and moves it. People are told apart by `recognise`.
 */
export function planDepartments(
  connection: Pick<Connection, 'id' | 'corpId'>,
  departments: readonly PlatformDepartment[],
  known: Pick<Known, 'departments' | 'mapped'>,
  newId: () => string,
): { plan: DepartmentPlan; ids: Map<number, DepartmentId> } {
  const ids = new Map<number, DepartmentId>();
  const byId = new Map(known.departments.map((department) => [department.id, department]));
  const byExternal = new Map(
    known.departments.flatMap((department) => (department.externalId ? [[department.externalId, department]] : [])),
  );
  const own = new Set(known.mapped.values());
  const prefix = externalIdOf(connection.corpId, 0).slice(0, -1);
  // A company's departments are told apart by their numbers; only those of others are matched by name.
  const free = known.departments.filter(({ id, externalId }) => !own.has(id) && !externalId?.startsWith(prefix));
  const taken = new Set<DepartmentId>();
  const plan: DepartmentPlan = { insert: [], update: [], remove: [], map: [] };
  for (const department of parentsFirst(departments)) {
    const externalId = externalIdOf(connection.corpId, department.id);
    const parentId = ids.get(department.parentId) ?? null;
    const standIn = departmentStandIn(department.id);
    const name = department.name ?? standIn;
    const found =
      byId.get(known.mapped.get(department.id) ?? ('' as DepartmentId)) ??
      byExternal.get(externalId) ??
      free.find((one) => !taken.has(one.id) && one.name === name && one.parentId === parentId);
    // A name that is withheld is the one that is known already; earlier versions called such a department by its number.
    const kept = department.name === null && found && found.name !== String(department.id) ? found.name : name;
    const row = { id: found?.id ?? (newId() as DepartmentId), name: kept, parentId, sort: department.sort, externalId };
    taken.add(row.id);
    ids.set(department.id, row.id);
    plan.map.push({ number: department.id, id: row.id });
    const ours = !found?.connectionId || found.connectionId === connection.id;
    if (!found) plan.insert.push(row);
    else if (ours && differs(found, row, connection)) plan.update.push(row);
  }
  const kept = new Set(ids.values());
  const before = known.departments.filter(
    ({ id, externalId, connectionId }) => own.has(id) || (connectionId === null && externalId?.startsWith(prefix)),
  );
  plan.remove = before.filter(({ id }) => !kept.has(id)).map(({ id }) => id);
  return { plan, ids };
}

/** The people's side of {@link planDepartments}; `complete` is false when only some users were read, so nobody leaves. */
export function planMembers(
  users: readonly PlatformUser[],
  departmentIds: ReadonlyMap<number, DepartmentId>,
  known: Known,
  newId: () => string,
  { complete, channel, userKey }: { complete: boolean; channel: Channel; userKey: (userid: string) => string },
): Omit<SyncPlan, 'departments'> {
  const present = new Map<string, PlatformUser>();
  for (const user of users) if (!user.gone) present.set(userKey(user.userid), user);
  const found = recognise(present, known, { channel, complete });
  const bound = new Set(known.accounts.values());
  const accountsTaken = new Set(known.members.flatMap((member) => member.account?.toLowerCase() ?? []));

  const rows = [...present].map(([key, user]): MemberRow => {
    const member = found.get(key);
    const ours = !member || member.source === channel;
    return {
      id: member?.id ?? (newId() as MemberId),
      created: !member,
      active: !(member?.state === 'left' && bound.has(member.id)),
      userid: user.userid,
      unionid: user.unionid,
      name: ours ? (user.name ?? (member ? null : standInFor(user.userid))) : null,
      account: member || accountsTaken.has(key.toLowerCase()) ? null : user.userid,
      title: user.title,
      mobile: user.mobile,
      email: user.email,
      managerUserid: user.managerUserid,
      places: placesOf(user, departmentIds),
    };
  });
  if (!complete) return { members: rows, unbind: [], leave: [], heldBack: 0 };

  const gone = [...known.accounts].filter(([key]) => !present.has(key));
  if (gone.length > plausibleLeavers && gone.length * 2 > known.accounts.size) {
    return { members: rows, unbind: [], leave: [], heldBack: gone.length };
  }
  const here = new Set([...found.values()].map((member) => member.id));
  const leave = leavers(
    known,
    gone.flatMap(([, memberId]) => (here.has(memberId) ? [] : [memberId])),
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

function placesOf(user: PlatformUser, ids: ReadonlyMap<number, DepartmentId>): MemberRow['places'] {
  return user.departments.flatMap((department) => {
    const departmentId = ids.get(department);
    return departmentId
      ? [{ departmentId, leader: user.leads.includes(department), main: department === user.mainDepartment }]
      : [];
  });
}

function parentsFirst(departments: readonly PlatformDepartment[]): PlatformDepartment[] {
  const byId = new Map(departments.map((department) => [department.id, department]));
  const done = new Set<number>();
  const ordered: PlatformDepartment[] = [];
  const visit = (department: PlatformDepartment) => {
    if (done.has(department.id)) return;
    done.add(department.id);
    const parent = byId.get(department.parentId);
    if (parent) visit(parent);
    ordered.push(department);
  };
  for (const department of departments) visit(department);
  return ordered;
}

function differs(known: KnownDepartment, row: DepartmentRow, { id }: Pick<Connection, 'id'>): boolean {
  return (
    known.name !== row.name ||
    known.parentId !== row.parentId ||
    known.sort !== row.sort ||
    known.externalId !== row.externalId ||
    known.connectionId !== id
  );
}
