import type { ConnectionId, DepartmentId, MemberId } from '@lianke/shared/ids';
import { describe, expect, it } from 'vitest';
import type { PlatformDepartment, PlatformUser } from '../port/platform.js';
import { type Known, type KnownMember, leavers, planDepartments, planMembers } from './sync-plan.js';

const ids = () => {
  let next = 0;
  return () => `new-${++next}`;
};
const id = (text: string) => text as MemberId;
const member = (own: string, more: Partial<KnownMember> = {}): KnownMember => ({
  id: id(own),
  name: own,
  account: null,
  mobile: null,
  state: 'active',
  source: 'wecom',
  admin: false,
  ...more,
});
const user = (userid: string, more: Partial<PlatformUser> = {}): PlatformUser => ({
  userid,
  unionid: null,
  name: userid,
  departments: [1],
  mainDepartment: 1,
  leads: [],
  title: null,
  mobile: null,
  email: null,
  managerUserid: null,
  gone: false,
  ...more,
});
const department = (number: number, name: string, parentId: number): PlatformDepartment => ({
  id: number,
  name,
  parentId,
  sort: 0,
});
const connection = (corpId: string, own = 'c1') => ({ id: own as ConnectionId, corpId });
const nothing = { departments: [], mapped: new Map<number, DepartmentId>() };
const known = (members: KnownMember[], accounts: [string, string][] = []): Known => ({
  ...nothing,
  members,
  accounts: new Map(accounts.map(([key, memberId]) => [key, id(memberId)])),
  sameCompany: new Map(),
  reachableElsewhere: new Set(),
});
const root = new Map([[1, 'd1' as DepartmentId]]);
const plan = (users: PlatformUser[], state: Known, complete = true) =>
  planMembers(users, root, state, ids(), { complete, channel: 'wecom', userKey: (userid) => userid.toLowerCase() });

const dept = (text: string) => text as DepartmentId;
const row = (own: string, name: string, parent: string | null = null) => ({
  id: dept(own),
  name,
  parentId: parent === null ? null : dept(parent),
  sort: 0,
  externalId: null as string | null,
  connectionId: 'c1' as ConnectionId | null,
});

describe('departments', () => {
  it('are matched by number, else by name below the same parent, parents first', () => {
    const { plan: changes, ids: found } = planDepartments(
      connection('wwA'),
      [department(3, '华东', 2), department(2, '销售部', 1), department(1, '公司', 0)],
      {
        ...nothing,
        departments: [
          { ...row('old', '公司'), connectionId: null },
          { ...row('renamed', '营业部', 'old'), externalId: 'wwa:2' },
          { ...row('gone', '撤销的'), externalId: 'wwa:9', connectionId: null },
          { ...row('foreign', '别家'), externalId: 'wwb:9' },
        ],
      },
      ids(),
    );
    expect(Object.fromEntries(found)).toEqual({ 1: 'old', 2: 'renamed', 3: 'new-1' });
    expect(changes.insert.map((each) => [each.name, each.parentId])).toEqual([['华东', 'renamed']]);
    expect(changes.update.map((each) => each.name)).toEqual(['公司', '销售部']);
    expect(changes.remove).toEqual(['gone']);
  });

  it('that did not change are left alone', () => {
    const own = connection('ww');
    const first = planDepartments(own, [department(1, '公司', 0)], nothing, ids());
    const rows = first.plan.insert.map((each) => ({ ...each, connectionId: own.id }));
    const again = planDepartments(own, [department(1, '公司', 0)], { ...nothing, departments: rows }, ids());
    expect(again.plan).toMatchObject({ insert: [], update: [], remove: [] });
  });

  it('of a second platform meet those of the first by name, and are not renamed or moved by it', () => {
    const first = [row('top', '公司'), row('sales', '销售部', 'top')].map((each, index) => ({
      ...each,
      externalId: `wwa:${index + 1}`,
    }));
    const { plan: changes, ids: found } = planDepartments(
      connection('dingB', 'c2'),
      [{ ...department(1, '公司', 0), sort: 7 }, department(9, '销售部', 1), department(10, '售后', 1)],
      { ...nothing, departments: first },
      ids(),
    );
    expect(Object.fromEntries(found)).toEqual({ 1: 'top', 9: 'sales', 10: 'new-1' });
    expect(changes.update).toEqual([]);
    expect(changes.insert.map((each) => each.name)).toEqual(['售后']);
  });

  it('renamed by the second platform stay the same one, because their number is known', () => {
    const known = {
      departments: [row('top', '公司'), row('sales', '销售部', 'top')],
      mapped: new Map([[9, dept('sales')]]),
    };
    const { ids: found } = planDepartments(connection('dingB', 'c2'), [department(9, '营销部', 1)], known, ids());
    expect(found.get(9)).toBe('sales');
  });
});

describe('people', () => {
  it('are found by account here, by userid as account whatever its case, by mobile, else made', () => {
    const state = known(
      [
        member('bound'),
        member('by-account', { account: 'WangFang', source: 'manual', name: '王芳' }),
        member('by-mobile', { mobile: '13800000001', source: 'manual' }),
      ],
      [['u1', 'bound']],
    );
    const { members } = plan([user('U1'), user('wangfang'), user('u3', { mobile: '13800000001' }), user('u4')], state);
    expect(members.map((row) => [row.userid, row.id, row.created])).toEqual([
      ['U1', 'bound', false],
      ['wangfang', 'by-account', false],
      ['u3', 'by-mobile', false],
      ['u4', 'new-1', true],
    ]);
    // A name entered by hand stays.
    expect(members.map((row) => row.name)).toEqual(['U1', null, null, 'u4']);
  });

  it('of a second platform are not taken for somebody by a userid that happens to be his account', () => {
    const state = known([
      member('zhang', { account: '1001', mobile: '138 0000 0001' }),
      member('li', { account: '1002' }),
    ]);
    state.reachableElsewhere = new Set([id('zhang'), id('li')]);
    const { members } = plan([user('1001'), user('1002', { mobile: '+8613800000001' })], state);
    expect(members.map((each) => [each.userid, each.id])).toEqual([
      ['1001', 'new-1'],
      ['1002', 'zhang'],
    ]);
  });

  it('of another app of the same company are who they are there', () => {
    const state = known([member('zhang', { account: 'z' })]);
    state.reachableElsewhere = new Set([id('zhang')]);
    state.sameCompany = new Map([['1001', id('zhang')]]);
    expect(plan([user('1001')], state).members).toMatchObject([{ id: 'zhang', created: false }]);
  });

  it('never become two, and never take an account that is taken', () => {
    const state = known([member('a', { account: 'boss', state: 'left', source: 'manual' })]);
    const [row] = plan([user('boss')], state).members;
    expect(row).toMatchObject({ created: true, account: null });
    const twice = plan([user('x', { mobile: '1' }), user('y', { mobile: '1' })], known([member('m', { mobile: '1' })]));
    expect(twice.members.map((each) => each.id)).toEqual(['m', 'new-1']);
  });

  it('who are back are the same members again, unless an administrator made them leave here', () => {
    const back = plan([user('u')], known([member('m', { account: 'u', state: 'left' })])).members[0];
    expect(back).toMatchObject({ id: 'm', active: true });
    const dismissed = plan([user('u')], known([member('m', { state: 'left' })], [['u', 'm']])).members[0];
    expect(dismissed).toMatchObject({ id: 'm', active: false });
  });

  it('disabled at the platform count as gone', () => {
    const state = known(
      [member('m'), member('n')],
      [
        ['u', 'm'],
        ['v', 'n'],
      ],
    );
    expect(plan([user('u', { gone: true }), user('v')], state)).toMatchObject({
      unbind: ['u'],
      leave: ['m'],
    });
  });
});

describe('leavers', () => {
  const crowd = (count: number) => {
    const names = Array.from({ length: count }, (_, index) => `u${index}`);
    return known(
      names.map((name) => member(name)),
      names.map((name) => [name, name]),
    );
  };

  it('are only believed when everything was read', () => {
    expect(plan([], crowd(3), false)).toMatchObject({ unbind: [], leave: [] });
    expect(plan([user('u0')], crowd(3))).toMatchObject({ unbind: ['u1', 'u2'], leave: ['u1', 'u2'] });
  });

  it('are held back when there are suspiciously many', () => {
    expect(plan([user('u0')], crowd(20))).toMatchObject({ unbind: [], leave: [], heldBack: 19 });
  });

  it('never take the last administrator, nor whom another connection knows', () => {
    const boss = member('boss', { admin: true });
    const state = { members: [boss, member('m'), member('n')], reachableElsewhere: new Set([id('n')]) };
    expect(leavers(state, [id('boss'), id('m'), id('n')])).toEqual(['m']);
    const two = { ...state, members: [boss, member('other', { admin: true })] };
    expect(leavers(two, [id('boss')])).toEqual(['boss']);
  });
});
