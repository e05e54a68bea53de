// @vitest-environment jsdom
import { afterEach, expect, test, vi } from 'vitest';
import { draw } from '../../../test/draw.js';
import { stored, taro } from '../../../test/fake-taro.js';
import { field, form } from '../../../test/forms.js';
import type { FormView } from '../../data/record-types.js';
import { saidInChat } from '../../data/sidebar.js';
import { visitFields } from '../../data/visit-form.js';
import { FollowUp } from './follow-up.js';

const customers = form('customer', '客户信息表', [field('text', 'name', '客户名称')]);
const usual = [
  field('relation', 'customer', '客户', { config: { formId: customers.id } }),
  field('text', 'content', '内容摘要'),
];
const said = '聊了什么，结果怎样';

afterEach(() => {
  vi.useRealTimers();
  stored.clear();
  taro.pageScrollTo.mockReset();
});

/** The box beside a chat with 宁德时代, and what the server answers to its save. */
function beside(used: FormView, save: () => unknown = () => ({ id: 'v1', version: 1, label: '', values: {} })) {
  const fields = visitFields(used, customers.id);
  if (!fields) throw new Error('no visit fields');
  const done: string[] = [];
  const page = draw(
    <FollowUp
      form={used}
      fields={saidInChat(used, fields)}
      todo={undefined}
      customer={{ id: 'c1', label: '宁德时代' }}
      onSaved={() => done.push('saved')}
    />,
    { [`POST /forms/${used.id}/records`]: save },
  );
  return { ...page, done };
}

test('beside the chat only what was said is asked for where the form requires no more', async () => {
  const page = beside(form('followUp', '跟进记录', [...usual, field('text', 'free', '备用')]));
  await page.shows('内容摘要');
  expect(page.text()).not.toContain('备用');
  await page.tap('保存');
  await page.shows('请写一句');
  await page.type(said, '发了报价');
  await page.tap('保存');
  expect((await page.sent('POST')).body).toMatchObject({ values: { customer: 'c1', content: '发了报价' } });
  await page.until(() => expect(page.done).toEqual(['saved']));
});

test('what the company requires is asked for beside the chat and checked at the field (the server refused it unseen)', async () => {
  const level = field('text', 'level', '客户级别', { rules: { required: true } });
  const why = field('text', 'why', '升级原因', { rules: { visibleWhen: { field: 'level', op: 'eq', value: 'A' } } });
  const plan = field('text', 'plan', '下一步计划', { rules: { required: true } });
  const used = form('followUp', '跟进记录', [...usual, level, why, plan, field('date', 'nextAt', '下次跟进时间')]);
  const page = beside(used);
  await page.shows('客户级别');
  expect(page.text()).not.toContain('升级原因');
  await page.type(said, '发了报价');
  await page.tap('保存');
  await page.shows('必填');
  expect(page.asked).toEqual([]);
  await page.until(() => expect(taro.pageScrollTo).toHaveBeenCalled());
  await page.typeInto(page.root.querySelectorAll('input')[0], 'A');
  await page.shows('升级原因');
  await page.typeInto([...page.root.querySelectorAll('input')].at(-1), '寄样品');
  await page.tap('保存');
  const { body } = await page.sent('POST');
  expect(body).toMatchObject({ values: { content: '发了报价', level: 'A', plan: '寄样品' } });
  await page.until(() => expect(page.done).toEqual(['saved']));
  await page.until(() => expect(page.root.querySelectorAll('input')[0]?.value).toBe(''));
});

test('what the server says of a field stands at it beside the chat', async () => {
  const page = beside(form('followUp', '跟进记录', usual));
  await page.shows('内容摘要');
  await page.type(said, '发了报价');
  const fault = { field: 'content', code: 'too_long', message: '太长了' };
  taro.request.mockResolvedValue({
    statusCode: 422,
    data: { type: 'about:blank', title: '不对', status: 422, code: 'invalid_values', fields: [fault] },
  });
  await page.tap('保存');
  await page.shows('太长了');
  expect(page.done).toEqual([]);
});

test('what was begun beside a chat goes on when the chat is opened again (it was lost with the page)', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const used = form('followUp', '跟进记录', usual);
  const drafts = () => [...stored.keys()].filter((key) => key.startsWith('lianke.visit.'));
  const box = (page: ReturnType<typeof beside>) => page.root.querySelector('textarea')?.value;
  const before = beside(used);
  await before.shows('内容摘要');
  await before.type(said, '客户想看样品');
  vi.advanceTimersByTime(1000);
  await before.until(() => expect(drafts()).toHaveLength(1));
  const after = beside(used);
  await after.until(() => expect(box(after)).toBe('客户想看样品'));
  await after.tap('保存');
  await after.until(() => expect(after.done).toEqual(['saved']));
  await after.until(() => expect(box(after)).toBe(''));
  vi.advanceTimersByTime(2000);
  expect(drafts()).toEqual([]);
});
