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
  email: null,
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
  former: [],
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

  it('whose names are withheld stand under their number, and keep a name that somebody entered', () => {
    const nameless = [
      { ...department(1, '', 0), name: null },
      { ...department(3, '', 1), name: null },
      { ...department(4, '', 1), name: null },
    ];
    const known = {
      departments: [row('top', '公司'), row('old', '3', 'top')],
      mapped: new Map([
        [1, dept('top')],
        [3, dept('old')],
      ]),
    };
    const { plan: changes } = planDepartments(connection('wwA'), nameless, known, ids());
    expect(changes.update.map((each) => each.name)).toEqual(['公司', '部门 3']);
    expect(changes.insert.map((each) => each.name)).toEqual(['部门 4']);
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

  describe('who left both platforms and return', () => {
    const former = (userKey: string | null, memberId: string, unionid: string | null = null) => ({
      userKey,
      unionid,
      memberId: id(memberId),
    });
    const gone = (more: Partial<KnownMember> = {}) => member('m', { state: 'left', source: 'dingtalk', ...more });

    it('are one again whichever platform names them first: an account of before says so', () => {
      const state = known([gone({ account: 'other' })]);
      state.former = [former('u', 'm')];
      expect(plan([user('U')], state).members).toMatchObject([{ id: 'm', created: false, active: true }]);
      // Even whom somebody entered by hand, where the platform had him before.
      state.members = [gone({ source: 'manual' })];
      expect(plan([user('u')], state).members).toMatchObject([{ id: 'm', active: true }]);
    });

    it('are one again under another userid, by what the platform calls the person', () => {
      const state = known([gone()]);
      state.former = [former('u', 'm', 'union')];
      expect(plan([user('new', { unionid: 'union' })], state).members).toMatchObject([{ id: 'm' }]);
    });

    it('are one again under another userid, by the mobile or the e-mail that both know', () => {
      const byMobile = known([gone({ mobile: '138 0000 0001' })]);
      expect(plan([user('new', { mobile: '+8613800000001' })], byMobile).members).toMatchObject([{ id: 'm' }]);
      const byEmail = known([gone({ email: 'Wang@Example.com' })]);
      expect(plan([user('new', { email: 'wang@example.com' })], byEmail).members).toMatchObject([{ id: 'm' }]);
    });

    it('come back at the second platform too, whose account he had before', () => {
      const state = known([member('m', { email: 'w@example.com', source: 'dingtalk' })]);
      const back = () => plan([user('new', { email: 'w@example.com' })], state).members[0];
      expect(back()).toMatchObject({ created: true });
      state.former = [former('u', 'm')];
      expect(back()).toMatchObject({ id: 'm', created: false });
    });

    it('are nobody by an address that two have, by another connection’s userid, or by hand', () => {
      const two = known([gone({ email: 'info@example.com' }), { ...gone({ email: 'info@example.com' }), id: id('n') }]);
      expect(plan([user('new', { email: 'info@example.com' })], two).members).toMatchObject([{ created: true }]);
      const elsewhere = known([gone()]);
      elsewhere.former = [former(null, 'm', 'u')];
      expect(plan([user('u')], elsewhere).members).toMatchObject([{ created: true }]);
      const byHand = known([gone({ source: 'manual', mobile: '13800000001' })]);
      expect(plan([user('u', { mobile: '13800000001' })], byHand).members).toMatchObject([{ created: true }]);
    });

    it('never take the place of somebody who is there', () => {
      const state = known([member('m', { mobile: '1' })], [['u', 'm']]);
      state.former = [former('old', 'm')];
      const { members } = plan([user('u'), user('old', { mobile: '1' })], state);
      expect(members.map((row) => row.id)).toEqual(['m', 'new-1']);
    });

    it('got another userid meanwhile, and nobody left', () => {
      const state = known([member('m', { mobile: '13800000001' })], [['old', 'm']]);
      const changes = plan([user('new', { mobile: '13800000001' })], state);
      expect(changes).toMatchObject({ members: [{ id: 'm', active: true }], unbind: ['old'], leave: [] });
    });
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
