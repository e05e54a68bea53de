import type { FlowDefinition } from '@lianke/shared/flows/definition';
import type { FormView } from '@lianke/shared/forms/definition';
import type { MemberId } from '@lianke/shared/ids';
import { RecomputeWorker } from '../../src/engine/derived/recompute.worker.js';
import { Dispatcher } from '../../src/engine/flows/dispatcher.js';
import { Runner } from '../../src/engine/flows/runner.js';
import { a4, paragraph } from '../../src/engine/print/blocks.js';
import { writeDocx } from '../../src/engine/print/docx/write.js';
import type { Answer, TestAccount, WholeApp } from './whole-app.js';

/** What differs between two companies: the values that the reader may not see, or all of a row outside his scope. */
export interface Variant {
  secret: string;
  phone: string;
  /** Masked for the reader in the rows of this company that nobody has claimed. */
  contact: string;
  photo: string;
  outside: { name: string; grade: string; amount: string; phone: string[]; helper: boolean };
  /** Whether the row outside lies in the recycle bin. */
  binned?: boolean;
}

export const plain: Variant = {
  secret: 'm500',
  phone: '13811112222',
  contact: 'kaaaa1111zz',
  photo: '照片一',
  outside: { name: '外部甲', grade: 'A', amount: '100', phone: ['13800000001'], helper: false },
};

/** Things of a company by what they are. */
export type Things = Record<
  | 'tenant'
  | 'app'
  | 'customers'
  | 'visits'
  | 'mine'
  | 'second'
  | 'outside'
  | 'visit'
  | 'dashboard'
  | 'flow'
  | 'approval'
  | 'run'
  | 'task'
  | 'view'
  | 'print'
  | 'photo'
  | 'outsidePhoto'
  | 'comment'
  | 'outsideComment'
  | 'publicForm'
  | 'outsideShare'
  | 'outsideLink'
  | 'admin'
  | 'rep'
  | 'role'
  | 'batch',
  string
>;

export interface PairedWorld {
  admin: TestAccount;
  rep: Omit<TestAccount, 'adminRoleId'>;
  things: Things;
  customers: FormView;
  visits: FormView;
}

export const sound = (answer: Answer): Answer => {
  if (answer.status >= 300) throw new Error(`${answer.status} ${answer.text}`);
  return answer;
};

const options = ['A', 'B', 'C'].map((id) => ({ id, label: `${id}级` }));
const states = [
  { id: 'open', label: '待领取' },
  { id: 'mine', label: '已领取' },
];
const word = (key: string, name: string) => ({ key, name, type: 'text', config: {}, rules: {} });

/** Records have the ids that are given here: what is drawn from them is the same in every company. */
const idOf = (n: number) => `0195a000-0000-7000-8000-00000000000${n}`;

/**
 * A company in which 王芳 sees her own customers, of these no 底价, phones with stars, and 联系方式 with stars where 状态 is
 * 待领取; and every visit.
 */
export async function pairedWorld(whole: WholeApp, key: string, variant: Variant): Promise<PairedWorld> {
  const admin = await whole.company(key, '公司');
  const post = async (url: string, body: unknown) => sound(await admin.call('POST', `/api/v1${url}`, body)).json;
  const upload = async (name: string, text: string) =>
    sound(await admin.upload('/api/v1/files', name, Buffer.from(text))).json.id as string;
  const app = await post('/apps', { name: '销售' });
  const customers = await post('/forms', {
    appId: app.id,
    key: 'customer',
    name: '客户',
    fields: [
      word('name', '名称'),
      word('secret', '底价'),
      word('contact', '联系方式'),
      { key: 'state', name: '状态', type: 'select', config: { options: states } },
      { key: 'phone', name: '电话', type: 'phone' },
      { key: 'grade', name: '等级', type: 'select', config: { options } },
      { key: 'amount', name: '金额', type: 'money' },
      { key: 'echo', name: '底价说明', type: 'formula', config: { expression: 'CONCATENATE({底价}, "元")' } },
      { key: 'photo', name: '照片', type: 'attachment' },
      { key: 'helper', name: '协作人', type: 'member' },
      { key: 'tag', name: '标签', type: 'tags' },
      { key: 'lines', name: '明细', type: 'subform', config: { fields: [word('item', '品名'), word('cost', '成本')] } },
    ],
  });
  const visits = await post('/forms', {
    appId: app.id,
    key: 'visit',
    name: '跟进',
    fields: [
      word('note', '内容'),
      { key: 'customer', name: '客户', type: 'relation', config: { formId: customers.id, onDelete: 'detach' } },
      { key: 'price', name: '客户底价', type: 'lookup', config: { relation: 'customer', field: 'secret' } },
    ],
  });
  const hidden = { secret: 'hidden', phone: 'masked', contact: 'masked', state: 'read', photo: 'hidden' };
  const masks = { contact: { when: { field: 'state', op: 'eq', value: 'open' } } };
  const role = await post('/roles', {
    name: '销售',
    permissions: {
      forms: {
        [customers.id]: {
          actions: ['view', 'create', 'edit', 'delete', 'export', 'import', 'print', 'share', 'bulk'],
          scope: 'own',
          fields: hidden,
          masks,
        },
        [visits.id]: {
          actions: ['view', 'create', 'edit', 'delete', 'export', 'import', 'print', 'bulk'],
          scope: 'all',
        },
      },
    },
  });
  const member = await post('/members', { name: '王芳', roleIds: [role.id] });
  const rep = await whole.account(admin.tenantId, member.id as MemberId);
  const rules = ['phone', 'secret', 'contact'].map((field) => ({
    id: field,
    action: field === 'contact' ? 'refuse' : 'warn',
    fields: [{ field, as: field === 'phone' ? 'phone' : 'exact' }],
  }));
  sound(await admin.call('PATCH', `/api/v1/forms/${customers.id}/duplicates/rules`, { rules }));
  const said = async (name: string, trigger: FlowDefinition['trigger'], node: object) => {
    const definition = { trigger, nodes: [node], edges: [{ from: 'trigger', to: 'tell' }] };
    const flow = await post('/flows', { appId: app.id, name, definition });
    await post(`/flows/${flow.id}/publish`, {});
    return flow.id as string;
  };
  const at = (path: string) => ({ ref: { source: 'trigger', path } });
  const facts = ['name', 'secret', 'phone', 'contact', 'echo'].map((path) => ({ label: path, ...at(path) }));
  const flow = await said('客户有变', { type: 'recordUpdated', formId: customers.id } as never, {
    id: 'tell',
    name: '告诉',
    type: 'message',
    to: [{ kind: 'field', ...at('owner') }],
    title: { kind: 'text', parts: [{ text: '客户 ' }, at('secret'), at('phone'), at('contact')] },
    kind: 'notice',
    record: 'trigger',
    facts,
  });
  const approval = await said('跟进审批', { type: 'recordCreated', formId: visits.id } as never, {
    id: 'tell',
    name: '审批',
    type: 'approval',
    approvers: [{ kind: 'member', ids: [member.id] }],
    mode: 'any',
    whenEmpty: 'admin',
    title: { kind: 'text', parts: [{ text: '看看跟进 ' }, at('note'), at('price')] },
    facts: ['note', 'price', 'customer.secret'].map((path) => ({
      label: path.slice(-10),
      ...at(path),
    })),
    commentOnReject: false,
  });
  const create = async (form: FormView, id: string, values: object) => {
    const { id: made } = await post(`/forms/${form.id}/records`, { id, values });
    // One after the other: what follows each stands in the same order in every company.
    await settle(whole);
    return made as string;
  };
  const photo = await upload('a.txt', variant.photo);
  const mine = await create(customers, idOf(1), {
    ...{ name: '我的一', secret: variant.secret, phone: [variant.phone], grade: 'A', amount: '10', owner: member.id },
    ...{ contact: variant.contact, state: 'open' },
    ...{ photo: [photo], tag: ['重点'], lines: [{ values: { item: '轴承', cost: '8' } }] },
  });
  const second = await create(customers, idOf(2), {
    ...{ name: '我的二', secret: 'm500', phone: ['13855556666'], grade: 'B', amount: '20', owner: member.id },
    ...{ contact: 'ksecond00zz', state: 'mine' },
  });
  const outsidePhoto = await upload('b.txt', '外');
  const { helper, ...values } = variant.outside;
  const outside = await create(customers, idOf(3), {
    ...values,
    ...{ secret: 's', owner: admin.memberId, photo: [outsidePhoto], tag: ['新'] },
    ...(helper ? { helper: admin.memberId } : {}),
  });
  const visit = await create(visits, idOf(4), { note: '拜访', customer: outside, owner: member.id });
  await create(visits, idOf(5), { note: '电话', customer: mine, owner: member.id });
  const about = (id: string) => `/forms/${customers.id}/records/${id}`;
  const comment = await post(`${about(mine)}/comments`, { text: `@[${member.id}] 看看` });
  const outsideComment = await post(`${about(outside)}/comments`, { text: `@[${member.id}] 也看看` });
  const outsideShare = await post(`${about(outside)}/shares`, { to: [{ kind: 'member', id: admin.memberId }] });
  const outsideLink = await post(`${about(outside)}/links`, { fields: ['name'], expiresAt: '2026-12-01T00:00:00Z' });
  const dashboard = await post('/dashboards', {
    appId: app.id,
    name: '看板',
    definition: { widgets: widgetsOf(customers.id, visits.id) },
  });
  const view = await post(`/forms/${customers.id}/views`, {
    name: '底价高的',
    filter: { field: 'secret', op: 'notEmpty' },
    sort: [{ field: 'secret', dir: 'asc' }],
  });
  const template = writeDocx({
    ...{ title: '', page: a4, header: [], footer: [] },
    blocks: [paragraph('{{名称}} {{底价}} {{电话}} {{联系方式}} {{底价说明}} {{照片}}')],
  });
  const print = sound(await admin.upload(`/api/v1/forms/${customers.id}/print-templates`, '单据.docx', template)).json;
  const publicForm = await post(`/forms/${visits.id}/public-forms`, {
    settings: { name: '外链', fields: ['note', 'customer'] },
  });
  const batch = await post(`/forms/${customers.id}/records/batch`, {
    update: [
      { id: mine, values: { amount: '11', secret: `${variant.secret}x` } },
      { id: outside, values: { amount: '3' } },
    ],
  });
  await post(`/forms/${customers.id}/records/batch`, { update: [{ id: mine, values: { secret: variant.secret } }] });
  if (variant.binned) sound(await admin.call('DELETE', `/api/v1${about(outside)}`));
  await settle(whole);
  const task = sound(await rep.call('GET', '/api/v1/tasks?kind=approval')).json.items.at(0);
  const run = sound(await admin.call('GET', `/api/v1/flows/${approval}/runs`)).json.items.at(0);
  return {
    admin,
    rep,
    customers,
    visits,
    things: {
      ...{ tenant: admin.tenantId, app: app.id, customers: customers.id, visits: visits.id },
      ...{ mine, second, outside, visit, dashboard: dashboard.id, flow, approval, run: run.id, task: task.id },
      ...{ view: view.id, print: print.id, photo, outsidePhoto, publicForm: publicForm.id },
      ...{ comment: comment.id, outsideComment: outsideComment.id, outsideShare: outsideShare.items[0].id },
      ...{ outsideLink: outsideLink.id, admin: admin.memberId, rep: member.id, role: role.id, batch: batch.batchId },
    },
  };
}

/** Lets everything that follows a write come to rest. */
export async function settle(whole: WholeApp): Promise<void> {
  for (let round = 0; round < 4; round++) {
    await whole.get(RecomputeWorker).work();
    await whole.get(Dispatcher).work();
    await whole.get(Runner).work();
  }
}

const place = { x: 0, y: 0, w: 4, h: 4 };

/** One widget over every kind of thing that 王芳 does and does not see. */
export function widgetsOf(customers: string, visits: string): object[] {
  const count = { fn: 'count' };
  const metric = (id: string, formId: string, more: object) => ({
    ...{ id, title: id, type: 'metric', formId, measure: count, place },
    ...more,
  });
  return [
    metric('all', customers, {}),
    metric('sum', customers, { measure: { fn: 'sum', field: 'amount' } }),
    metric('secret', customers, { filter: { field: 'secret', op: 'eq', value: 'a100' } }),
    metric('most', customers, { measure: { fn: 'max', field: 'secret' } }),
    metric('masked', customers, { filter: { field: 'phone', op: 'contains', value: '1111' } }),
    metric('maskedHere', customers, { filter: { field: 'contact', op: 'contains', value: '1111' } }),
    metric('mostContact', customers, { measure: { fn: 'max', field: 'contact' } }),
    metric('through', visits, { filter: { field: 'customer.secret', op: 'eq', value: 'a100' } }),
    metric('grade', visits, { filter: { field: 'customer.grade', op: 'eq', value: 'A' } }),
    { ...metric('bySecret', customers, {}), type: 'bar', dimension: { field: 'secret' } },
    { ...metric('byContact', customers, {}), type: 'bar', dimension: { field: 'contact' } },
    { ...metric('byGrade', customers, {}), type: 'bar', dimension: { field: 'grade' } },
    { ...metric('byCustomer', visits, {}), type: 'bar', dimension: { field: 'customer' } },
    { ...metric('rows', customers, {}), type: 'list', columns: ['name', 'secret', 'phone', 'contact', 'echo'] },
  ];
}
