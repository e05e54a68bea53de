import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { TenantId } from '@lianke/shared/ids';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Dispatcher } from '../src/engine/flows/dispatcher.js';
import { SecretsService } from '../src/engine/flows/outside/secrets.service.js';
import { Runner } from '../src/engine/flows/runner.js';
import { TenantDirectory } from '../src/engine/org/tenant-directory.js';
import { a4, paragraph } from '../src/engine/print/blocks.js';
import { writeDocx } from '../src/engine/print/docx/write.js';
import { Database } from '../src/kernel/database/database.js';
import { openApiDocument } from '../src/kernel/http/openapi.js';
import { uuid7 } from '../src/kernel/ids/uuid7.js';
import { type Answer, type TestAccount, WholeApp } from './support/whole-app.js';

/** Routes that serve whoever is not logged in yet: they take no session, so no tenant of the caller to keep apart. */
const logIn = [
  'auth.password',
  'auth.connections',
  'auth.qr.create',
  'auth.qr.get',
  'auth.code',
  'auth.invite.get',
  'auth.invite.accept',
  // The address itself is the secret, and names its tenant.
  'hooks.receive',
  'public.open',
  'public.captcha',
  'public.pick',
  'public.upload',
  'public.submit',
  'shared.open',
  'shared.file',
];
/** Neither ids in the path, nor a body, nor a query. */
const withoutInput = [
  'auth.signOut',
  'auth.signOutAll',
  'me.get',
  'me.start',
  'me.chat',
  'names.withheld',
  'me.notify',
  'notify.company',
  'departments.list',
  'roles.list',
  'apps.list',
  'templates.list',
  'connections.list',
  'events.stream',
  'demo.progress',
  'demo.drilled',
  'demo.reset',
  'files.upload',
  'packages.read',
  'favourites.list',
  'recents.list',
  'tasks.flows',
  'runs.retention',
  'maps.tiles',
  'aways.list',
  'phrases.get',
  'flowSecrets.list',
  'apiKeys.list',
  'mailAccount.get',
  'mailAccount.delete',
  'handovers.list',
  'handovers.leavers',
  'pools.list',
  'targets.mine',
  'targets.list',
];

interface Operation {
  name: string;
  method: string;
  path: string;
  pathIds: string[];
  hasBody: boolean;
  query: string[];
  /** Refused without a body or with an empty query, before anything is looked up. */
  needsInput: boolean;
}

function operations(): Operation[] {
  const paths = openApiDocument().paths as Record<
    string,
    Record<
      string,
      { operationId: string; parameters: { name: string; in: string; required: boolean }[]; requestBody?: unknown }
    >
  >;
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId, parameters, requestBody }]) => ({
      name: operationId,
      method: method.toUpperCase(),
      path,
      pathIds: parameters.filter((each) => each.in === 'path').map((each) => each.name),
      hasBody: requestBody !== undefined,
      query: parameters.filter((each) => each.in === 'query').map((each) => each.name),
      needsInput: requestBody !== undefined || parameters.some((each) => each.in === 'query' && each.required),
    })),
  );
}

const swept = operations().filter((each) => !logIn.includes(each.name) && !withoutInput.includes(each.name));
const template = writeDocx({ title: '', page: a4, header: [], footer: [], blocks: [paragraph('{{机密名称}}')] });
const ledger = readFileSync(fileURLToPath(new URL('fixtures/客户台账.xlsx', import.meta.url)));

/** One thing of every kind that a company can own, by kind. */
type Ids = Record<
  | 'tenant'
  | 'member'
  | 'department'
  | 'role'
  | 'app'
  | 'form'
  | 'view'
  | 'record'
  | 'flowSecret'
  | 'chatGroup'
  | 'batch'
  | 'file'
  | 'import'
  | 'flow'
  | 'run'
  | 'task'
  | 'dashboard'
  | 'subscription'
  | 'connection'
  | 'delivery'
  | 'comment'
  | 'share'
  | 'request'
  | 'export'
  | 'copy'
  | 'away'
  | 'field'
  | 'publicForm'
  | 'invite'
  | 'print'
  | 'package'
  | 'recordLink'
  | 'handover'
  | 'key'
  | 'pooled'
  | 'target'
  | 'spare',
  string
>;
type Kind = keyof Ids;

/** Path parameters that are no ids, with a value that means something for everybody. */
const plain: Record<string, string> = { key: 'crm', version: '1', name: 'WW_verify_abcdefgh.txt' };

/** Which kind of thing `:id` names, by the route's first word; the other parameters say it themselves. */
function kindOf(operation: Operation, parameter: string): Kind {
  if (parameter !== 'id') return parameter.replace(/Id$/, '') as Kind;
  // A to-do’s id is its record’s.
  const ofRecord = [
    'runs.ofRecord',
    'records.approvals',
    'tasks.complete',
    'tasks.reopen',
    'comments.list',
    'comments.create',
    'shares.list',
    'shares.create',
    'shareRequests.list',
    'prints.record',
    'recordLinks.list',
    'recordLinks.create',
  ];
  if (operation.name === 'prints.approval') return 'task';
  if (operation.name === 'pools.record') return 'pooled';
  const word = ofRecord.includes(operation.name)
    ? 'record'
    : (operation.name.split('.')[0] ?? '').replace(/ies$/, 'y').replace(/s$/, '');
  return word as Kind;
}

const customerForm = (appId: string) => ({
  appId,
  key: 'deal',
  name: '机密交易',
  fields: [
    { key: 'name', name: '机密名称', type: 'text' },
    { key: 'amount', name: '金额', type: 'money' },
    { key: 'done', name: '完成', type: 'switch' },
    { key: 'photo', name: '照片', type: 'attachment' },
    { key: 'helper', name: '协作人', type: 'member' },
    { key: 'part', name: '部门', type: 'department' },
    { key: 'tag', name: '标签', type: 'tags' },
  ],
  settings: { summaryFields: [], task: { title: 'name', owner: 'owner', done: 'done' } },
});

const approvalFlow = (formId: string, memberId: string) => ({
  trigger: { type: 'recordCreated', formId },
  nodes: [
    {
      id: 'ok',
      name: '审批',
      type: 'approval',
      approvers: [{ kind: 'member', ids: [memberId] }],
      mode: 'any',
      whenEmpty: 'admin',
      title: { kind: 'literal', value: '机密审批' },
      facts: [],
      commentOnReject: false,
    },
  ],
  edges: [{ from: 'trigger', to: 'ok' }],
});

let whole: WholeApp;
let mine: TestAccount;
let theirs: TestAccount;
let mineIds: Ids;
let theirIds: Ids;

beforeAll(async () => {
  whole = await WholeApp.start();
  mine = await whole.company('mine', '我方');
  theirs = await whole.company('theirs', '机密');
  mineIds = await furnish(mine);
  theirIds = await furnish(theirs);
}, 120_000);
afterAll(() => whole.close());

const ok = (answer: Answer): Answer => {
  if (answer.status >= 300) throw new Error(`${answer.status} ${answer.text}`);
  return answer;
};

/** Installs the template and makes one thing of every kind, all through the API. */
async function furnish(account: TestAccount): Promise<Ids> {
  const post = async (url: string, body: unknown) => ok(await account.call('POST', url, body)).json;
  await post('/api/v1/app-templates/crm/install', {});
  const app = await post('/api/v1/apps', { name: '机密应用' });
  const department = await post('/api/v1/departments', { name: '机密部' });
  const role = await post('/api/v1/roles', { name: '机密角色', permissions: {} });
  const member = await post('/api/v1/members', {
    name: '机密员工',
    departmentIds: [department.id],
    roleIds: [role.id],
  });
  const form = await post('/api/v1/forms', customerForm(app.id));
  // A relation to itself, so that a path may go through it.
  const related = ok(
    await account.call('PATCH', `/api/v1/forms/${form.id}`, {
      fields: [
        ...form.fields.filter((field: { system?: boolean }) => !field.system),
        { key: 'parent', name: '上级', type: 'relation', config: { formId: form.id } },
      ],
    }),
  ).json;
  ok(
    await account.call('PATCH', `/api/v1/forms/${form.id}/duplicates/rules`, {
      rules: [{ id: 'rule1', fields: [{ field: 'name', as: 'loose' }] }],
    }),
  );
  const publicForm = await post(`/api/v1/forms/${form.id}/public-forms`, {
    settings: { name: '机密外链', fields: ['name'] },
  });
  const invited = await post(`/api/v1/public-forms/${publicForm.id}/invites`, { labels: ['机密客户'] });
  const print = ok(await account.upload(`/api/v1/forms/${form.id}/print-templates`, '机密.docx', template)).json;
  const view = await post(`/api/v1/forms/${form.id}/views`, { name: '机密视图' });
  const flow = await post('/api/v1/flows', {
    appId: app.id,
    name: '机密流程',
    definition: approvalFlow(form.id, account.memberId),
  });
  await post(`/api/v1/flows/${flow.id}/publish`, {});
  const file = ok(await account.upload('/api/v1/files', 'secret.txt', Buffer.from('机密'))).json;
  const written = await post(`/api/v1/forms/${form.id}/records/batch`, {
    create: [{ values: { name: '机密客户', amount: 1, photo: [file.id] } }],
  });
  const spare = await post(`/api/v1/forms/${form.id}/records`, { values: { name: '机密备用' } });
  const pooled = await post(`/api/v1/forms/${form.id}/records`, { values: { name: '机密公海', owner: null } });
  await account.call('PATCH', `/api/v1/forms/${form.id}/pool/settings`, { on: true });
  const target = await post('/api/v1/targets', {
    formId: form.id,
    name: '机密目标',
    fn: 'count',
    dateField: 'createdAt',
  });
  const comment = await post(`/api/v1/forms/${form.id}/records/${written.results[0].id}/comments`, {
    text: '机密评论',
  });
  const shares = await post(`/api/v1/forms/${form.id}/records/${written.results[0].id}/shares`, {
    to: [{ kind: 'department', id: department.id }],
    cause: '机密共享',
  });
  const second = await post('/api/v1/members', { name: '机密接手' });
  const request = uuid7();
  await whole.get(Database).withTenant({ tenantId: account.tenantId as TenantId }, (tx) =>
    tx.run(
      `INSERT INTO lianke.share_request (tenant_id, id, form_id, record_id, asker_id, owner_id, reason, state, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, '机密申请', 'open', now())`,
      [account.tenantId, request, form.id, written.results[0].id, member.id, account.memberId],
    ),
  );
  const handover = await post(`/api/v1/members/${member.id}/handover`, {
    items: [{ kind: 'views', to: second.id }],
  });
  const recordLink = await post(`/api/v1/forms/${form.id}/records/${written.results[0].id}/links`, {
    fields: ['name'],
    expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
  });
  const exported = await post(`/api/v1/forms/${form.id}/exports`, {});
  await whole.get(Dispatcher).work();
  await whole.get(Runner).work();
  const tasks = ok(await account.call('GET', '/api/v1/tasks?kind=approval')).json;
  const runs = ok(await account.call('GET', `/api/v1/flows/${flow.id}/runs`)).json;
  const task = tasks.items[0].id;
  await post(`/api/v1/tasks/${task}/copy`, { to: [account.memberId], comment: '机密抄送' });
  const copies = ok(await account.call('GET', '/api/v1/copies')).json;
  const away = await post('/api/v1/aways', {
    to: member.id,
    from: '2030-01-01T00:00:00Z',
    until: '2030-01-02T00:00:00Z',
    flowIds: [flow.id],
  });
  const dashboard = await post('/api/v1/dashboards', { appId: app.id, name: '机密看板' });
  const subscription = await post(`/api/v1/dashboards/${dashboard.id}/subscriptions`, {
    schedule: { unit: 'day', time: '09:00' },
    members: [account.memberId],
  });
  const imported = ok(await account.upload(`/api/v1/imports?appId=${app.id}`, 'ledger.xlsx', ledger)).json;
  const connection = await post('/api/v1/connections', {
    channel: 'wecom',
    name: '机密连接',
    corpId: `ww${account.tenantId.slice(-8)}`,
    agentId: '1000001',
  });
  const deliveries = ok(await account.call('GET', '/api/v1/deliveries')).json;
  const packed = ok(await account.call('POST', `/api/v1/apps/${app.id}/package`, {})).text;
  const read = ok(await account.upload('/api/v1/app-packages', 'app.json', Buffer.from(packed))).json;
  return {
    tenant: account.tenantId,
    member: member.id,
    department: department.id,
    role: role.id,
    app: app.id,
    form: form.id,
    view: view.id,
    record: written.results[0].id,
    batch: written.batchId,
    file: file.id,
    import: imported.id,
    flow: flow.id,
    run: runs.items[0].id,
    task: tasks.items[0].id,
    dashboard: dashboard.id,
    subscription: subscription.id,
    connection: connection.id,
    delivery: deliveries.items[0].id,
    comment: comment.id,
    share: shares.items[0].id,
    request,
    publicForm: publicForm.id,
    invite: invited.items[0].id,
    print: print.id,
    package: read.id,
    recordLink: recordLink.id,
    handover: handover.id,
    export: exported.id,
    copy: copies.items[0].id,
    away: away.id,
    flowSecret: (await post('/api/v1/flow-secrets', { name: '机密令牌', kind: 'secret', value: 'x' })).id,
    chatGroup: await groupOf(account, connection.id),
    key: (await post('/api/v1/api-keys', { name: '机密对接', memberId: member.id, access: 'read' })).key.id,
    // A record whose id is only ever offered as a client's own choice of id.
    spare: spare.id,
    pooled: pooled.id,
    target: target.id,
    field: related.fields.find((field: { key: string }) => field.key === 'name').id,
  };
}

/** A group of the company's own app, as if its platform had made it. */
async function groupOf(account: TestAccount, connectionId: string): Promise<string> {
  const ctx = await whole.get(TenantDirectory).context(account.tenantId, { kind: 'system', name: 'seed' });
  return (await whole.get(SecretsService).addGroup(ctx, '机密群', `${connectionId}/chat1`)).id;
}

const random = (): Ids =>
  Object.fromEntries(
    Object.keys(theirIds).map((kind) => [kind, kind === 'field' ? `f_${uuid7().slice(-10)}` : uuid7()]),
  ) as Ids;

const url = (operation: Operation, ids: Ids) =>
  operation.path.replace(/\{(\w+)\}/g, (_, name: string) => plain[name] ?? ids[kindOf(operation, name)]);

const brokenCursor = 'cursor=broken';

interface Probe {
  body?: unknown;
  query?: string;
}

const place = { x: 0, y: 0, w: 4, h: 4 };
const anyOf = (name: string) => ({ name, permissions: { admin: false, design: false, members: false, forms: {} } });

/**
 * What every route with a body or a query is asked, `other` being ids of another company or of nobody, `own` the
 * caller's. `tag` is new for each request and stands where a name must be free.
 */
const probes: Record<string, (other: Ids, own: Ids, tag: string) => Probe[]> = {
  'auth.switch': (other) => [{ body: { tenantId: other.tenant } }],
  'names.search': (other) => [{ query: `name=${other.member}` }],
  'members.list': (other) => [{ query: `search=${other.member}` }, { query: `state=${other.member}` }],
  'members.create': (other) => [
    { body: { name: '甲', departmentIds: [other.department] } },
    { body: { name: '甲', roleIds: [other.role] } },
    { body: { name: '甲', managerId: other.member } },
  ],
  'members.update': (other) => [
    { body: { managerId: other.member } },
    { body: { departmentIds: [other.department] } },
    { body: { roleIds: [other.role] } },
  ],
  'departments.create': (other) => [{ body: { name: '乙', parentId: other.department } }],
  'departments.update': (other) => [{ body: { parentId: other.department } }],
  'roles.create': (other, _own, tag) => [
    { body: { ...anyOf(tag), permissions: { forms: { [other.form]: { actions: ['view'], scope: 'all' } } } } },
  ],
  'roles.update': (other) => [
    {
      body: {
        permissions: {
          forms: { [other.form]: { actions: ['view'], scope: 'all', filter: { field: other.field, op: 'empty' } } },
        },
      },
    },
  ],
  'apps.create': (_other, _own, tag) => [{ body: { name: tag } }],
  'forms.list': (other) => [{ query: `appId=${other.app}` }],
  'forms.copy': (other, own, tag) => [
    { body: { appId: own.app, name: `副本 ${tag}` } },
    { body: { appId: other.app, name: `副本 ${tag}` } },
  ],
  'forms.create': (other, own, tag) => [
    { body: { appId: other.app, name: '丙', key: tag } },
    {
      body: {
        appId: own.app,
        name: '丙',
        key: tag,
        fields: [{ key: 'to', name: '到', type: 'relation', config: { formId: other.form } }],
      },
    },
    {
      body: {
        appId: own.app,
        name: '丙',
        key: tag,
        fields: [
          {
            key: 'last',
            name: '最后联系',
            type: 'lastContact',
            config: { sources: [{ formId: other.form, relation: other.field, at: 'createdAt' }] },
          },
        ],
      },
    },
  ],
  'forms.update': (other) => [
    { body: { fields: [{ key: 'to', name: '到', type: 'relation', config: { formId: other.form } }] } },
    { body: { fields: [{ id: other.field, key: 'name', name: '名', type: 'text' }] } },
    { body: { settings: { titleField: other.field, summaryFields: [] } } },
  ],
  'forms.tryFormula': (other) => [
    { body: { expression: 'CONCATENATE({名}, "x")', recordId: other.record } },
    { body: { expression: `{${other.field}}` } },
  ],
  'forms.saveDraft': (other) => [
    { body: { design: { fields: { [other.field]: {} } }, base: {}, version: 1, revision: 999 } },
  ],
  'forms.linked': (other) => [
    { body: { values: { parent: other.record, name: 'x' }, changed: ['parent', other.field] } },
  ],
  'conversions.preview': () => [{ body: { type: 'number' } }],
  'conversions.start': () => [{ body: { type: 'number', version: 1 } }],
  'forms.impact': (other) => [{ body: { fields: [other.field] } }],
  'views.create': (other) => [
    { body: { name: '丁', columns: [other.field] } },
    { body: { name: '丁', filter: { field: other.field, op: 'empty' } } },
    { body: { name: '丁', filter: { field: 'parent', op: 'eq', value: other.record } } },
  ],
  'views.update': (other) => [{ body: { filter: { field: 'parent', op: 'in', value: [other.record] } } }],
  'records.create': (other) => [
    { body: { values: { name: '戊', parent: other.record } } },
    { body: { values: { name: '戊', owner: other.member } } },
    { body: { values: { name: '戊', helper: other.member } } },
    { body: { values: { name: '戊', part: other.department } } },
    { body: { values: { name: '戊', photo: [other.file] } } },
    { body: { values: { [other.field]: '戊' } } },
    { body: { id: other.spare, values: { name: '戊' } } },
  ],
  'records.update': (other) => [
    { body: { values: { parent: other.record } } },
    { body: { values: { owner: other.member } } },
    { body: { values: { photo: [other.file] } } },
  ],
  'records.history': () => [{ query: brokenCursor }],
  'records.places': (other) => [
    { body: { field: other.field } },
    { body: { field: 'parent', filter: { field: 'parent', op: 'eq', value: other.record } } },
  ],
  'records.nearby': (other) => [
    { body: { lat: 31.2, lng: 121.5, filter: { field: 'parent', op: 'eq', value: other.record } } },
  ],
  'records.query': (other) => [
    { body: { filter: { field: 'parent', op: 'eq', value: other.record } } },
    { body: { filter: { not: { field: 'parent', op: 'in', value: [other.record] } } } },
    { body: { filter: { field: 'owner', op: 'eq', value: other.member } } },
    { body: { filter: { field: 'department', op: 'in', value: [other.department] } } },
    { body: { filter: { field: other.field, op: 'notEmpty' } } },
    { body: { filter: { field: `parent.${other.field}`, op: 'notEmpty' } } },
    { body: { fields: [other.field] } },
    { body: { sort: [{ field: other.field, dir: 'asc' }] } },
    { body: { search: other.record } },
    { body: { cursor: 'broken' } },
  ],
  'records.batch': (other) => [
    { body: { create: [{ values: { name: '己', parent: other.record } }] } },
    { body: { create: [{ values: { name: '己', helper: other.member } }] } },
    { body: { update: [{ id: other.record, values: { name: '己' } }] } },
    { body: { upsert: [{ values: { name: '己', parent: other.record } }], matchOn: ['name'] } },
    { body: { delete: [other.record] } },
    { body: { restore: [other.record] } },
  ],
  'records.restore': (other) => [{ body: { ids: [other.record] } }],
  'records.purge': (other) => [{ body: { ids: [other.record] } }],
  'records.bulk': (other) => [
    { body: { action: 'update', ids: [other.record], values: { name: '己' } } },
    { body: { action: 'delete', ids: [other.record] } },
    { body: { action: 'paste', create: [{ values: { name: '己', parent: other.record } }] } },
    { body: { action: 'fill', update: [{ id: other.record, values: { name: '己' } }] } },
    { body: { action: 'tags', ids: [other.record], field: other.field, add: ['甲'] } },
  ],
  'records.deletePreview': (other) => [{ body: { ids: [other.record] } }],
  'records.revert': (other) => [{ body: { after: other.spare } }, { body: { before: other.spare, fields: ['name'] } }],
  'apps.arrange': (other) => [
    { body: { items: [{ kind: 'form', id: other.form, group: '甲' }] } },
    { body: { items: [{ kind: 'dashboard', id: other.dashboard, group: null }] } },
  ],
  'records.transferPreview': (other) => [{ body: { ids: [other.record] } }],
  'records.transfer': (other, own) => [
    { body: { ids: [other.record], to: own.member } },
    { body: { ids: [own.record], to: other.member } },
    { body: { ids: [own.record], to: own.member, along: [{ formId: other.form, field: 'parent' }] } },
  ],
  'duplicates.saveRules': (other) => [
    { body: { rules: [{ id: 'rule1', fields: [{ field: other.field, as: 'exact' }] }] } },
  ],
  'duplicates.check': (other) => [
    { body: { values: { parent: other.record } } },
    { body: { values: { name: '机密客户' }, id: other.record } },
  ],
  'duplicates.groups': () => [{ body: { rule: 'rule1' } }],
  'duplicates.mergePreview': (other, own) => [{ body: { ids: [own.record, other.record] } }],
  'duplicates.merge': (other, own) => [
    { body: { keep: own.record, others: [other.record] } },
    { body: { keep: other.record, others: [own.record] } },
  ],
  'publicForms.create': (other) => [
    { body: { settings: { name: '外链', fields: [other.field] } } },
    { body: { settings: { name: '外链', fields: ['name'], ownerId: other.member } } },
  ],
  'publicForms.invites': (other) => [{ query: brokenCursor }, { query: `cursor=${other.invite}` }],
  'publicForms.invite': () => [{ body: { labels: ['王总'] } }],
  'publicForms.update': (other) => [{ body: { settings: { name: '外链', fields: [other.field] } } }],
  'comments.create': (other) => [{ body: { text: `@[${other.member}] 看看` } }],
  'comments.update': (other) => [{ body: { text: `@[${other.member}] 看看` } }],
  'shares.create': (other) => [
    { body: { to: [{ kind: 'member', id: other.member }] } },
    { body: { to: [{ kind: 'department', id: other.department }] } },
    { body: { to: [{ kind: 'role', id: other.role }] } },
  ],
  'targets.create': (other, own) => [
    { body: { formId: other.form, name: '目标', fn: 'count', dateField: 'createdAt' } },
    { body: { formId: own.form, name: '目标', fn: 'sum', field: other.field, dateField: 'createdAt' } },
  ],
  'targets.update': (other) => [{ body: { formId: other.form, name: '目标', fn: 'count', dateField: 'createdAt' } }],
  'targets.values': () => [{ query: 'year=2026' }],
  'targets.saveValues': (other, own) => [
    { body: { rows: [{ kind: 'member', id: other.member, amounts: { '2026-03-01': '5' } }] } },
    { body: { rows: [{ kind: 'department', id: own.member, amounts: { '2026-03-01': '5' } }] } },
  ],
  'pools.save': (other) => [
    { body: { on: true, claimers: [{ kind: 'member', id: other.member }] } },
    { body: { on: true, managers: [{ kind: 'role', id: other.role }] } },
    { body: { on: true, fields: { [other.field]: 'read' } } },
    { body: { on: true, dealt: { field: 'parent', op: 'eq', value: other.record } } },
  ],
  'pools.query': (other) => [
    { body: {} },
    { body: { filter: { field: 'parent', op: 'eq', value: other.record } } },
    { body: { sort: [{ field: other.field, dir: 'asc' }] } },
  ],
  'pools.claim': (other) => [{ body: { ids: [other.record] } }],
  'pools.assign': (other, own) => [
    { body: { ids: [other.record], to: own.member } },
    { body: { ids: [own.record], to: other.member } },
  ],
  'pools.return': (other) => [{ body: { ids: [other.record], reason: '退' } }],
  'shareRequests.ask': (other) => [
    { body: { values: { parent: other.record } } },
    { body: { values: { name: '机密客户' } } },
  ],
  'shareRequests.answer': () => [{ body: { share: true } }, { body: { share: false } }],
  'records.unmask': (other) => [{ body: { field: other.field } }],
  'access.explain': (other, own) => [
    { body: { memberId: other.member, formId: own.form } },
    { body: { memberId: own.member, formId: other.form } },
    { body: { memberId: own.member, formId: own.form, recordId: other.record } },
    { body: { memberId: own.member, formId: own.form, field: other.field } },
  ],
  'apps.access.set': (other) => [
    { body: { visibleTo: [{ kind: 'member', id: other.member }] } },
    { body: { admins: [{ kind: 'department', id: other.department }] } },
    { body: { admins: [{ kind: 'role', id: other.role }] } },
  ],
  'access.preview': (other) => [{ body: { memberId: other.member } }],
  'trials.start': (other) => [{ body: { testers: [{ kind: 'member', id: other.member }] } }],
  'trials.feedback': () => [{ body: { text: '好用' } }],
  'apps.update': () => [{ body: { name: '改名' } }],
  'packages.export': (other) => [{ body: { version: '1.0.0', sample: [{ formId: other.form, rows: 1 }] } }],
  'packages.preview': (other) => [
    { body: { appId: other.app } },
    { body: { people: { 'member:m1': other.member } } },
    { body: { people: { 'department:d1': other.department } } },
  ],
  'packages.install': (other) => [{ body: { appId: other.app } }, { body: { people: { 'member:m1': other.member } } }],
  'audit.list': (other) => [{ query: `memberId=${other.member}` }, { query: brokenCursor }],
  'usage.list': () => [{ query: 'weeks=4' }, { query: 'weeks=x' }],
  'handovers.start': (other, own) => [
    { body: { items: [{ kind: 'tasks', to: other.member }] } },
    { body: { items: [{ kind: 'records', formId: other.form, to: own.member }] } },
  ],
  'recordLinks.create': (other) => [{ body: { fields: [other.field], expiresAt: '2099-01-01T00:00:00Z' } }],
  'prints.upload': () => [{}],
  'prints.replace': () => [{}],
  'prints.update': () => [{ body: { name: '版式' } }],
  'prints.record': (other) => [{ query: '' }, { query: `templateId=${other.print}` }],
  'prints.batch': (other, own) => [
    { body: { ids: [other.record] } },
    { body: { ids: [own.record], templateId: other.print } },
  ],
  'exports.create': (other) => [
    { body: { filter: { field: 'parent', op: 'eq', value: other.record } } },
    { body: { fields: [other.field] } },
    { body: { sort: [{ field: other.field, dir: 'asc' }] } },
    { body: { ids: [other.record] } },
  ],
  'exports.list': (other) => [{ query: `formId=${other.form}` }],
  'search.all': (other) => [{ body: { text: other.record } }, { body: { text: '机密', appId: other.app } }],
  'favourites.add': (other, own) => [
    { body: { formId: other.form, recordId: other.record } },
    { body: { formId: own.form, recordId: other.record } },
  ],
  'favourites.remove': (other, own) => [
    { body: { formId: other.form, recordId: other.record } },
    { body: { formId: own.form, recordId: other.record } },
  ],
  'recents.add': (other, own) => [
    { body: { formId: other.form, recordId: other.record } },
    { body: { formId: own.form, recordId: other.record } },
  ],
  'records.aggregate': (other) => [
    { body: { filter: { field: 'parent', op: 'eq', value: other.record }, metrics: [{ fn: 'count', as: 'n' }] } },
    { body: { groupBy: [{ field: other.field }], metrics: [{ fn: 'count', as: 'n' }] } },
    { body: { metrics: [{ fn: 'max', field: other.field, as: 'n' }] } },
  ],
  'imports.list': (other) => [{ query: `appId=${other.app}` }],
  'imports.create': (other, own) => [
    { query: `appId=${other.app}` },
    { query: `appId=${own.app}&formId=${other.form}` },
  ],
  'imports.plan': (other) => [
    { body: { sheets: [planned(other)], options: {} } },
    { body: { sheets: [], options: { people: { 王芳: other.member } } } },
    { body: { sheets: [], options: { links: { key: other.record } } } },
  ],
  'imports.rows': (other) => [{ query: `sheet=客户台账&kind=refused&target=${other.form}` }],
  'imports.start': (other) => [{ body: { sheets: [planned(other)], options: { people: { 王芳: other.member } } } }],
  'flows.list': (other) => [{ query: `appId=${other.app}` }, { query: `formId=${other.form}` }],
  'flows.create': (other, own) => [
    { body: { appId: other.app, name: '庚', definition: approvalFlow(own.form, own.member) } },
    { body: { appId: own.app, name: '庚', definition: approvalFlow(other.form, own.member) } },
    { body: { appId: own.app, name: '庚', definition: approvalFlow(own.form, other.member) } },
  ],
  'flows.update': (other, own) => [
    { body: { definition: approvalFlow(other.form, own.member) } },
    { body: { definition: approvalFlow(own.form, other.member) } },
  ],
  'flows.test': (other) => [{ body: { recordId: other.record } }],
  'flows.replay': () => [{ body: { last: 2 } }],
  'flows.runs': () => [{ query: brokenCursor }],
  'flowSecrets.create': (_other, _own, tag) => [{ body: { name: `密钥 ${tag}`, kind: 'secret', value: 'x' } }],
  'apiKeys.create': (other, own, tag) => [
    { body: { name: `对接 ${tag}`, memberId: other.member, access: 'read' } },
    { body: { name: `对接 ${tag}`, memberId: own.member, access: 'read', forms: [other.form] } },
  ],
  'apiKeys.update': (other) => [{ body: { memberId: other.member } }, { body: { forms: [other.form] } }],
  'flowSecrets.rotate': () => [{ body: { value: 'y' } }],
  'mailAccount.save': () => [
    { body: { host: 'mail.example', port: 465, security: 'tls', user: '', from: 'a@b.example', fromName: '' } },
  ],
  'mailAccount.test': () => [{ body: { to: 'a@b.example' } }],
  'runs.search': (other) => [
    { query: `flowId=${other.flow}` },
    { query: `formId=${other.form}&recordId=${other.record}` },
    { query: `appId=${other.app}` },
    { query: brokenCursor },
  ],
  'runs.act': (other) => [{ body: { action: 'cancel', ids: [other.run] } }],
  'runs.started': (other) => [{ query: brokenCursor }, { query: `flowId=${other.flow}&formId=${other.form}` }],
  'tasks.list': (other) => [{ query: brokenCursor }, { query: `flowId=${other.flow}&formId=${other.form}` }],
  'tasks.approve': (other) => [{ body: { values: { parent: other.record } } }],
  'tasks.reject': (other) => [{ body: { values: { parent: other.record } } }],
  'tasks.delegate': (other) => [{ body: { to: other.member } }],
  'tasks.addSigners': (other) => [{ body: { to: [other.member], position: 'before' } }],
  'tasks.removeSigner': (other) => [{ body: { task: other.task } }],
  'tasks.return': (other) => [{ body: { to: other.task, comment: '退' } }],
  'tasks.recall': () => [{ body: {} }],
  'tasks.askInfo': () => [{ body: { comment: '补充' } }],
  'tasks.answer': (other) => [{ body: { comment: '答', attachments: [other.file] } }],
  'tasks.resubmit': (other) => [{ body: { comment: '答', attachments: [other.file] } }],
  'tasks.choose': (other) => [{ body: { to: [other.member] } }],
  'tasks.copy': (other) => [{ body: { to: [other.member] } }],
  'tasks.approveMany': (other) => [{ body: { ids: [other.task] } }],
  'runs.unlock': () => [{ body: { reason: '改' } }],
  'copies.list': (other) => [{ query: `cursor=${other.copy}` }, { query: `flowId=${other.flow}` }],
  'aways.create': (other) => [
    { body: { to: other.member, from: '2030-01-01T00:00:00Z', until: '2030-01-02T00:00:00Z' } },
    { body: { member: other.member, to: other.member, from: '2030-01-01T00:00:00Z', until: '2030-01-02T00:00:00Z' } },
  ],
  'maps.setTiles': () => [{ body: { tiles: null } }],
  'runs.setRetention': () => [{ body: { days: 90 } }],
  'phrases.set': () => [{ body: { items: ['同意'] } }],
  'me.chooseChat': () => [{ body: { channel: null } }],
  'me.notices': () => [{ query: brokenCursor }],
  'me.readNotices': (other) => [{ body: { ids: [other.delivery] } }],
  'me.saveNotify': () => [{ body: { chat: { comment: false } } }],
  'pages.sign': (other) => [{ body: { connectionId: other.connection, path: '/m/' } }],
  'chatGroups.create': (other, own) => [
    { body: { connectionId: other.connection, name: '群', ownerId: own.member, memberIds: [own.member] } },
    { body: { connectionId: own.connection, name: '群', ownerId: other.member, memberIds: [other.member] } },
  ],
  'chatGroups.read': () => [{}],
  'chatGroups.change': (other, own) => [{ body: { add: [own.member] } }, { body: { ownerId: other.member } }],
  'records.chats': (other) => [{ query: `connectionId=${other.connection}` }],
  'sidebar.open': (other) => [{ body: { connectionId: other.connection, externalUserid: 'wmAAAAAAAAAA' } }],
  'sidebar.link': (other, own) => [
    { body: { connectionId: other.connection, externalUserid: 'wmAAAAAAAAAA', recordId: own.record } },
    { body: { connectionId: own.connection, externalUserid: 'wmAAAAAAAAAA', recordId: other.record } },
  ],
  'sidebar.unlink': (other) => [{ body: { connectionId: other.connection, externalUserid: 'wmAAAAAAAAAA' } }],
  'sidebar.saveSetup': (other, own) => [
    { body: { formId: other.form } },
    { body: { formId: own.form, followUpFormId: other.form } },
  ],
  'notify.saveCompany': () => [
    {
      body: {
        quiet: { on: false, from: '22:00', to: '08:30', restDays: false },
        through: { approvals: false, urgent: true },
        chat: { task: true, reminder: true, notice: true, comment: true, report: true },
      },
    },
  ],
  'tasks.fill': () => [{ body: { values: { name: '改' } } }],
  'tasks.transfer': (other) => [{ body: { to: other.member } }],
  'runs.withdraw': () => [{ body: { comment: '不报了' } }],
  'records.press': (other) => [
    { body: { pressId: '0195a000-0000-7000-8000-000000000001', values: { parent: other.record } } },
  ],
  'tasks.complete': (other) => [{ body: { formId: other.form } }],
  'tasks.reopen': (other) => [{ body: { formId: other.form } }],
  'dashboards.list': (other) => [{ query: `appId=${other.app}` }],
  'dashboards.create': (other, own) => [
    { body: { appId: other.app, name: '辛' } },
    { body: { appId: own.app, name: '辛', definition: { widgets: [metric(other.form)] } } },
  ],
  'dashboards.data': (other) => [
    { query: '' },
    { query: `filters=${JSON.stringify({ member: [other.member], department: [other.department] })}` },
  ],
  'dashboards.update': (other) => [{ body: { definition: { widgets: [metric(other.form)] } } }],
  'dashboards.preview': (other, own) => [
    { body: { widget: metric(other.form) } },
    { body: { widget: { ...metric(own.form), filter: { field: 'parent', op: 'eq', value: other.record } } } },
    { body: { widget: { ...metric(own.form), measure: { fn: 'max', field: other.field } } } },
  ],
  'subscriptions.create': (other) => [
    { body: { schedule: { unit: 'day', time: '09:00' }, members: [other.member] } },
    {
      body: { schedule: { unit: 'day', time: '09:00' }, members: [], groups: [{ robot: '机密群', as: other.member }] },
    },
  ],
  'subscriptions.update': (other) => [{ body: { schedule: { unit: 'day', time: '09:00' }, members: [other.member] } }],
  'subscriptions.send': () => [{ body: { to: 'groups' } }],
  'events.changes': (other) => [{ query: `since=${other.form}` }],
  'connections.save': (other) => [
    { body: { id: other.connection, channel: 'wecom', name: '壬', corpId: 'wwx', agentId: '1' } },
  ],
  'deliveries.list': (other) => [
    { query: `memberId=${other.member}` },
    { query: `connectionId=${other.connection}` },
    { query: brokenCursor },
  ],
  'deliveries.recall': () => [{ body: {} }, { body: { everybody: true } }],
  'connections.putFile': () => [{ body: { name: 'WW_verify_abcdefgh.txt', content: 'abcdefgh' } }],
  'connections.link': (other) => [{ body: { userid: 'somebody', memberId: other.member } }],
};

const metric = (formId: string) => ({ id: 'w', title: '数', type: 'metric', formId, place, measure: { fn: 'count' } });
const planned = (other: Ids) => ({
  name: '客户台账',
  index: 0,
  headerRow: 3,
  include: true,
  columns: [],
  targets: [{ key: 't', formId: other.form, formName: '机密交易', newFields: [], mode: 'insert', matchOn: [] }],
});

async function send(operation: Operation, account: TestAccount, ids: Ids, probe: Probe = {}): Promise<Answer> {
  const target = `${url(operation, ids)}${probe.query ? `?${encodeURI(probe.query)}` : ''}`;
  if (operation.name === 'imports.create') return account.upload(target, 'ledger.xlsx', ledger);
  if (['prints.upload', 'prints.replace'].includes(operation.name))
    return account.upload(target, '版式.docx', template);
  const body = probe.body ?? (operation.hasBody ? {} : undefined);
  return account.call(operation.method, target, body);
}

/** The answer without what differs between any two requests: traces, times, ids. */
function shape(answer: Answer): string {
  const text = answer.text
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<id>')
    .replace(/[0-9a-f]{32}/g, '<hex>')
    .replace(/f_[0-9a-z]{10}/g, '<field>')
    .replace(/"traceId":"[^"]*"/g, '')
    .replace(/"version":\d+/g, '"version"')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
    .replace(/zq\d+x/gi, '<tag>')
    .replace(/\/p\/[\w-]{16,}/g, '/p/<token>')
    .replace(/"cursor":"[^"]*"/g, '"cursor"')
    .replace(/"since":"[^"]*"/g, '"since"');
  return `${answer.status} ${text}`;
}

describe('the list of routes', () => {
  it('is the OpenAPI document’s, and each one is swept, or excluded by name', () => {
    const all = operations();
    expect(all.length).toBeGreaterThan(80);
    for (const name of [...logIn, ...withoutInput]) expect(all.map((each) => each.name)).toContain(name);
    for (const each of all.filter((operation) => withoutInput.includes(operation.name)))
      expect([...each.pathIds, ...each.query], each.name).toEqual([]);
    const unprobed = swept.filter((each) => (each.hasBody || each.query.length > 0) && !probes[each.name]);
    expect(unprobed.map((each) => each.name)).toEqual([]);
    const unknown = swept.flatMap((each) =>
      each.pathIds
        .filter((name) => !(name in plain) && !(kindOf(each, name) in theirIds))
        .map((name) => `${each.name} :${name}`),
    );
    expect(unknown).toEqual([]);
  });

  it('answers none without a session', async () => {
    for (const operation of [...swept, ...operations().filter((each) => withoutInput.includes(each.name))]) {
      if (operation.name === 'demo.progress') continue;
      const answer = await whole.call(operation.method, url(operation, theirIds));
      expect([answer.status, answer.json?.code], operation.name).toEqual([401, 'unauthenticated']);
    }
  });
});

describe('another tenant’s id', () => {
  const inPath = swept.filter((each) => each.pathIds.some((name) => !(name in plain)));

  it.each(inPath.map((each) => [each.name, each] as const))(
    'in the path of %s answers 404, like nobody’s',
    async (_, operation) => {
      const names = operation.pathIds.filter((name) => !(name in plain));
      // Every combination with at least one id that is not the caller's.
      for (let bits = 1; bits < 2 ** names.length; bits++) {
        const mixed = (others: Ids): Ids => {
          const ids = { ...mineIds };
          names.forEach((name, index) => {
            const kind = kindOf(operation, name);
            if (bits & (1 << index)) ids[kind] = others[kind];
          });
          return ids;
        };
        for (const probe of [...(probes[operation.name]?.(mineIds, mineIds, 'zq0x') ?? []), {}]) {
          const foreign = await send(operation, mine, mixed(theirIds), probe);
          const nobody = await send(operation, mine, mixed(random()), probe);
          expect(shape(foreign), JSON.stringify(probe)).toBe(shape(nobody));
          expect(foreign.text).not.toContain('机密客户');
          const wellFormed = probe.query ? probe.query !== brokenCursor : (probe.body ?? !operation.needsInput);
          if (wellFormed) expect(foreign.status, JSON.stringify(probe)).toBe(404);
        }
      }
    },
  );

  const inInput = swept.filter((each) => probes[each.name]);
  let tags = 0;

  it.each(inInput.map((each) => [each.name, each] as const))(
    'in the body or query of %s answers what nobody’s id answers',
    async (_, operation) => {
      const asked = (others: Ids) => probes[operation.name]?.(others, mineIds, `zq${++tags}x`) ?? [];
      const foreign = asked(theirIds);
      const warm = asked(random());
      const nobody = asked(random());
      expect(foreign.length).toBeGreaterThan(0);
      for (const [index, probe] of foreign.entries()) {
        // Once to bring about whatever it changes here, so that both answers start from the same state.
        await send(operation, mine, mineIds, warm[index]);
        const first = await send(operation, mine, mineIds, nobody[index]);
        const second = await send(operation, mine, mineIds, probe);
        expect(shape(second), JSON.stringify(probe)).toBe(shape(first));
      }
    },
  );

  it('changed nothing over there, while the owner’s own ids open every one of these doors', async () => {
    const record = ok(await theirs.call('GET', `/api/v1/forms/${theirIds.form}/records/${theirIds.record}`)).json;
    expect(record).toMatchObject({ version: 1, values: { name: '机密客户' } });
    const before = ok(await theirs.call('GET', `/api/v1/tasks/${theirIds.task}`)).json;
    expect(before.state).toBe('pending');
    const order = ['GET', 'POST', 'PATCH', 'DELETE'];
    const last = [
      'departments.delete',
      'roles.delete',
      'forms.delete',
      'records.delete',
      'records.purge',
      'batches.undo',
      'imports.start',
      'imports.undo',
      'imports.cancel',
    ];
    const sorted = inPath.toSorted(
      (a, b) => last.indexOf(a.name) - last.indexOf(b.name) || order.indexOf(a.method) - order.indexOf(b.method),
    );
    const closed: string[] = [];
    for (const operation of sorted.filter((each) => !last.includes(each.name) && each.method !== 'DELETE')) {
      const answer = await send(operation, theirs, theirIds, probes[operation.name]?.(theirIds, theirIds, 'zq0x')[0]);
      // 502: the door opened, and behind it is no platform.
      const failed = answer.status >= 500 && answer.status !== 502;
      if (answer.status === 404 || failed) closed.push(`${operation.name} ${answer.status} ${answer.text}`);
    }
    expect(closed).toEqual([]);
  });
});
