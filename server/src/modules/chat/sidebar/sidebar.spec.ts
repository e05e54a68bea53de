import type { SidebarView } from '@lianke/shared/chat/sidebar';
import type { ConnectionId, FormId, MemberId } from '@lianke/shared/ids';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSandbox, type RunningSandbox } from '../../../../../infra/sandbox/src/server.js';
import { pageSignature } from '../../../../../infra/sandbox/src/wecom/js-sdk.js';
import { type Answer, type TestAccount, WholeApp } from '../../../../test/support/whole-app.js';
import { Database } from '../../../kernel/database/database.js';
import { ConnectionService } from '../connection.service.js';
import { OrgSync } from '../org/org-sync.js';

const publicUrl = 'http://lianke.example';
const yang = 'wodemoAAyangzhuren01';
const lin = 'wmdemoAAlinxiaomei02';
const hu = 'wmdemoAAhuzong03';
type Account = Omit<TestAccount, 'adminRoleId'>;

let whole: WholeApp;
let sandbox: RunningSandbox;
let admin: TestAccount;
let connectionId: ConnectionId;
const accounts = new Map<string, Account>();
const forms = new Map<string, FormId>();

beforeAll(async () => {
  sandbox = await createSandbox({ port: 0, publicUrl, wait: async () => undefined });
  whole = await WholeApp.start({ sandbox: { apiBase: sandbox.url, publicUrl } });
  admin = await whole.company('demo', '演示企业');
  ok(await admin.call('POST', '/api/v1/app-templates/crm/install'));
  for (const form of ok(await admin.call('GET', '/api/v1/forms')).json.items) forms.set(form.key, form.id);
  const [corp] = sandbox.state.seed.wecom;
  const agent = corp?.apps[0];
  if (!corp || !agent) throw new Error('the sandbox has no corp');
  const connection = await whole.get(ConnectionService).save(admin, {
    channel: 'wecom',
    name: '企业微信',
    corpId: corp.corpId,
    agentId: String(agent.agentId),
    secret: agent.secret,
  });
  connectionId = connection.id;
  await whole.get(OrgSync).run(connection);
  const rows = await database().withTenant(admin, async (tx) => {
    await tx.run(
      `INSERT INTO lianke.role_member (tenant_id, role_id, member_id)
       SELECT a.tenant_id, r.id, a.member_id FROM lianke.chat_account a JOIN lianke.role r ON r.key = 'sales'
       WHERE a.userid_key IN ('wangfang','chenjing','liwei') ON CONFLICT DO NOTHING`,
    );
    await tx.run(
      `INSERT INTO lianke.role_member (tenant_id, role_id, member_id)
       SELECT a.tenant_id, r.id, a.member_id FROM lianke.chat_account a JOIN lianke.role r ON r.key = 'crmAdmin'
       WHERE a.userid_key = 'boss' ON CONFLICT DO NOTHING`,
    );
    await tx.run('UPDATE lianke.tenant SET access_version = access_version + 1');
    return tx.sql<{ userid_key: string; member_id: MemberId }>('SELECT userid_key, member_id FROM lianke.chat_account');
  });
  for (const { userid_key, member_id } of rows)
    accounts.set(userid_key, await whole.account(admin.tenantId, member_id));
});
afterAll(async () => {
  await whole.close();
  await sandbox.close();
});
beforeEach(async () => {
  await database().withTenant(admin, (tx) => tx.run('DELETE FROM lianke.external_link'));
  sandbox.state.faults.remove();
});

const database = () => whole.get(Database);
const as = (userid: string) => accounts.get(userid) as Account;
function ok(answer: Answer): Answer {
  if (answer.status >= 300) throw new Error(answer.text);
  return answer;
}
const create = async (by: Account, form: string, values: object) =>
  ok(await by.call('POST', `/api/v1/forms/${forms.get(form)}/records`, { values })).json.id as string;
const ask = (by: Account, externalUserid: string, what = 'open', more: object = {}) =>
  by.call('POST', `/api/v1/sidebar/${what}`, { connectionId, externalUserid, ...more });
const open = async (by: Account, externalUserid: string) => ok(await ask(by, externalUserid)).json as SidebarView;

describe('the page beside a chat', () => {
  it('suggests the customer by the phone of one of its people, and shows it once it is linked', async () => {
    const wangfang = as('wangfang');
    const customer = await create(wangfang, 'customer', { name: '美利云' });
    await create(wangfang, 'contact', { name: '杨主任', phone: ['15966667600'], customer });
    await create(wangfang, 'customer', { name: '北汽蓝谷' });
    const before = await open(wangfang, yang);
    expect(before).toMatchObject({
      contact: {
        name: '杨建国',
        company: '美利云',
        kind: 'company',
        remark: '杨主任-美利云',
        mobiles: ['15966667600'],
      },
      customer: { state: 'none', suggestions: [{ id: customer, label: '美利云', why: 'contact' }] },
      formId: forms.get('customer'),
      mayCreate: true,
      preset: { name: '美利云', phone: ['15966667600'] },
      tagField: 'tags',
      followUpFormId: forms.get('followUp'),
      person: { formId: forms.get('contact'), relation: 'customer', preset: { name: '杨建国' } },
    });
    const linked = ok(await ask(wangfang, yang, 'link', { recordId: customer })).json as SidebarView;
    expect(linked.customer).toEqual({ state: 'linked', id: customer, label: '美利云' });
    expect((await open(wangfang, yang)).customer).toMatchObject({ state: 'linked', id: customer });
    expect(ok(await ask(wangfang, yang, 'unlink')).json.customer.state).toBe('none');
  });

  it('suggests by the customer’s own phone, its company and its name, each once', async () => {
    const wangfang = as('wangfang');
    const [byPhone, byCompany] = [
      await create(wangfang, 'customer', { name: '海川（宁波）', phone: ['13700001234'] }),
      await create(wangfang, 'customer', { name: '海川贸易' }),
    ];
    const { customer } = await open(wangfang, lin);
    expect(customer).toMatchObject({
      suggestions: [
        { id: byPhone, why: 'phone' },
        { id: byCompany, why: 'company' },
      ],
    });
  });

  it('tells whoever may not see the customer that there is one, and nothing else', async () => {
    const chenjing = as('chenjing');
    const customer = await create(chenjing, 'customer', { name: '格尔软件', phone: ['13653074505'] });
    expect((await open(chenjing, hu)).customer).toMatchObject({ suggestions: [{ id: customer, why: 'phone' }] });
    // Not suggested to another rep, who has him as a contact too.
    expect((await open(as('wangfang'), hu)).customer).toEqual({ state: 'none', suggestions: [] });
    ok(await ask(chenjing, hu, 'link', { recordId: customer }));
    const seen = await ask(as('wangfang'), hu);
    expect(seen.json.customer).toEqual({ state: 'hidden' });
    expect(seen.text).not.toContain(customer);
    expect(seen.text).not.toContain('格尔');
    // Nor can she take him over, or name a record that she cannot see.
    const own = await create(as('wangfang'), 'customer', { name: '王芳的客户' });
    expect((await ask(as('wangfang'), hu, 'link', { recordId: own })).status).toBe(403);
    expect((await ask(as('wangfang'), hu, 'unlink')).status).toBe(403);
    expect((await ask(as('wangfang'), lin, 'link', { recordId: customer })).status).toBe(404);
    expect((await open(chenjing, hu)).customer).toMatchObject({ state: 'linked' });
    // What the customer's owner deletes is nobody's.
    ok(await admin.call('POST', `/api/v1/forms/${forms.get('customer')}/records/batch`, { delete: [customer] }));
    expect((await open(as('wangfang'), hu)).customer.state).toBe('none');
  });

  it('shows the customer that stayed after its own was merged into it, and its own again once that is undone', async () => {
    const wangfang = as('wangfang');
    const keep = await create(wangfang, 'customer', { name: '美利云计算' });
    const other = await create(wangfang, 'customer', { name: '美利云' });
    const later = await create(wangfang, 'customer', { name: '海川贸易' });
    ok(await ask(wangfang, yang, 'link', { recordId: other }));
    ok(await ask(wangfang, lin, 'link', { recordId: other }));
    const path = `/api/v1/forms/${forms.get('customer')}/records/merge`;
    const merged = ok(await admin.call('POST', path, { keep, others: [other], values: {} })).json;
    for (const contact of [yang, lin])
      expect((await open(wangfang, contact)).customer).toEqual({ state: 'linked', id: keep, label: '美利云计算' });
    // What somebody said since is not taken back.
    ok(await ask(wangfang, lin, 'link', { recordId: later }));
    ok(await admin.call('POST', `/api/v1/batches/${merged.batchId}/undo`));
    expect((await open(wangfang, yang)).customer).toEqual({ state: 'linked', id: other, label: '美利云' });
    expect((await open(wangfang, lin)).customer).toMatchObject({ id: later });
  });

  it('opens from the customer’s page for whoever has added the contact, and so does the owner’s own', async () => {
    const [wangfang, liwei, boss] = [as('wangfang'), as('liwei'), as('boss')];
    const customer = await create(wangfang, 'customer', { name: '美利云' });
    ok(await ask(wangfang, yang, 'link', { recordId: customer }));
    const chats = (by: Account, id = customer) =>
      by.call('GET', `/api/v1/forms/${forms.get('customer')}/records/${id}/chats?connectionId=${connectionId}`);
    expect(ok(await chats(wangfang)).json.items).toEqual([{ kind: 'external', userid: yang, label: '杨建国' }]);
    // The boss sees the customer and has not added the contact.
    expect(ok(await chats(boss)).json.items).toEqual([{ kind: 'member', userid: 'wangfang', label: '王芳' }]);
    // 李伟 may not see the customer.
    expect((await chats(liwei)).status).toBe(404);
    sandbox.state.faults.add({ path: 'externalcontact/', effect: { kind: 'status', status: 502 } });
    expect(ok(await chats(wangfang)).json.items).toEqual([]);
  });

  it('is only for whom the contact has added', async () => {
    expect((await ask(as('chenjing'), yang)).status).toBe(404);
    expect((await ask(as('wangfang'), 'wmnobodyAAAAAA')).status).toBe(404);
    // The administrator is nobody in the chat.
    expect((await ask(admin, yang)).status).toBe(404);
    expect((await open(as('liwei'), yang)).contact).toMatchObject({ remark: null, mobiles: [] });
  });

  it('tells whoever may not see customers at all nothing of them', async () => {
    const caiwu = as('caiwu');
    sandbox.state.wecom.world.corps.get('wwdemo0000000001')?.externals.get(hu)?.followers.push({
      userid: 'caiwu',
      remark: '',
      description: '',
      remarkCorpName: '',
      remarkMobiles: [],
      tags: [],
    });
    expect(await open(caiwu, hu)).toMatchObject({
      customer: { state: 'none', suggestions: [] },
      formId: null,
      mayCreate: false,
      preset: {},
    });
  });

  it('says when the platform refuses, and the check-list keeps it', async () => {
    const setup = `/api/v1/connections/${connectionId}/sidebar`;
    sandbox.state.faults.add({ path: 'externalcontact/', effect: { kind: 'errcode', errcode: 48002 } });
    const refused = await ask(as('wangfang'), yang);
    expect(refused.status).toBe(502);
    expect(refused.json.detail).toContain('可调用接口的应用');
    expect(ok(await admin.call('GET', setup)).json).toMatchObject({ ok: false });
    sandbox.state.faults.remove();
    expect(ok(await admin.call('POST', `${setup}/check`)).json).toMatchObject({
      ok: true,
      message: '可以读取客户联系',
    });
  });
});

describe('the setup', () => {
  const setup = () => `/api/v1/connections/${connectionId}/sidebar`;

  it('finds the template’s forms, and follows the administrator', async () => {
    expect(ok(await admin.call('GET', setup())).json).toMatchObject({
      url: `${publicUrl}/m/?connection=${connectionId}#/pages/sidebar/index`,
      settings: {},
      form: { id: forms.get('customer') },
      tagField: { key: 'tags' },
      followUp: { id: forms.get('followUp') },
    });
    const lead = forms.get('lead');
    const saved = ok(await admin.call('POST', setup(), { formId: lead })).json;
    expect(saved).toMatchObject({ settings: { formId: lead }, form: { id: lead }, followUp: null });
    expect((await open(as('wangfang'), yang)).formId).toBe(lead);
    // Saving the connection again keeps it.
    const { corpId, agentId, name } = ok(await admin.call('GET', '/api/v1/connections')).json.items[0];
    ok(await admin.call('POST', '/api/v1/connections', { id: connectionId, channel: 'wecom', name, corpId, agentId }));
    expect(ok(await admin.call('GET', setup())).json.settings).toEqual({ formId: lead });
    ok(await admin.call('POST', setup(), {}));
  });

  it('refuses what is not there, and everybody but administrators', async () => {
    const formId = forms.get('customer');
    for (const body of [{ formId: connectionId }, { formId, tagField: 'name' }, { formId, followUpFormId: formId }])
      expect((await admin.call('POST', setup(), body)).status).toBe(400);
    expect((await as('wangfang').call('GET', setup())).status).toBe(403);
    expect((await as('wangfang').call('POST', `${setup()}/check`)).status).toBe(403);
  });
});

describe('page signatures', () => {
  const sign = (path: string) => as('wangfang').call('POST', '/api/v1/page-signatures', { connectionId, path });

  it('are what the platform expects, of both tickets, each fetched once', async () => {
    sandbox.state.log.clear();
    const path = `/m/?connection=${connectionId}`;
    const signed = ok(await sign(path)).json;
    ok(await sign('/m/?b=2'));
    const { tickets } = sandbox.state.wecom.world;
    const page = { url: publicUrl + path, timestamp: String(signed.timestamp), nonceStr: signed.nonceStr };
    const expected = (key: string) => pageSignature(tickets.get(key)?.ticket ?? '', page);
    expect(signed).toMatchObject({
      channel: 'wecom',
      corpId: 'wwdemo0000000001',
      agentId: '1000002',
      signature: expected('wwdemo0000000001'),
      agentSignature: expected('wwdemo0000000001/1000002'),
    });
    const asked = sandbox.state.log.list({}).filter((entry) => /ticket/.test(entry.path));
    expect(asked.map((entry) => entry.path).sort()).toEqual(['/cgi-bin/get_jsapi_ticket', '/cgi-bin/ticket/get']);
  });

  it('are given for pages of ours only', async () => {
    for (const path of ['https://evil.example/', '//evil.example/', '/m/#/pages', ''])
      expect((await sign(path)).status).toBe(400);
  });
});
