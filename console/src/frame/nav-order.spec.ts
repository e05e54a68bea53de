import { describe, expect, it } from 'vitest';
import { intoGroup, movedBy, movedTo, type NavItem, renamedGroup } from './nav-order.js';

const item = (id: string, group: string | null = null) =>
  ({ kind: 'form', id, key: id, name: id, group, icon: null }) as NavItem;
const nav = [item('a'), item('b', '销售'), item('c', '销售'), item('d')];
const told = (items: NavItem[]) => items.map((each) => (each.group ? `${each.group}/${each.id}` : each.id));

describe('the navigation of an app', () => {
  it('takes an item next to another, into its group', () => {
    expect(told(movedTo(nav, 'd', 'b', 'after'))).toEqual(['a', '销售/b', '销售/d', '销售/c']);
    expect(told(movedTo(nav, 'b', 'a', 'before'))).toEqual(['b', 'a', '销售/c', 'd']);
  });
  it('moves by keyboard within a group, out of it, and into it', () => {
    expect(told(movedBy(nav, 'b', 1))).toEqual(['a', '销售/c', '销售/b', 'd']);
    expect(told(movedBy(nav, 'c', 1))).toEqual(['a', '销售/b', 'c', 'd']);
    expect(told(movedBy(nav, 'd', -1))).toEqual(['a', '销售/b', '销售/c', '销售/d']);
    expect(told(movedBy(nav, 'a', -1))).toEqual(['a', '销售/b', '销售/c', 'd']);
  });
  it('puts an item into a group, and takes groups apart', () => {
    expect(told(intoGroup(nav, 'a', '销售'))).toEqual(['销售/b', '销售/c', '销售/a', 'd']);
    expect(told(intoGroup(nav, 'd', '新的'))).toEqual(['a', '销售/b', '销售/c', '新的/d']);
    expect(told(renamedGroup(nav, '销售', null))).toEqual(['a', 'b', 'c', 'd']);
  });
});
