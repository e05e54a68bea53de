// @vitest-environment jsdom
import { expect, it, vi } from 'vitest';
import { draw } from '../../test/draw.js';
import { MemberRows } from './member-rows.js';
import { Named } from './named.js';

const names = {
  connection: { id: 'c', corpId: 'wp1', agentId: '7', script: 'https://open.work.weixin.qq.com/x.js' },
  searchable: true,
  items: [
    { kind: 'member', text: '成员 aaaaa1', id: 'woAAAAAAAAAAAAAAAAAAAAAAAAaaaaa1' },
    { kind: 'department', text: '部门 3', id: '3' },
  ],
};
const member = (id: string, name: string) => ({ id, name, state: 'active', departments: [] });

it('names that WeCom withholds are drawn by its own element, words around them stay', async () => {
  const page = draw(<Named text="成员 aaaaa1提交，抄送部门 3与成员 bbbbb2" />, { 'GET /withheld-names': () => names });
  await page.until(() => expect(page.asked.map((one) => one.path)).toEqual(['/withheld-names']));
  // Whoever cannot be drawn is read as he stands.
  expect(page.text()).toBe('成员 aaaaa1提交，抄送部门 3与成员 bbbbb2');
});

it('nothing is asked where no name is withheld', async () => {
  const page = draw(<Named text="王芳提交" />, {});
  await page.until(() => expect(page.text()).toBe('王芳提交'));
  expect(page.asked).toEqual([]);
});

it('王芳 was not found by her name, because only WeCom knows it: it is asked who is called so', async () => {
  const items = [member('m1', '成员 aaaaa1'), member('m2', '成员 bbbbb2')];
  const tapped = vi.fn();
  const page = draw(<MemberRows chosen={[]} only={[]} onTap={tapped} />, {
    'GET /members': () => ({ items, cursor: null }),
    'GET /withheld-names': () => names,
    'GET /withheld-names/search': ({ query }) => ({ searchable: true, ids: query.name === '王芳' ? ['m1'] : [] }),
  });
  await page.until(() => expect(page.text()).toContain('成员 bbbbb2'));
  await page.type('搜索', '王芳');
  await page.until(() => expect(page.text()).not.toContain('成员 bbbbb2'));
  expect(page.text()).toContain('成员 aaaaa1');
});
