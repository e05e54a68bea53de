import type { DepartmentId, MemberId } from '@lianke/shared/ids';
import { describe, expect, it } from 'vitest';
import { type Known, type KnownMember, leavers, planDepartments, planMembers } from './sync-plan.js';
import type { WecomUser } from './wecom-client.js';

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
const user = (userid: string, more: Partial<WecomUser> = {}): WecomUser => ({
  userid,
  name: userid,
  department: [1],
  is_leader_in_dept: [],
  direct_leader: [],
  ...more,
});
const known = (members: KnownMember[], accounts: [string, string][] = []): Known => ({
  departments: [],
  members,
  accounts: new Map(accounts.map(([key, memberId]) => [key, id(memberId)])),
  reachableElsewhere: new Set(),
});
const root = new Map([[1, 'd1' as DepartmentId]]);
const plan = (users: WecomUser[], state: Known, complete = true) => planMembers(users, root, state, ids(), complete);

describe('departments', () => {
  it('are matched by number, else by name below the same parent, parents first', () => {
    const { plan: changes, ids: found } = planDepartments(
      'wwA',
      [
        { id: 3, name: '华东', parentid: 2 },
        { id: 2, name: '销售部', parentid: 1 },
        { id: 1, name: '公司', parentid: 0 },
      ],
      [
        { id: 'old' as DepartmentId, name: '公司', parentId: null, sort: 0, externalId: null },
        {
          id: 'renamed' as DepartmentId,
          name: '营业部',
          parentId: 'old' as DepartmentId,
          sort: 0,
          externalId: 'wwa:2',
        },
        { id: 'gone' as DepartmentId, name: '撤销的', parentId: null, sort: 0, externalId: 'wwa:9' },
        { id: 'foreign' as DepartmentId, name: '别家', parentId: null, sort: 0, externalId: 'wwb:9' },
      ],
      ids(),
    );
    expect(Object.fromEntries(found)).toEqual({ 1: 'old', 2: 'renamed', 3: 'new-1' });
    expect(changes.insert.map((row) => [row.name, row.parentId])).toEqual([['华东', 'renamed']]);
    expect(changes.update.map((row) => row.name)).toEqual(['公司', '销售部']);
    expect(changes.remove).toEqual(['gone']);
  });

  it('that did not change are left alone', () => {
    const first = planDepartments('ww', [{ id: 1, name: '公司', parentid: 0, order: 5 }], [], ids());
    const rows = first.plan.insert.map((row) => ({ ...row }));
    expect(planDepartments('ww', [{ id: 1, name: '公司', parentid: 0, order: 5 }], rows, ids()).plan).toEqual({
      insert: [],
      update: [],
      remove: [],
    });
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
    expect(plan([user('u', { status: 2 }), user('v', { status: 4 })], state)).toMatchObject({
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
