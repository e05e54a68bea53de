import { describe, expect, it } from 'vitest';
import { isOpenPlace } from './open-places.js';
import { PackageNames } from './package-names.js';

const form = '01980f3e-7a5b-7c1d-8e2f-0a1b2c3d4e5f';
const wang = '01980f3e-7a5b-7c1d-8e2f-000000000001';
const people = { members: new Set([wang]), departments: new Set<string>() };
const named = () => new PackageNames({ 'form:customer': form, 'field:customer/grade': 'f_abcdefghij' });

describe('names of a package', () => {
  it('stand for ids wherever these stand, and back', () => {
    const value = { formId: form, expression: '{f_abcdefghij}+1', widths: { f_abcdefghij: 80 } };
    const packed = named().encode(value, people);
    expect(packed).toEqual({
      formId: 'form:customer',
      expression: '{field:customer/grade}+1',
      widths: { 'field:customer/grade': 80 },
    });
    expect(named().decode(packed)).toEqual(value);
  });

  it.each(['见 form:customer', 'form:\\customer', 'form:\\\\x', 'role:nobody 与 field:a/b/c', '普通的话：form: x'])(
    'leave a text that looks like one as it is: %s',
    (text) => {
      const names = named();
      expect(names.decode(names.encode({ text }, people))).toEqual({ text });
    },
  );

  it('tell nobody and no id that means nothing here', () => {
    const names = named();
    const packed = names.encode({ a: wang, b: '01980f3e-7a5b-7c1d-8e2f-0a1b2c3d4e60', c: 'f_zzzzzzzzzz' }, people, {
      kind: 'flow',
      name: '审批',
    });
    expect(packed).toEqual({ a: 'member:m1', b: '00000000-0000-0000-0000-000000000000', c: 'f_0000000000' });
    expect([...names.open.values()]).toEqual([{ kind: 'member', key: 'm1', uses: [{ kind: 'flow', name: '审批' }] }]);
  });

  it('make open places of people whom nobody chose, which are the same places when packed again', () => {
    const open = named().decode('member:m3') as string;
    expect(isOpenPlace(open)).toBe(true);
    expect(named().encode({ open }, people)).toEqual({ open: 'member:m3' });
  });

  it('learn who was put into an open place', () => {
    const names = named();
    names.learn({ approvers: [{ ids: ['member:m1'] }] }, { approvers: [{ ids: [wang] }] }, people);
    expect(names.id('member:m1')).toBe(wang);
  });

  it('refuse a name of nothing', () => {
    expect(() => named().decode({ formId: 'form:nothing' })).toThrow('form:nothing');
  });
});
