import type { Connection } from '../connection.js';
import type { PlatformUser } from '../port/platform.js';
import type { WecomClient, WecomDepartment, WecomUser } from './wecom-client.js';

const parallelReads = 4;
/** Statuses of WW/90196: 2 disabled, 5 left. Those not yet activated (4) count as members. */
const goneStatuses = new Set([2, 5]);

/** Everybody in these departments; whoever is in several comes once. */
export async function readUsers(
  client: WecomClient,
  connection: Connection,
  departments: readonly WecomDepartment[],
): Promise<PlatformUser[]> {
  const found: WecomUser[] = [];
  const left = departments.map((department) => department.id);
  const reader = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      found.push(...(await client.usersOf(connection, next)));
    }
  };
  await Promise.all(Array.from({ length: Math.min(parallelReads, departments.length) }, reader));
  return [...new Map(found.map((user) => [user.userid.toLowerCase(), userOf(user, connection)])).values()];
}

/** A member of the contacts as the port knows people. */
export function userOf(user: WecomUser, { suiteId }: Pick<Connection, 'suiteId'>): PlatformUser {
  return {
    userid: user.userid,
    unionid: null,
    // To an app of the directory the userid is shown in the name's place: whoever has a name here keeps it.
    name: suiteId !== null && user.name === user.userid ? null : (user.name ?? null),
    departments: user.department,
    mainDepartment: user.main_department ?? user.department[0] ?? null,
    leads: user.department.filter((_, index) => user.is_leader_in_dept[index] === 1),
    title: user.position || null,
    mobile: user.mobile || null,
    email: user.email || null,
    managerUserid: user.direct_leader[0] ?? null,
    gone: goneStatuses.has(user.status ?? 1),
  };
}
