import { OapiError } from './errors.js';
import {
  type DingApp,
  type DingCorp,
  type DingDepartment,
  type DingMember,
  dingDepartmentTree,
  inScope,
  memberByUnionId,
  unionIdFor,
} from './world.js';

type Body = Record<string, unknown>;

/** A number that may have come as text, as form posts send it. */
function number(value: unknown, name: string, fallback?: number): number {
  const read = typeof value === 'string' && value !== '' ? Number(value) : value;
  if (read === undefined || read === null || read === '') {
    if (fallback !== undefined) return fallback;
    throw new OapiError(40035, `缺少 ${name}`);
  }
  if (typeof read !== 'number' || !Number.isInteger(read)) throw new OapiError(400002, name);
  return read;
}

function needDepartment(corp: DingCorp, app: DingApp, id: number): DingDepartment {
  const department = corp.departments.get(id);
  if (!department) throw new OapiError(60003);
  const visible = app.visibleDepartments.flatMap((root) => dingDepartmentTree(corp, root));
  if (id !== 1 && !visible.includes(id)) throw new OapiError(50004, `${department.name} 不在授权范围`);
  return department;
}

function needMember(corp: DingCorp, app: DingApp, userid: unknown): DingMember {
  if (typeof userid !== 'string' || userid === '') throw new OapiError(33012);
  const member = corp.members.get(userid);
  if (!member) throw new OapiError(60121);
  if (!inScope(corp, app, member)) throw new OapiError(50002, member.name);
  return member;
}

/** A person as `v2/user/get` shows them; private fields only with their permission. */
function user(app: DingApp, member: DingMember): Body {
  return {
    userid: member.userid,
    unionid: unionIdFor(app, member),
    name: member.name,
    avatar: '',
    title: member.title,
    job_number: '',
    ...(app.permissions.includes('mobile') ? { mobile: member.mobile, state_code: '86', hide_mobile: false } : {}),
    ...(app.permissions.includes('email') ? { email: member.email, org_email: '' } : {}),
    dept_id_list: member.departments,
    dept_order_list: member.departments.map((id) => ({ dept_id: id, order: 1 })),
    leader_in_dept: member.departments.map((id) => ({ dept_id: id, leader: member.leads.includes(id) })),
    ...(member.manager ? { manager_userid: member.manager } : {}),
    active: true,
    real_authed: true,
    senior: false,
    admin: member.userid === 'admin',
    boss: member.userid === 'boss',
    role_list: [],
    exclusive_account: false,
  };
}

function department(corp: DingCorp, each: DingDepartment): Body {
  return {
    dept_id: each.id,
    name: each.name,
    ...(each.parentId > 0 ? { parent_id: each.parentId } : {}),
    create_dept_group: false,
    auto_add_user: false,
    dept_manager_userid_list: [...corp.members.values()]
      .filter((member) => member.leads.includes(each.id))
      .map((member) => member.userid),
  };
}

function membersOf(corp: DingCorp, app: DingApp, body: Body): { members: DingMember[]; id: number } {
  const id = number(body.dept_id, 'dept_id');
  needDepartment(corp, app, id);
  const members = [...corp.members.values()].filter(
    (member) => member.departments.includes(id) && inScope(corp, app, member),
  );
  return { members, id };
}

function pageOf<T>(all: T[], body: Body): { list: T[]; has_more: boolean; next_cursor?: number } {
  const cursor = number(body.cursor, 'cursor', 0);
  const size = number(body.size, 'size');
  if (size < 1 || size > 100 || cursor < 0) throw new OapiError(400002, 'size 须在 1 到 100 之间');
  const next = cursor + size;
  const more = next < all.length;
  return { list: all.slice(cursor, next), has_more: more, ...(more ? { next_cursor: next } : {}) };
}

/** `topapi/…` calls about people and departments (DD/query-user-details and neighbours). Each answers `result`. */
export const contactCalls: Record<string, (corp: DingCorp, app: DingApp, body: Body) => unknown> = {
  'topapi/v2/department/listsub': (corp, app, body) => {
    const id = number(body.dept_id, 'dept_id', 1);
    needDepartment(corp, app, id);
    const visible = new Set(app.visibleDepartments.flatMap((root) => dingDepartmentTree(corp, root)));
    return [...corp.departments.values()]
      .filter((each) => each.parentId === id && visible.has(each.id))
      .map((each) => department(corp, each));
  },
  'topapi/v2/department/listsubid': (corp, app, body) => {
    const id = number(body.dept_id, 'dept_id');
    needDepartment(corp, app, id);
    return {
      dept_id_list: [...corp.departments.values()].filter((each) => each.parentId === id).map((each) => each.id),
    };
  },
  'topapi/v2/department/get': (corp, app, body) =>
    department(corp, needDepartment(corp, app, number(body.dept_id, 'dept_id'))),
  'topapi/v2/department/listparentbyuser': (corp, app, body) => ({
    parent_list: needMember(corp, app, body.userid).departments.map((id) => ({
      parent_dept_id_list: chain(corp, id),
    })),
  }),
  'topapi/v2/user/list': (corp, app, body) => {
    const { members, id } = membersOf(corp, app, body);
    const page = pageOf(members, body);
    return {
      ...page,
      list: page.list.map((member) => ({ ...user(app, member), leader: member.leads.includes(id), dept_order: 1 })),
    };
  },
  'topapi/user/listsimple': (corp, app, body) => {
    const page = pageOf(membersOf(corp, app, body).members, body);
    return { ...page, list: page.list.map((member) => ({ userid: member.userid, name: member.name })) };
  },
  'topapi/user/listid': (corp, app, body) => ({
    userid_list: membersOf(corp, app, body).members.map((member) => member.userid),
  }),
  'topapi/v2/user/get': (corp, app, body) => user(app, needMember(corp, app, body.userid)),
  'topapi/v2/user/getbymobile': (corp, app, body) => {
    const member = [...corp.members.values()].find((each) => each.mobile !== '' && each.mobile === body.mobile);
    if (!member) throw new OapiError(60121);
    return { userid: needMember(corp, app, member.userid).userid, exclusive_account_userid_list: [] };
  },
  'topapi/user/getbyunionid': (corp, app, body) => {
    const member = typeof body.unionid === 'string' ? memberByUnionId(corp, app, body.unionid) : undefined;
    if (!member) throw new OapiError(60121);
    return { contact_type: 0, userid: member.userid };
  },
};

/** `auth/scopes`: whom the company has authorised the app for. */
export function authScopes(app: DingApp): Body {
  return {
    auth_org_scopes: { authed_dept: app.visibleDepartments, authed_user: (app.suite && app.usable?.userids) || [] },
    auth_user_field: ['name', ...app.permissions.filter((each) => each === 'mobile' || each === 'email')],
  };
}

/** `microapp/visible_scopes`: who may use the company's own app, beside `errcode`. */
export function usableScopes(app: DingApp, body: Body, adminsOnly: boolean): Body {
  if (app.suite) throw new OapiError(60011, 'microapp/visible_scopes');
  if (number(body.agentId, 'agentId') !== app.agentId) throw new OapiError(40056);
  const usable = app.usable ?? { adminsOnly: false, departments: app.visibleDepartments, userids: [] };
  return {
    isHidden: adminsOnly || usable.adminsOnly,
    deptVisibleScopes: usable.departments,
    userVisibleScopes: usable.userids,
  };
}

/** A department and those above it, the root last. */
function chain(corp: DingCorp, id: number): number[] {
  const found: number[] = [];
  for (let at = corp.departments.get(id); at && !found.includes(at.id); at = corp.departments.get(at.parentId))
    found.push(at.id);
  return found;
}
