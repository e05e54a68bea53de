import type { Backend, FakeRequest } from '../../infra/e2e/src/mini-host/native-requests.js';
import { field, form } from './forms.js';

const customer = form(
  'customer',
  '客户信息表',
  [
    field('text', 'name', '客户名称', { rules: { required: true } }),
    field('select', 'grade', '客户分级', { config: { options: [{ id: 'A', label: 'A', color: 'red' }] } }),
    field('money', 'amount', '预计金额', { config: { currency: 'CNY', display: 'wan', decimals: 2 } }),
    field('lastContact', 'lastContact', '最后联系时间', { writable: false, config: { sources: [] } }),
  ],
  { settings: { titleField: 'name', summaryFields: [] } },
);
const followUp = form('followUp', '跟进记录', [
  field('longText', 'content', '跟进内容', { rules: { required: true } }),
  field('relation', 'customer', '客户', { config: { formId: customer.id } }),
  field('datetime', 'nextAt', '下次跟进时间'),
]);
const dashboardId = '00000000-0000-7000-8000-000000000900';
const record = {
  id: '00000000-0000-7000-8000-000000002001',
  version: 1,
  label: '贵州茅台酒股份有限公司',
  values: { name: '贵州茅台酒股份有限公司', grade: 'A', amount: '580000', createdAt: '2025-03-01T00:00:00Z' },
};
const place = { x: 0, y: 0, w: 8, h: 6 };
const chart = (id: string, type: string, name: string) => ({
  id,
  type,
  title: name,
  formId: customer.id,
  place,
  dimension: { field: 'grade' },
  measure: { fn: 'count' },
  limit: 20,
});
const widgets = [
  chart('p', 'pie', '来源渠道'),
  chart('b', 'bar', '客户分级'),
  chart('u', 'funnel', '漏斗'),
  chart('l', 'line', '趋势'),
];
const groups = [
  { groups: ['A'], metrics: { value: 12 } },
  { groups: ['B'], metrics: { value: 5 } },
];
const filters = [
  { field: 'grade', op: 'eq', value: 'A' },
  { field: 'grade', op: 'eq', value: 'B' },
];
const items = (list: unknown[]) => ({ items: list, cursor: null });

/** A server with one customer and one dashboard; `seen` keeps every request. */
export function demoBackend(): { backend: Backend; seen: FakeRequest[]; dashboardId: string } {
  const seen: FakeRequest[] = [];
  const answers: Record<string, () => unknown> = {
    'GET /api/v1/auth/connections': () => ({
      password: true,
      tenant: null,
      items: ['wecom', 'dingtalk'].map((channel) => ({
        id: `c-${channel}`,
        channel,
        name: channel,
        tenant: { key: 'demo', name: '演示企业' },
      })),
    }),
    'POST /api/v1/auth/wecom/code': () => ({ token: 'the-token', member: { id: 'm', name: '王芳' } }),
    'POST /api/v1/auth/dingtalk/code': () => ({ token: 'the-token', member: { id: 'm', name: '王芳' } }),
    'GET /api/v1/me': () => ({
      member: { id: 'm', name: '王芳', title: null, account: null, departments: [] },
      tenant: { id: 't', key: 'demo', name: '演示企业', timeZone: 'Asia/Shanghai' },
      roles: [],
      permissions: { admin: false, design: false, members: false },
      tenants: [{ id: 't', name: '演示企业', current: true }],
      channel: 'wecom',
      sandbox: null,
    }),
    'GET /api/v1/apps': () =>
      items([{ id: customer.appId, key: 'crm', name: '客户关系管理', icon: null, mayDesign: false, items: [] }]),
    'GET /api/v1/forms': () => items([customer, followUp]),
    'GET /api/v1/tasks': () => ({ ...items([]), total: 0, counts: { overdue: 0, today: 0, approvals: 0, all: 0 } }),
    'GET /api/v1/changes': () => ({ since: '1', items: [] }),
    [`GET /api/v1/forms/${customer.id}/views`]: () => items([]),
    [`POST /api/v1/forms/${customer.id}/records/query`]: () => ({ ...items([record]), total: 1 }),
    [`POST /api/v1/forms/${customer.id}/records/aggregate`]: () => ({
      items: [{ groups: [], metrics: { n: 3, sum: '0' } }],
    }),
    [`POST /api/v1/forms/${followUp.id}/records/aggregate`]: () => ({
      items: [{ groups: [], metrics: { n: 2, sum: '0' } }],
    }),
    [`GET /api/v1/dashboards/${dashboardId}`]: () => ({
      id: dashboardId,
      appId: customer.appId,
      name: '销售看板',
      definition: { widgets },
      version: 1,
      published: true,
      hasDraft: false,
      mayEdit: false,
      updatedAt: '2025-03-01T00:00:00Z',
    }),
    [`GET /api/v1/dashboards/${dashboardId}/data`]: () => ({
      widgets: widgets.map(({ id }) => ({ id, kind: 'groups', items: groups, drill: filters })),
    }),
  };
  const backend: Backend = (request) => {
    seen.push(request);
    const path = new URL(request.url).pathname;
    const answer = answers[`${request.method} ${path}`];
    if (!path.startsWith('/api/v1/auth/') && request.headers.authorization !== 'Bearer the-token') {
      return { status: 401, json: { type: 'about:blank', title: '请先登录', status: 401, code: 'unauthenticated' } };
    }
    if (!answer) return { status: 404, json: { type: 'about:blank', title: path, status: 404, code: 'not_found' } };
    return { status: 200, json: answer() };
  };
  return { backend, seen, dashboardId };
}
