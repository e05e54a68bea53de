import { z } from 'zod';
import type { Connection } from '../connection.js';
import type { Organisation, PlatformDepartment, PlatformUser, VisibleRange } from '../port/platform.js';
import type { DingApi } from './ding-api.js';
import { DingError } from './ding-error.js';

const root = 1;
/** The platform's largest page. */
const pageSize = 100;
/** Two at a time stay below the 20 calls a second that a standard company has (B13). */
const parallelReads = 2;
const longestWaitSeconds = 5;
const maxAttempts = 6;

// Samples quote numbers and booleans as text (D19).
const bool = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);
const text = z.string().nullish();
const department = z.object({
  dept_id: z.coerce.number().int(),
  name: text,
  parent_id: z.coerce.number().int().nullish(),
});
const user = z.object({
  userid: z.string().min(1),
  unionid: text,
  name: text,
  title: text,
  mobile: text,
  email: text,
  org_email: text,
  dept_id_list: z.array(z.coerce.number().int()).nullish(),
  leader_in_dept: z.array(z.object({ dept_id: z.coerce.number().int(), leader: bool })).nullish(),
  manager_userid: text,
});
const listed = z.object({
  result: z.object({
    has_more: bool,
    next_cursor: z.coerce.number().int().optional(),
    list: z.array(user.extend({ leader: bool.nullish() })).nullish(),
  }),
});
const pageToken = z.object({ accessToken: z.string().min(1) });
const whoAmI = z.object({ unionId: z.string().min(1) });
const byUnion = z.object({ result: z.object({ userid: z.string().min(1) }) });
const scopes = z.object({
  isHidden: bool.nullish(),
  deptVisibleScopes: z.array(z.coerce.number().int()).nullish(),
  userVisibleScopes: z.array(z.coerce.string()).nullish(),
});
/** `auth/scopes` (DD/obtain-corpsecret-authorization-scope). */
const authorised = z.object({
  auth_org_scopes: z.object({
    authed_user: z.array(z.coerce.string()).nullish(),
    authed_dept: z.array(z.coerce.number().int()).nullish(),
  }),
});
const client = z.object({ result: z.object({ userid: z.string().min(1) }) });

type ListedUser = z.infer<typeof user> & { leader?: boolean | null | undefined };

/** Who is who at DingTalk: log-in codes and contacts (reference B3, B4, B6). */
export class DingPeople {
  constructor(
    private readonly api: DingApi,
    /** Waits real time; replaced by tests. */
    private readonly wait: (ms: number) => Promise<void> = (ms) => new Promise((resume) => setTimeout(resume, ms)),
  ) {}

  /** The person who came back from the log-in page; null when he is not of this company. */
  async ofPageCode(connection: Connection, code: string): Promise<string | null> {
    const body = JSON.stringify({
      ...this.api.credentials(connection),
      code,
      grantType: 'authorization_code',
    });
    const exchange = { method: 'POST', path: 'oauth2/userAccessToken', body, schema: pageToken } as const;
    const own = await this.api.openly(connection, exchange);
    const person = { method: 'GET', path: 'contact/users/me', schema: whoAmI } as const;
    const me = await this.api.openly(connection, person, own.accessToken);
    try {
      const found = await this.call(connection, 'topapi/user/getbyunionid', { unionid: me.unionId }, byUnion);
      return found.result.userid;
    } catch (error) {
      if (error instanceof DingError && error.kind === 'invisible') return null;
      throw error;
    }
  }

  /** The person in whose DingTalk a page or mini-program asked for a code. */
  async ofClientCode(connection: Connection, code: string): Promise<string> {
    return (await this.call(connection, 'topapi/v2/user/getuserinfo', { code }, client)).result.userid;
  }

  async organisation(connection: Connection): Promise<Organisation> {
    const departments = await this.departments(connection);
    const found = new Map<string, PlatformUser>();
    for (const { department, user: listedUser } of await this.members(connection, departments)) {
      const known = found.get(listedUser.userid);
      const leads = listedUser.leader && !known?.leads.includes(department) ? [department] : [];
      const one = known ?? userOf(listedUser);
      // Older answers name no departments of a person: then the list where he stands does.
      const departmentsOf = one.departments.includes(department) ? one.departments : [...one.departments, department];
      found.set(listedUser.userid, {
        ...one,
        departments: departmentsOf,
        mainDepartment: one.mainDepartment ?? department,
        leads: [...new Set([...one.leads, ...leads])],
      });
    }
    for (const userid of await this.namedFor(connection)) {
      const one = found.has(userid) ? null : await this.user(connection, userid);
      if (one) found.set(userid, one);
    }
    return { departments, users: [...found.values()] };
  }

  /** One person; null when he is not there or not for this app to see. */
  async user(connection: Connection, userid: string): Promise<PlatformUser | null> {
    try {
      const schema = z.object({ result: user });
      return userOf((await this.call(connection, 'topapi/v2/user/get', { userid }, schema)).result);
    } catch (error) {
      if (error instanceof DingError && (error.kind === 'invisible' || error.code === 33012)) return null;
      throw error;
    }
  }

  /**
   * Who may use the app. Of the company's own app it is the 可使用范围, which is not whose contacts it may read; an app of the
   * directory is used by those whom the company has authorised it for.
   */
  async usableBy(connection: Connection): Promise<VisibleRange> {
    if (connection.suiteId !== null) return this.authorisedFor(connection);
    const found = await this.call(
      connection,
      'microapp/visible_scopes',
      { agentId: Number(connection.agentId) },
      scopes,
    );
    const departments = found.deptVisibleScopes ?? [];
    const adminsOnly = found.isHidden ?? false;
    return {
      everybody: !adminsOnly && departments.includes(root),
      adminsOnly,
      userids: found.userVisibleScopes ?? [],
      departments,
    };
  }

  private async authorisedFor(connection: Connection): Promise<VisibleRange> {
    const { auth_org_scopes: scope } = await this.call(connection, 'auth/scopes', null, authorised);
    const departments = scope.authed_dept ?? [];
    return {
      everybody: departments.includes(root),
      adminsOnly: false,
      userids: scope.authed_user ?? [],
      departments,
    };
  }

  /** People whom an app of the directory is authorised for by name: they need not stand in a department that it sees. */
  private async namedFor(connection: Connection): Promise<readonly string[]> {
    return connection.suiteId === null ? [] : (await this.authorisedFor(connection)).userids;
  }

  /** One level a call, so the tree is walked from its root. */
  private async departments(connection: Connection): Promise<PlatformDepartment[]> {
    const one = z.object({ result: department });
    const top = await this.call(connection, 'topapi/v2/department/get', { dept_id: root }, one);
    const found: PlatformDepartment[] = [{ id: root, name: top.result.name ?? null, parentId: 0, sort: 0 }];
    const several = z.object({ result: z.array(department).nullish() });
    for (const parent of found) {
      const below = await this.call(connection, 'topapi/v2/department/listsub', { dept_id: parent.id }, several);
      found.push(
        ...(below.result ?? []).map((each, index) => ({
          id: each.dept_id,
          name: each.name ?? null,
          parentId: parent.id,
          sort: index,
        })),
      );
    }
    return found;
  }

  private async members(
    connection: Connection,
    departments: readonly PlatformDepartment[],
  ): Promise<{ department: number; user: ListedUser }[]> {
    const found: { department: number; user: ListedUser }[] = [];
    const left = departments.map((each) => each.id);
    const reader = async () => {
      for (let next = left.shift(); next !== undefined; next = left.shift()) {
        let cursor: number | undefined = 0;
        while (cursor !== undefined) {
          const request: object = { dept_id: next, cursor, size: pageSize };
          const answer: z.output<typeof listed> = await this.call(connection, 'topapi/v2/user/list', request, listed);
          const { result } = answer;
          for (const each of result.list ?? []) found.push({ department: next, user: each });
          cursor = result.has_more ? result.next_cursor : undefined;
        }
      }
    };
    await Promise.all(Array.from({ length: parallelReads }, reader));
    return found;
  }

  /** Reading a large company runs into the platform's short windows: they are waited for, longer ones are not. */
  private async call<Schema extends z.ZodType>(
    connection: Connection,
    path: string,
    body: object | null,
    schema: Schema,
  ): Promise<z.output<Schema>> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.api.old(connection, path, body && JSON.stringify(body), schema);
      } catch (error) {
        const short =
          error instanceof DingError && error.kind === 'throttled' && error.waitSeconds <= longestWaitSeconds;
        if (!short || attempt >= maxAttempts) throw error;
        await this.wait(error.waitSeconds * 1000);
      }
    }
  }
}

function userOf(one: z.infer<typeof user>): PlatformUser {
  const departments = one.dept_id_list ?? [];
  return {
    userid: one.userid,
    unionid: one.unionid || null,
    name: one.name || null,
    departments,
    mainDepartment: departments[0] ?? null,
    leads: (one.leader_in_dept ?? []).filter((each) => each.leader).map((each) => each.dept_id),
    title: one.title || null,
    mobile: one.mobile || null,
    email: one.email || one.org_email || null,
    managerUserid: one.manager_userid || null,
    // Whoever left is no longer listed at all.
    gone: false,
  };
}
