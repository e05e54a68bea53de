import type { MemberId } from '@lianke/shared/ids';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ApprovalApp, approvalNode } from './support/approval-app.js';

const english = { 'accept-language': 'en-US,en;q=0.9' };
const han = /\p{Script=Han}/u;

let app: ApprovalApp;
let a: MemberId;
let b: MemberId;

beforeAll(async () => {
  app = await ApprovalApp.start();
  [a, b] = app.people as [MemberId, MemberId];
});
afterAll(() => app.whole.close());

it('a flow that cannot be published says why in the reader’s language, in its list, its faults and the refusal', async () => {
  const { admin, contracts } = app;
  const node = approvalNode('ok', [a, b], { name: 'Manager', mode: 'ratio', atLeast: { unit: 'count', value: 3 } });
  const body = { appId: contracts.appId, name: 'Contracts', definition: app.chain(node) };
  const flow = (await admin.call('POST', '/api/v1/flows', body, english)).json;
  const path = `/api/v1/flows/${flow.id}`;
  const why = 'There are only 2 approvers, so 3 cannot be asked for';
  expect(flow.faults).toEqual([{ node: 'ok', message: why }]);
  const listed = (await admin.call('GET', `/api/v1/flows?formId=${contracts.id}`, undefined, english)).json.items[0];
  expect(listed.sentence).toBe('When a record is created in [合同], ask for approval, change the record');

  const refused = (await admin.call('POST', `${path}/publish`, {}, english)).json;
  expect(refused.detail).toBe(`The definition is not valid: step "Manager": ${why}`);
  expect(refused.params.detail).not.toMatch(han);
  expect((await admin.call('POST', `${path}/publish`, {})).json.params.detail).toBe(
    '节点“Manager”：只有 2 位审批人，不能要求 3 人同意',
  );
  const off = (await admin.call('PATCH', path, { enabled: true }, english)).json;
  expect(off.detail).toBe('Not possible in the current state: the flow has not been published yet; publish it first');
});

it('what an approver may not do is said in his language, and so is that somebody was faster', async () => {
  const node = approvalNode('ok', [a, b], { commentOnReject: true });
  await app.with(app.chain(node), async () => {
    const record = await app.submit('英文');
    const { items } = (await app.admin.call('GET', `/api/v1/flows?formId=${app.contracts.id}`)).json;
    const { id } = items.find((flow: { name: string }) => flow.name === '审批');
    const trial = (await app.admin.call('POST', `/api/v1/flows/${id}/test`, {}, english)).json;
    expect(trial.steps.map((step: { outcome: string }) => step.outcome)).toEqual([
      'Approval by 甲, 乙 (any one); a trial goes on as approved',
      'Change the record of [合同]',
    ]);
    expect(trial.steps[0].lines).toEqual([{ label: 'Title', value: '合同审批' }]);

    const [one, two] = [await app.taskOf(record, a), await app.taskOf(record, b)];
    const act = async (member: MemberId, path: string, body: unknown, headers = english) =>
      (await (await app.whole.account(app.admin.tenantId, member)).call('POST', `/api/v1/tasks/${path}`, body, headers))
        .json;
    expect((await act(a, `${one}/reject`, {})).detail).toBe(
      'The request is not valid: a refusal needs a reason; write one',
    );
    expect((await act(a, `${one}/transfer`, { to: b })).params.detail).toMatch(
      /already is an approver of this step; choose another member$/,
    );
    await act(a, `${one}/approve`, {});
    const late = await act(b, `${two}/approve`, {});
    expect([late.code, late.detail]).toEqual(['already_handled', '甲 has already answered: approved']);
    expect((await act(b, `${two}/approve`, {}, { 'accept-language': 'zh-CN' })).detail).toBe('甲 已同意，无需处理');
    const many = await act(b, 'approve', { ids: [two] });
    expect(many.left).toMatchObject([{ id: two, reason: '甲 has already answered: approved' }]);
  });
});
