import { monthQuestions } from '@lianke/shared/workbench/month';
import { visitsQuestion } from '@lianke/shared/workbench/visits';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestAccount, WholeApp } from '../../../test/support/whole-app.js';
import { OrgService } from '../../engine/org/org.service.js';

let whole: WholeApp;
let admin: TestAccount;

beforeAll(async () => {
  whole = await WholeApp.start();
  admin = await whole.company('demo', '演示企业');
  expect((await admin.call('POST', '/api/v1/app-templates/crm/install', {})).status).toBeLessThan(300);
});
afterAll(() => whole.close());

const get = async (account: Pick<TestAccount, 'call'>, path: string) =>
  (await account.call('GET', `/api/v1${path}`)).json;

async function figure(account: TestAccount, form: { id: string }, filter: object, metric: object) {
  const body = { filter, metrics: [metric] };
  const answer = await account.call('POST', `/api/v1/forms/${form.id}/records/aggregate`, body);
  return String(answer.json.items[0]?.metrics.value ?? 0);
}

it('answers each part as its own route does, and the figures of the month', async () => {
  const forms = (await get(admin, '/forms')).items;
  const customer = forms.find((form: { key: string }) => form.key === 'customer');
  const made = await admin.call('POST', `/api/v1/forms/${customer.id}/records`, {
    values: { name: '东篱茶业', owner: admin.memberId },
  });
  expect(made.status).toBe(200);
  const start = await get(admin, '/me/start');
  expect(start.me).toEqual(await get(admin, '/me'));
  expect(start.apps).toEqual((await get(admin, '/apps')).items);
  expect(start.forms).toEqual((await get(admin, '/forms')).items);
  expect(start.tasks).toEqual(await get(admin, '/tasks?state=pending&limit=100'));
  expect(start.notices).toEqual(await get(admin, '/me/notices'));
  const questions = monthQuestions(start);
  expect(questions.map((question) => question.key)).toEqual(['customer', 'followUp', 'opportunity', 'contract']);
  const asked = questions.map(async ({ key, formId, filter, metric }) => ({
    key,
    value: await figure(admin, { id: formId }, filter, metric),
  }));
  expect(start.month).toEqual(await Promise.all(asked));
  expect(start.month[0]).toEqual({ key: 'customer', value: '1' });
  expect(start.visits).toEqual([]);
});

it('answers the follow-ups whose next contact is today, as their own question does', async () => {
  const { forms, apps } = await get(admin, '/me/start');
  const idOf = (key: string) => forms.find((form: { key: string }) => form.key === key).id;
  const create = async (key: string, values: object) =>
    (await admin.call('POST', `/api/v1/forms/${idOf(key)}/records`, { values: { owner: admin.memberId, ...values } }))
      .json;
  const customer = (await create('customer', { name: '云汀纺织' })).id;
  const day = (after: number) =>
    new Date(whole.kernel.clock.now().getTime() + after * 86_400_000).toLocaleDateString('sv-SE', {
      timeZone: 'Asia/Shanghai',
    });
  const followUp = { customer, content: '看了样品', next: '发报价' };
  const today = await create('followUp', { ...followUp, nextDate: day(0) });
  await create('followUp', { ...followUp, nextDate: day(1) });
  const { visits } = await get(admin, '/me/start');
  const { formId, ...question } = visitsQuestion({ forms, apps }) ?? { formId: '' };
  const own = await admin.call('POST', `/api/v1/forms/${formId}/records/query`, { ...question, total: false });
  expect(visits).toEqual(own.json.items);
  expect(visits).toMatchObject([
    { id: today.id, values: { customer: { id: customer, label: '云汀纺织' }, next: '发报价' } },
  ]);
});

it('counts no refused contract among those of the month', async () => {
  const { forms } = await get(admin, '/me/start');
  const idOf = (key: string) => forms.find((form: { key: string }) => form.key === key).id;
  const create = async (key: string, values: object) => {
    const made = await admin.call('POST', `/api/v1/forms/${idOf(key)}/records`, {
      values: { owner: admin.memberId, ...values },
    });
    expect([made.status, made.json.fields]).toEqual([200, undefined]);
    return made.json.id;
  };
  const customer = await create('customer', { name: '远山物流' });
  for (const [name, state, amount] of [
    ['年度供货', '已生效', '500000'],
    ['试订', '已拒绝', '800000'],
  ])
    await create('contract', { name, customer, state, amount });
  const { month } = await get(admin, '/me/start');
  expect(month.find((figure: { key: string }) => figure.key === 'contract').value).toBe('500000');
});

it('gives a colleague without a role nothing of what he may not see', async () => {
  const memberId = await whole
    .get(OrgService)
    .createMember({ tenantId: admin.tenantId }, { name: '无权', roleIds: [] });
  const start = await get(await whole.account(admin.tenantId, memberId), '/me/start');
  expect(start).toMatchObject({ me: { member: { id: memberId } }, forms: [], month: [], visits: null });
});

it('asks who is not logged in to log in', async () => {
  const answer = await whole.call('GET', '/api/v1/me/start');
  expect([answer.status, answer.json.code]).toEqual([401, 'unauthenticated']);
});
