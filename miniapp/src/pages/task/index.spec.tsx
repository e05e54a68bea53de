// @vitest-environment jsdom
import { beforeEach, expect, test, vi } from 'vitest';
import { draw } from '../../../test/draw.js';
import { pageParams, taro } from '../../../test/fake-taro.js';
import { field, form } from '../../../test/forms.js';
import TaskPage from './index.js';

const contract = form('contract', '合同', [field('text', 'name', '合同名称')]);
const detail = {
  ...{ id: 't1', kind: 'approval', title: '年框合同', state: 'pending', urgency: 'none', simple: true },
  ...{ createdAt: '2025-03-07T02:00:00Z', due: null, starter: { id: 's', label: '王芳' }, ask: 'approve' },
  ...{ facts: [], subject: null, record: null, actingFor: null, progress: [], stages: [], copies: [], mayDecide: true },
  ...{
    actions: ['approve', 'reject', 'cc'],
    runId: null,
    flowId: null,
    commentOnReject: false,
    commentOnApprove: false,
  },
  ...{ signature: false, fields: {}, question: null, returnTo: [], removable: [], choices: [] },
  ...{ changedAfter: false, locked: false, dueAt: null, urgeFrom: null, copies: [] },
};
const answers = (given: object = {}) => ({
  'GET /apps': () => ({ items: [], cursor: null }),
  'GET /forms': () => ({ items: [contract], cursor: null }),
  'GET /phrases': () => ({ items: [], cursor: null }),
  'GET /changes': () => ({ since: '1', items: [] }),
  'GET /members': () => ({
    items: [{ id: 'm-chen', name: '陈经理', state: 'active', departments: [] }],
    cursor: null,
  }),
  'GET /tasks/t1': () => ({ ...detail, ...given }),
  'POST /tasks/t1/approve': () => ({ task: { ...detail, state: 'approved' }, next: null, left: 0 }),
});
beforeEach(() => {
  pageParams.id = 't1';
});

test('a copy goes along with 同意', async () => {
  const page = draw(<TaskPage />, answers());
  await page.shows('附件、抄送');
  await page.tap('附件、抄送');
  await page.tap('选择成员');
  await page.shows('陈经理');
  await page.tap('陈经理');
  await page.tap('确定');
  await page.tap('同意');
  await page.shows('已同意');
  expect((await page.sent('POST')).body).toEqual({ cc: ['m-chen'] });
});

test('copies are not offered where the step does not let them be sent (they were picked, and refused)', async () => {
  const page = draw(<TaskPage />, answers({ actions: ['approve', 'reject'] }));
  await page.shows('同意');
  expect(page.text()).not.toContain('抄送');
  await page.tap('附件');
  expect(page.text()).not.toContain('抄送给');
});

test('拒绝 is not offered where the step does not allow it', async () => {
  const page = draw(<TaskPage />, answers({ actions: ['approve'] }));
  await page.shows('同意');
  expect(page.text()).not.toContain('拒绝');
});

test('who was sent a copy, and who has read it, stands under the progress (nobody else saw the read marks)', async () => {
  const at = '2025-03-07T02:00:00Z';
  const copies = [
    { who: { id: 'm-chen', label: '陈经理' }, by: { id: 's', label: '王芳' }, at, readAt: at },
    { who: { id: 'm-li', label: '李伟' }, by: null, at, readAt: null },
  ];
  const page = draw(<TaskPage />, answers({ copies }));
  await page.shows('抄送（1 / 2 人已读）');
  expect(page.text()).toMatch(/陈经理\s*王芳 抄送.*已读/);
  expect(page.text()).toMatch(/李伟\s*流程抄送\s*未读/);
});

test('several added signers can be asked one after the other', async () => {
  const people = ['陈经理', '李伟'].map((name, n) => ({ id: `m-${n}`, name, state: 'active', departments: [] }));
  const choices = people.map(({ id, name }) => ({ id, label: name }));
  const page = draw(<TaskPage />, {
    ...answers({ actions: ['approve', 'addSigner'], choices }),
    'GET /members': () => ({ items: people, cursor: null }),
    'POST /tasks/t1/add-signers': () => ({ task: { ...detail, state: 'held' }, next: null, left: 0 }),
  });
  await page.tap('更多');
  await page.tap('加签');
  await page.tap('陈经理');
  expect(page.text()).not.toContain('按顺序');
  await page.tap('李伟');
  await page.tap('按顺序');
  await page.tap('加签');
  expect((await page.sent('POST')).body).toEqual({ to: ['m-0', 'm-1'], position: 'before', mode: 'sequential' });
});

test('what is filled in goes with a comment, and 更多 stays at hand', async () => {
  const page = draw(<TaskPage />, {
    ...answers({ ask: 'fill', mayDecide: false, actions: ['fill', 'transfer'] }),
    'POST /tasks/t1/fill': () => ({ task: { ...detail, state: 'done' }, next: null, left: 0 }),
  });
  await page.type('说明（选填）', '按上周的报价填的');
  expect(page.text()).toContain('更多');
  await page.tap('提交');
  expect((await page.sent('POST')).body).toEqual({ values: {}, comment: '按上周的报价填的' });
});

test('the deadline and the lock of the record stand under the title', async () => {
  const page = draw(<TaskPage />, answers({ dueAt: '2025-03-08T10:30:00Z', locked: true }));
  await page.shows('18:30 已到期');
  expect(page.text()).toContain('审批期间已锁定');
});

test('one’s own phrases are changed on the phone', async () => {
  const page = draw(<TaskPage />, {
    ...answers(),
    'GET /phrases': () => ({ items: ['同意', '请补充材料'] }),
    'POST /phrases': ({ body }: { body: unknown }) => body,
  });
  await page.tap('编辑常用意见');
  await page.tap('添加一条');
  const boxes = () => [...page.root.querySelectorAll<HTMLInputElement>('[placeholder="一句常用的意见"]')];
  await page.until(() => expect(boxes()).toHaveLength(3));
  await page.typeInto(boxes()[1], '');
  await page.typeInto(boxes()[2], '已核对合同');
  await page.tap('保存');
  await page.shows('已核对合同');
  expect((await page.sent('POST')).body).toEqual({ items: ['同意', '已核对合同'] });
});

test('the progress says what is waited for, and shows how and with what somebody answered (the phone showed no files)', async () => {
  const entry = {
    ...{ task: null, who: { id: 's', label: '王芳' }, actingFor: null, role: 'starter', at: '2025-03-07T02:00:00Z' },
    ...{ comment: null, question: null, node: '审批', to: null, auto: null, signature: null, attachments: [] },
    ...{ undone: false, door: null },
  };
  const file = { id: 'f1', name: '原协议.pdf', size: 1, mime: 'application/pdf' };
  const page = draw(
    <TaskPage />,
    answers({
      progress: [
        { ...entry, task: 'a', action: 'informed', ask: 'inform', question: '请附原协议', attachments: [file] },
        { ...entry, task: 'b', action: 'approved', ask: 'approve', role: 'before', auto: 'timeout' },
        { ...entry, task: 'd', action: 'rejected', ask: 'advise', role: 'adviser' },
        { ...entry, task: 'c', action: 'waiting', ask: 'resubmit', question: '金额写错了' },
      ],
    }),
  );
  await page.shows('原协议.pdf');
  expect(page.text()).toContain('问：请附原协议');
  expect(page.text()).toMatch(/已同意\s*前加签.*超时自动处理/);
  expect(page.text()).toContain('建议拒绝');
  expect(page.text()).not.toContain('已拒绝');
  expect(page.text()).toMatch(/等待重新提交.*退回原因：金额写错了/);
  expect(page.text()).not.toContain('审批中');
});

test('what was asked of the reader is gone once he has answered', async () => {
  const page = draw(<TaskPage />, {
    ...answers({ question: '价格能否再降' }),
    'POST /tasks/t1/approve': () => ({ task: { ...detail, state: 'approved' }, next: null, left: 0 }),
  });
  await page.shows('价格能否再降');
  await page.tap('同意');
  await page.gone('价格能否再降');
});

test('one touch of 拒绝 refused at once: without a word it asks for the reason first', async () => {
  const page = draw(<TaskPage />, {
    ...answers(),
    'POST /tasks/t1/reject': () => ({ task: { ...detail, state: 'rejected' }, next: null, left: 0 }),
  });
  await page.shows('拒绝');
  await page.tap('拒绝');
  await page.shows('不写理由，直接拒绝');
  expect(page.asked.filter(({ method }) => method === 'POST')).toEqual([]);
  await page.tap('重复提交');
  await page.tap('拒绝');
  await page.shows('已拒绝');
  expect((await page.sent('POST')).body).toEqual({ comment: '重复提交' });
});

test('a step that wants a reason refuses nothing without one', async () => {
  const page = draw(<TaskPage />, answers({ commentOnReject: true }));
  await page.shows('拒绝');
  await page.tap('拒绝');
  await page.shows('拒绝的理由');
  expect(page.text()).not.toContain('不写理由');
});

test('what 同意 misses is scrolled to: with the comment out of sight nothing seemed to happen', async () => {
  const page = draw(<TaskPage />, answers({ commentOnApprove: true }));
  await page.shows('同意');
  await page.tap('同意');
  await vi.waitFor(() =>
    expect(taro.pageScrollTo).toHaveBeenCalledWith(expect.objectContaining({ selector: '#comment-part' })),
  );
});
