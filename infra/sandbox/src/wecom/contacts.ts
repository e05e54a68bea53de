import type { WecomContext } from './context.js';
import { WecomError } from './errors.js';
import { memberAs, shownUserid } from './ids.js';
import { type App, type Corp, canSee, type Department, departmentTree, type Member } from './world.js';

type Query = Record<string, string | undefined>;

function refuseAssistant(context: WecomContext, app: App): void {
  if (app.contactSync && context.switches.contactSyncRestricted) throw new WecomError(48009);
}

function departmentOf(corp: Corp, text: string | undefined): number {
  const id = Number(text);
  if (!text || !Number.isInteger(id)) throw new WecomError(60123, `department_id ${text ?? ''}`);
  if (!corp.departments.has(id)) throw new WecomError(60003, text);
  return id;
}

/** Departments the app may see: its visible range with everything below. */
function visibleDepartments(corp: Corp, app: App): Set<number> {
  return new Set(app.visibleDepartments.flatMap((id) => departmentTree(corp, id)));
}

/**
 * Apps of the directory are shown no names: the userid stands in their place, the number in a department's (A16). Those of a
 * company's own are shown them, unless the switch says otherwise: then there is no such field.
 */
function shownName(context: WecomContext, app: App, member: Member): { name?: string } {
  if (app.suite) return { name: shownUserid(app, member.userid) };
  return context.switches.hideNames ? {} : { name: member.name };
}

function memberBody(context: WecomContext, app: App, member: Member): Record<string, unknown> {
  const body = {
    userid: shownUserid(app, member.userid),
    ...shownName(context, app, member),
    department: member.departments,
    order: member.departments.map(() => 0),
    position: member.position,
    is_leader_in_dept: member.departments.map((id) => (member.leads.includes(id) ? 1 : 0)),
    direct_leader: member.directLeader ? [shownUserid(app, member.directLeader)] : [],
    telephone: '',
    alias: '',
    open_userid: app.suite ? shownUserid(app, member.userid) : '',
    main_department: member.departments[0] ?? 1,
    extattr: { attrs: [] },
    status: 1,
    external_position: '',
  };
  if (app.hidePrivateFields) return body;
  return {
    ...body,
    mobile: member.mobile,
    gender: member.gender,
    email: member.email,
    biz_mail: member.email,
    avatar: '',
    thumb_avatar: '',
    qr_code: '',
    address: '',
  };
}

/** Leaders are derived from the members' own `leads`, so that the two cannot disagree. */
function departmentBody(corp: Corp, app: App, department: Department): Record<string, unknown> {
  const leaders = [...corp.members.values()]
    .filter((member) => member.leads.includes(department.id))
    .map((member) => shownUserid(app, member.userid));
  return {
    id: department.id,
    name: app.suite ? String(department.id) : department.name,
    name_en: '',
    department_leader: leaders,
    parentid: department.parentId,
    order: 100_000 - department.id,
  };
}

/** `user/get`: 60111 unknown, 60011 outside the app's visible range. */
export function userGet(context: WecomContext, corp: Corp, app: App, query: Query): Record<string, unknown> {
  refuseAssistant(context, app);
  if (!query.userid) throw new WecomError(40063, 'userid');
  const member = memberAs(corp, app, query.userid);
  if (!member) throw new WecomError(60111, query.userid);
  if (!canSee(corp, app, member)) throw new WecomError(60011);
  return memberBody(context, app, member);
}

function listed(context: WecomContext, corp: Corp, app: App, query: Query): Member[] {
  refuseAssistant(context, app);
  const root = departmentOf(corp, query.department_id);
  if (!visibleDepartments(corp, app).has(root)) throw new WecomError(60011);
  const wanted = new Set(query.fetch_child === '1' ? departmentTree(corp, root) : [root]);
  return [...corp.members.values()].filter(
    (member) => member.departments.some((id) => wanted.has(id)) && canSee(corp, app, member),
  );
}

/** `user/simplelist`: the direct members of one department. */
export function userSimpleList(context: WecomContext, corp: Corp, app: App, query: Query): Record<string, unknown> {
  return {
    userlist: listed(context, corp, app, query).map((member) => ({
      userid: shownUserid(app, member.userid),
      ...shownName(context, app, member),
      department: member.departments,
      open_userid: app.suite ? shownUserid(app, member.userid) : '',
    })),
  };
}

/** `user/list`: the same with every field the app may see. */
export function userList(context: WecomContext, corp: Corp, app: App, query: Query): Record<string, unknown> {
  return { userlist: listed(context, corp, app, query).map((member) => memberBody(context, app, member)) };
}

/** `user/list_id`: pairs of member and department by cursor; the contact-sync secret only (48002 otherwise). */
export function userListId(corp: Corp, app: App, body: Record<string, unknown>): Record<string, unknown> {
  if (!app.contactSync) throw new WecomError(48002);
  const limit = body.limit === undefined ? 10_000 : Number(body.limit);
  if (!Number.isInteger(limit) || limit < 1 || limit > 10_000) throw new WecomError(40058, 'limit');
  const cursor = typeof body.cursor === 'string' ? body.cursor : '';
  const start = cursor === '' ? 0 : Number(Buffer.from(cursor, 'base64url').toString());
  if (!Number.isInteger(start) || start < 0) throw new WecomError(40058, 'cursor');
  const pairs = [...corp.members.values()].flatMap((member) =>
    member.departments.map((department) => ({ userid: member.userid, department })),
  );
  const end = start + limit;
  return {
    next_cursor: end < pairs.length ? Buffer.from(String(end)).toString('base64url') : '',
    dept_user: pairs.slice(start, end),
  };
}

function departments(corp: Corp, app: App, id: string | undefined): Department[] {
  const visible = visibleDepartments(corp, app);
  const wanted = id ? departmentTree(corp, departmentOf(corp, id)) : [...corp.departments.keys()];
  return wanted.filter((each) => visible.has(each)).flatMap((each) => corp.departments.get(each) ?? []);
}

/** `department/list`: recursive; without `id` everything visible. */
export function departmentList(context: WecomContext, corp: Corp, app: App, query: Query): Record<string, unknown> {
  refuseAssistant(context, app);
  return { department: departments(corp, app, query.id).map((department) => departmentBody(corp, app, department)) };
}

/** `department/simplelist`: ids only, open to the contact-sync secret. */
export function departmentSimpleList(corp: Corp, app: App, query: Query): Record<string, unknown> {
  return {
    department_id: departments(corp, app, query.id).map((department) => ({
      id: department.id,
      parentid: department.parentId,
      order: 100_000 - department.id,
    })),
  };
}

/** `department/get`: one department. */
export function departmentGet(context: WecomContext, corp: Corp, app: App, query: Query): Record<string, unknown> {
  refuseAssistant(context, app);
  const id = departmentOf(corp, query.id);
  const department = corp.departments.get(id);
  if (!department || !visibleDepartments(corp, app).has(id)) throw new WecomError(60011);
  return { department: departmentBody(corp, app, department) };
}

/** `agent/get`: the app's own settings, with who may see it (可见范围). */
export function agentGet(corp: Corp, app: App, query: Query): Record<string, unknown> {
  if (app.contactSync) throw new WecomError(48002);
  if (Number(query.agentid) !== app.agentId) throw new WecomError(query.agentid ? 301002 : 41011, query.agentid);
  return {
    agentid: app.agentId,
    name: app.name,
    description: app.description,
    allow_userinfos: { user: app.visibleUsers.map((userid) => ({ userid: shownUserid(app, userid) })) },
    allow_partys: { partyid: app.visibleDepartments.filter((id) => corp.departments.has(id)) },
    allow_tags: { tagid: app.visibleTags.filter((id) => corp.tags.has(id)) },
    close: 0,
    home_url: app.homeUrl ?? '',
  };
}

/** `tag/get`: 40068 for a tag that is not there. */
export function tagGet(context: WecomContext, corp: Corp, app: App, query: Query): Record<string, unknown> {
  const tag = corp.tags.get(Number(query.tagid));
  if (!tag) throw new WecomError(40068, query.tagid);
  const userlist = tag.userids.flatMap((userid) => {
    const member = corp.members.get(userid.toLowerCase());
    return member ? [{ userid: shownUserid(app, member.userid), ...shownName(context, app, member) }] : [];
  });
  return { tagname: tag.name, userlist, partylist: tag.parties };
}
