import { describe, expect, it } from 'vitest';
import { departmentStandIn, isStandIn, mayHoldStandIn, splitStandIns, standInFor } from './stand-in.js';

const userid = 'woABCDEFGHIJKLMNOPQRSTUVWXYZ123456';
const name = standInFor(userid);

describe('what stands in the place of a name', () => {
  it('is the userid, or the end of one that nobody can read', () => {
    expect(name).toBe('成员 123456');
    expect(standInFor('wangfang')).toBe('wangfang');
  });

  it('is found in sentences, as a whole and not in other words', () => {
    const known = new Map([
      [name, 'a'],
      [departmentStandIn(3), 'b'],
      ['wangfang', 'c'],
    ]);
    expect(splitStandIns(`${name}提交，抄送部门 3`, known)).toEqual([
      { text: name, one: 'a' },
      '提交，抄送',
      { text: '部门 3', one: 'b' },
    ]);
    expect(splitStandIns('wangfang', known)).toEqual([{ text: 'wangfang', one: 'c' }]);
    for (const words of [`${name}7`, '部门 31', '成员 999999 提交', 'wangfang 提交', ''])
      expect(splitStandIns(words, known).filter((piece) => typeof piece !== 'string')).toEqual([]);
  });

  it('is worth asking for where a text looks like it', () => {
    expect([name, `由 ${name} 提交`, '部门 3'].every(mayHoldStandIn)).toBe(true);
    expect(['王芳', '成员 12', '部门三'].some(mayHoldStandIn)).toBe(false);
  });

  it('is a whole name or only part of a text', () => {
    expect(isStandIn(name)).toBe(true);
    expect(['王芳', '成员', `由 ${name} 提交`, '部门 3', 'wangfang'].some(isStandIn)).toBe(false);
  });
});
