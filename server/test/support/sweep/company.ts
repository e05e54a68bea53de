import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { TenantId } from '@lianke/shared/ids';
import { Dispatcher } from '../../../src/engine/flows/dispatcher.js';
import { SecretsService } from '../../../src/engine/flows/outside/secrets.service.js';
import { Runner } from '../../../src/engine/flows/runner.js';
import { TenantDirectory } from '../../../src/engine/org/tenant-directory.js';
import { a4, paragraph } from '../../../src/engine/print/blocks.js';
import { writeDocx } from '../../../src/engine/print/docx/write.js';
import { Database } from '../../../src/kernel/database/database.js';
import { uuid7 } from '../../../src/kernel/ids/uuid7.js';
import type { Answer, TestAccount, WholeApp } from '../whole-app.js';
import { approvalFlow, customerForm } from './definitions.js';

export const template = writeDocx({ title: '', page: a4, header: [], footer: [], blocks: [paragraph('{{机密名称}}')] });
export const ledger = readFileSync(fileURLToPath(new URL('../../fixtures/客户台账.xlsx', import.meta.url)));

/** One thing of every kind that a company can own, by kind. */
export type Ids = Record<
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
export type Kind = keyof Ids;

export const ok = (answer: Answer): Answer => {
  if (answer.status >= 300) throw new Error(`${answer.status} ${answer.text}`);
  return answer;
};

/** Installs the template and makes one thing of every kind, all through the API. */
export async function furnish(whole: WholeApp, account: TestAccount): Promise<Ids> {
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
    chatGroup: await groupOf(whole, account, connection.id),
    key: (await post('/api/v1/api-keys', { name: '机密对接', memberId: member.id, access: 'read' })).key.id,
    // A record whose id is only ever offered as a client's own choice of id.
    spare: spare.id,
    pooled: pooled.id,
    target: target.id,
    field: related.fields.find((field: { key: string }) => field.key === 'name').id,
  };
}

/** A group of the company's own app, as if its platform had made it. */
async function groupOf(whole: WholeApp, account: TestAccount, connectionId: string): Promise<string> {
  const ctx = await whole.get(TenantDirectory).context(account.tenantId, { kind: 'system', name: 'seed' });
  const group = { name: '机密群', language: 'zh' as const, address: `${connectionId}/chat1` };
  return (await whole.get(SecretsService).addGroup(ctx, group)).id;
}

/** Ids of nobody's things. */
export const random = (like: Ids): Ids =>
  Object.fromEntries(
    Object.keys(like).map((kind) => [kind, kind === 'field' ? `f_${uuid7().slice(-10)}` : uuid7()]),
  ) as Ids;
