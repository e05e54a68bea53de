import { type FlowDefinition, flowDefinition } from '@lianke/shared/flows/definition';
import type { FormView } from '@lianke/shared/forms/definition';
import type { FlowId, MemberId, RecordId } from '@lianke/shared/ids';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { Caller } from '../src/engine/flows/caller.js';
import { FlowsModule } from '../src/engine/flows/flows.module.js';
import { FlowsService } from '../src/engine/flows/flows.service.js';
import { MailAccountService } from '../src/engine/flows/outside/mail-account.service.js';
import { SecretsService } from '../src/engine/flows/outside/secrets.service.js';
import { SmtpOptions, SmtpSender } from '../src/engine/flows/outside/smtp-sender.js';
import { RunsService } from '../src/engine/flows/runs.service.js';
import { TrialRun } from '../src/engine/flows/trial-run.js';
import { OrgService } from '../src/engine/org/org.service.js';
import { Notifier } from '../src/engine/ports.js';
import { RecordReader } from '../src/engine/records/record-reader.js';
import { RecordWriter } from '../src/engine/records/record-writer.js';
import type { OutboundRequest } from '../src/kernel/outbound/outbound-http.js';
import { createTestEngine, type TestEngine, type TestTenant } from './support/engine.js';
import { comeToRest } from './support/flows.js';
import { MailServer } from './support/mail-server.js';

let engine: TestEngine;
let tenant: TestTenant;
let orders: FormView;
let mail: MailServer;
const silent: Notifier = { enqueue: async () => undefined, update: async () => undefined };
const smtp: SmtpOptions = { reach: 'private-too', plain: true, inner: [] };

beforeAll(async () => {
  mail = await MailServer.start();
  engine = await createTestEngine(
    undefined,
    [FlowsModule],
    [
      { provide: Notifier, useValue: silent },
      { provide: SmtpOptions, useValue: smtp },
    ],
  );
  tenant = await engine.tenant('acme');
  orders = await tenant.form({
    appId: await tenant.app(),
    key: 'order',
    name: '订单',
    fields: [
      { key: 'name', name: '名称', type: 'text' },
      { key: 'note', name: '备注', type: 'longText', config: { maxLength: 20_000 } },
      { key: 'mail', name: '客户邮箱', type: 'text' },
    ],
  });
});
afterAll(async () => {
  await engine.close();
  await mail.close();
});
afterEach(() => {
  vi.restoreAllMocks();
  mail.manner = 'take';
  mail.letters.length = 0;
});

const ref = (source: string, path: string) => ({ kind: 'ref', ref: { source, path } });
const literal = (value: unknown) => ({ kind: 'literal', value });
const line = (...ids: string[]) => ids.map((to, at) => ({ from: at === 0 ? 'trigger' : ids[at - 1], to }));
const define = (name: string, nodes: object[], edges: object[]): FlowDefinition =>
  flowDefinition.parse({
    trigger: { type: 'recordCreated', formId: orders.id, filter: { field: 'name', op: 'startsWith', value: name } },
    nodes,
    edges,
  });
async function draft(name: string, nodes: object[], edges: object[]) {
  const definition = define(name, nodes, edges);
  return engine.get(FlowsService).create(await tenant.ctx(), { appId: orders.appId, name, definition });
}
async function published(name: string, nodes: object[], edges: object[]): Promise<FlowId> {
  const flow = await draft(name, nodes, edges);
  expect(flow.faults).toEqual([]);
  await engine.get(FlowsService).publish(await tenant.ctx(), flow.id);
  return flow.id;
}
async function made(values: Record<string, unknown>): Promise<RecordId> {
  const row = { formId: orders.id, op: 'create' as const, row: { values: values as never } };
  const { id } = await engine.get(RecordWriter).writeOne(await tenant.ctx(), row);
  await work();
  return id as RecordId;
}
async function work(): Promise<void> {
  await comeToRest(engine);
  while (await engine.get(Caller).work()) await comeToRest(engine);
}
const noteOf = async (id: RecordId) =>
  (await engine.get(RecordReader).get(await tenant.ctx(), orders.id, id)).values.note;
const sql = <Row>(text: string, values: unknown[] = []) =>
  engine.kernel.database.withTenant({ tenantId: tenant.id }, (tx) => tx.sql<Row>(text, values as never));
async function storyOf(flow: FlowId) {
  const [run] = await sql<{ id: string }>('SELECT id FROM lianke.run WHERE flow_id = $1 ORDER BY id DESC LIMIT 1', [
    flow,
  ]);
  return engine.get(RunsService).get(await tenant.ctx(), run?.id as never);
}
function answering(answer: (request: OutboundRequest) => { status: number; body: string }) {
  const asked: OutboundRequest[] = [];
  vi.spyOn(engine.kernel.outbound, 'request').mockImplementation(async (request) => {
    asked.push(request);
    const { status, body } = answer(request);
    return { status, headers: {}, body: Buffer.from(body), url: request.url };
  });
  return asked;
}

describe('secrets', () => {
  const say = 'k-9f8e7d6c5b4a';

  it('go out with the request and are never in its story, not even when the other side says them back', async () => {
    const secrets = engine.get(SecretsService);
    const ctx = await tenant.ctx();
    const secret = await secrets.create(ctx, { name: '客户平台', kind: 'secret', value: say });
    expect(JSON.stringify(secret)).not.toContain(say);
    const asked = answering((request) => ({
      status: 200,
      body: JSON.stringify({ you: request.headers, sent: request.url }),
    }));
    const text = (...parts: object[]) => ({ kind: 'text', parts });
    const flow = await published(
      '密钥',
      [
        {
          ...{ id: 'call', type: 'http', method: 'GET' },
          url: text({ text: 'https://a.example/x?k=' }, { secret: '客户平台' }),
          headers: [{ name: 'Authorization', value: text({ text: 'Bearer ' }, { secret: '客户平台' }) }],
        },
        {
          id: 'put',
          type: 'updateRecord',
          assignments: [{ field: 'note', value: ref('call', 'body.you.Authorization') }],
        },
      ],
      line('call', 'put'),
    );
    // Words that look like the mark of a secret are only words.
    const id = await made({ name: '密钥 【密钥 客户平台】' });
    expect(asked[0]).toMatchObject({
      url: `https://a.example/x?k=${say}`,
      headers: { Authorization: `Bearer ${say}` },
    });
    expect(await noteOf(id)).toBe('Bearer ••••••');
    const story = await storyOf(flow);
    expect(story.state).toBe('done');
    expect(JSON.stringify(story)).not.toContain(say);
    const kept = await sql<{ t: string }>(
      `SELECT to_jsonb(s)::text AS t FROM lianke.step s UNION ALL SELECT to_jsonb(x)::text FROM lianke.flow_secret x`,
    );
    expect(kept.filter((row) => row.t.includes(say))).toEqual([]);

    await secrets.rotate(ctx, secret.id, { value: 'k-new-and-longer' });
    await made({ name: '密钥 二' });
    expect(asked[1]?.headers?.Authorization).toBe('Bearer k-new-and-longer');
    expect((await secrets.list(ctx)).find((item) => item.id === secret.id)?.uses).toMatchObject([{ id: flow }]);
    await expect(secrets.remove(ctx, secret.id)).rejects.toMatchObject({
      code: 'in_use',
      message: expect.stringContaining('密钥'),
    });
    await sql('DELETE FROM lianke.flow_secret');
    await made({ name: '密钥 三' });
    expect(asked).toHaveLength(2);
    expect(await storyOf(flow)).toMatchObject({ state: 'failed', error: '密钥“客户平台”已删除' });
  });

  it('are for administrators to make; a designer without them is told by name before publishing', async () => {
    const someone = await tenant.memberWith('设计者', {});
    await expect(
      engine.get(SecretsService).create(await tenant.ctx(someone), { name: '甲', kind: 'secret', value: 'x' }),
    ).rejects.toMatchObject({ code: 'forbidden' });
    const { faults } = await draft(
      '缺',
      [
        {
          id: 'call',
          type: 'http',
          url: { kind: 'text', parts: [{ text: 'https://a.example/' }, { secret: '没有的' }] },
        },
      ],
      line('call'),
    );
    expect(faults).toEqual([{ node: 'call', message: '密钥“没有的”已删除，请换一个' }]);
  });
});

it('a request to an inner address is not sent, and nobody is asked to look whether it was', async () => {
  const flow = await published(
    '内网',
    [{ id: 'call', type: 'http', url: literal('http://127.0.0.1:1/x') }],
    line('call'),
  );
  await made({ name: '内网' });
  const story = await storyOf(flow);
  expect(story.state).toBe('failed');
  expect(story.error).not.toContain('没有收到结果');
});

describe('letters', () => {
  const account = (more: object = {}) => ({
    ...{
      host: 'localhost',
      port: mail.port,
      security: 'starttls' as const,
      user: 'flow@acme.example',
      password: 'right',
    },
    ...{ from: 'flow@acme.example', fromName: '甲公司', ...more },
  });
  const node = (more: object = {}) => ({
    ...{ id: 'mail', type: 'email', to: [], addresses: ref('trigger', 'mail') },
    ...{
      subject: { kind: 'text', parts: [{ text: '订单 ' }, { ref: { source: 'trigger', path: 'name' } }] },
      text: literal('已发货。'),
    },
    ...more,
  });
  let member: MemberId;

  beforeAll(async () => {
    member = await engine
      .get(OrgService)
      .createMember({ tenantId: tenant.id }, { name: '王芳', email: 'fang@acme.example', roleIds: [] } as never);
  });

  it('cannot be published before the account is there, and its password is asked for', async () => {
    expect((await draft('无账号', [node()], line('mail'))).faults).toMatchObject([
      { node: 'mail', message: expect.stringContaining('发信邮箱') },
    ]);
    const { password: _, ...without } = account();
    await expect(engine.get(MailAccountService).save(await tenant.ctx(), without)).rejects.toMatchObject({
      code: 'invalid_request',
    });
  });

  it('reach members and other addresses once, and the password is nowhere', async () => {
    const service = engine.get(MailAccountService);
    const view = await service.save(await tenant.ctx(), account());
    expect(JSON.stringify(view)).not.toContain('right');
    expect(await service.test(await tenant.ctx(), 'me@acme.example')).toEqual({ sent: true, detail: '' });
    mail.letters.length = 0;
    const flow = await published('寄', [node({ to: [{ kind: 'member', ids: [member, tenant.admin] }] })], line('mail'));
    await made({ name: '寄 1', mail: 'buyer@b.example; 不是邮箱' });
    expect(mail.letters).toHaveLength(1);
    expect(mail.letters[0]?.to.sort()).toEqual(['buyer@b.example', 'fang@acme.example']);
    expect(mail.letters[0]?.data).toMatch(/Message-ID: <[0-9a-f]{40}@acme\.example>/i);
    const story = await storyOf(flow);
    expect(story.steps[0]).toMatchObject({ state: 'done', output: { sent: 2 } });
    const kept = await sql<{ t: string }>('SELECT to_jsonb(a)::text AS t FROM lianke.mail_account a');
    expect(kept[0]?.t).not.toContain('right');
  });

  it('whose fate is unknown are left to a person; those refused or not sent say so', async () => {
    const flow = await published('命运', [node()], line('mail'));
    mail.manner = 'breakOff';
    await made({ name: '命运 1', mail: 'a@b.example' });
    expect(await storyOf(flow)).toMatchObject({ state: 'failed', error: expect.stringContaining('没有收到结果') });
    expect(mail.letters).toHaveLength(1);
    mail.manner = 'refuse';
    await made({ name: '命运 2', mail: 'a@b.example' });
    expect(await storyOf(flow)).toMatchObject({ state: 'failed', error: expect.stringContaining('554') });
    await engine.get(MailAccountService).save(await tenant.ctx(), account({ password: 'wrong' }));
    expect(await engine.get(MailAccountService).test(await tenant.ctx(), 'a@b.example')).toMatchObject({
      sent: false,
      detail: expect.stringContaining('535'),
    });
    await engine.get(MailAccountService).save(await tenant.ctx(), account());
    await made({ name: '命运 3', mail: '没有' });
    expect((await storyOf(flow)).steps[0]).toMatchObject({ state: 'done', output: { sent: 0 } });
  });

  it('to more than fifty go in parts, none is cut off, and a part that failed is the first to go again', async () => {
    const flow = await published('很多人', [node({ addresses: ref('trigger', 'note') })], line('mail'));
    const all = Array.from({ length: 120 }, (_, n) => `p${n}@b.example`);
    await made({ name: '很多人 1', note: all.join(';') });
    expect(mail.letters.map((letter) => letter.to.length)).toEqual([50, 50, 20]);
    expect(mail.letters.flatMap((letter) => letter.to)).toEqual(all);
    const ids = mail.letters.map((letter) => /Message-ID: (\S+)/i.exec(letter.data)?.[1]);
    expect(new Set(ids).size).toBe(3);
    expect((await storyOf(flow)).steps[0]).toMatchObject({ state: 'done', output: { sent: 120 } });

    mail.letters.length = 0;
    mail.most = 1;
    await made({ name: '很多人 2', note: all.join(';') });
    const stopped = await storyOf(flow);
    expect(stopped.state).toBe('failed');
    mail.most = Number.POSITIVE_INFINITY;
    await engine.get(RunsService).retry(await tenant.ctx(), stopped.id as never);
    await work();
    expect(mail.letters.map((letter) => letter.to.length)).toEqual([50, 50, 20]);
    expect((await storyOf(flow)).steps[0]).toMatchObject({ state: 'done', output: { sent: 120 } });
  });

  it('beyond a thousand name those who are left out, beforehand and in the story', async () => {
    const flow = await published('太多人', [node({ addresses: ref('trigger', 'note') })], line('mail'));
    const all = Array.from({ length: 1002 }, (_, n) => `q${n}@b.c`);
    const id = await made({ name: '太多人 1', note: all.join(';') });
    expect(mail.letters).toHaveLength(20);
    expect((await storyOf(flow)).steps[0]).toMatchObject({
      output: { sent: 1000, left: 'q1000@b.c、q1001@b.c' },
    });
    const { definition } = await engine.get(FlowsService).get(await tenant.ctx(), flow);
    const trial = await engine.get(TrialRun).run(await tenant.ctx(), definition, id);
    expect(JSON.stringify(trial)).toContain('q1001@b.c');
  });

  it('do not reach inner servers', async () => {
    const inner = { ...account(), password: 'right' };
    const outcome = await new SmtpSender({ outboundPrivate: [] }).send(inner, {
      to: ['a@b.example'],
      subject: '',
      text: '',
      key: 'k',
    });
    expect(outcome).toMatchObject({ kind: 'unreachable' });
    expect(mail.letters).toEqual([]);
    const opened = new SmtpSender({ outboundPrivate: [] }, { reach: 'public', plain: true, inner: ['127.0.0.0/8'] });
    const letter = { to: ['a@b.example'], subject: '', text: '', key: 'k' };
    expect(await opened.send(inner, letter)).toMatchObject({ kind: 'sent' });
  });
});

describe('group robots', () => {
  const robot = 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=11111111-2222-3333-4444-555555555555';
  const node = {
    id: 'group',
    type: 'groupMessage',
    robot: '销售群',
    title: ref('trigger', 'name'),
    facts: [{ label: '备注', ref: { source: 'trigger', path: 'note' } }],
    record: 'trigger',
  };

  it('are told in their platform’s form; busy ones are asked again, refusals say why', async () => {
    const secrets = engine.get(SecretsService);
    await expect(
      secrets.create(await tenant.ctx(), { name: '坏', kind: 'robot', value: 'https://a.example/' }),
    ).rejects.toMatchObject({ code: 'invalid_request' });
    await secrets.create(await tenant.ctx(), { name: '销售群', kind: 'robot', value: robot });
    const codes = [45009, 0, 93000];
    const asked = answering(() => ({ status: 200, body: JSON.stringify({ errcode: codes.shift(), errmsg: 'x' }) }));
    const flow = await published('群', [node], line('group'));
    await made({ name: '群 [1](x)', note: '急' });
    await sql('UPDATE lianke.run SET lease_until = NULL');
    await work();
    expect(asked).toHaveLength(2);
    expect(asked[1]?.url).toBe(robot);
    const body = JSON.parse(String(asked[1]?.body));
    expect(body).toMatchObject({
      msgtype: 'template_card',
      template_card: {
        card_type: 'text_notice',
        main_title: { title: '群 [1](x)' },
        horizontal_content_list: [{ keyname: '备注', value: '急' }],
        card_action: { type: 1, url: expect.stringMatching(/^http.*\/records\//) },
      },
    });
    await made({ name: '群 2', note: '急' });
    const story = await storyOf(flow);
    expect(story).toMatchObject({ state: 'failed', error: expect.stringMatching(/可能已被移出群.*（93000）/) });
    expect(JSON.stringify(story)).not.toContain('55555555555');
  });

  it('what a phone would fold goes out as words', async () => {
    const asked = answering(() => ({ status: 200, body: JSON.stringify({ errcode: 0 }) }));
    await published('群里的长话', [node], line('group'));
    await made({ name: '群 [1](x)', note: '急'.repeat(31) });
    const { markdown } = JSON.parse(String(asked.at(-1)?.body));
    expect(markdown.content).toContain('**群 \\[1\\](x)**');
    expect(markdown.content).toMatch(/> 备注：急[\s\S]*\[查看详情\]\(http.*\/records\//);
  });

  it.each([
    ['wecom', robot.replace('1111', '3333'), /"keyname":"备注","value":"急"/],
    [
      'dingtalk',
      'https://oapi.dingtalk.com/robot/send?access_token=33331111',
      /\*\*群, Yes\*\*\\n\\n> 备注: 急","singleTitle":"Open"/,
    ],
  ])('write to a group in its language, of %s too', async (channel, value, english) => {
    const secrets = engine.get(SecretsService);
    const name = `英文群 ${channel}`;
    const made1 = await secrets.create(await tenant.ctx(), { name, kind: 'robot', value, language: 'en' });
    const asked = answering(() => ({ status: 200, body: JSON.stringify({ errcode: 0 }) }));
    const said = { ...node, robot: name, title: { kind: 'literal', value: ['群', true] } };
    await published(`英文 ${channel}`, [said], line('group'));
    const body = () => String(asked.filter((request) => request.url === value).at(-1)?.body);
    await made({ name: `英文 ${channel} 一`, note: '急' });
    expect(body()).toContain('群, Yes');
    expect(body()).toMatch(english);
    await secrets.setLanguage(await tenant.ctx(), made1.id, 'zh');
    await made({ name: `英文 ${channel} 二`, note: '急' });
    expect(body()).toContain('群、是');
  });

  it('a trial run says what would be sent, and sends nothing', async () => {
    const asked = answering(() => ({ status: 200, body: '{}' }));
    const id = await made({ name: '试运行', note: '内容' });
    const { steps } = await engine.get(TrialRun).run(await tenant.ctx(), define('试运行', [node], line('group')), id);
    expect(steps[0]).toMatchObject({
      outcome: '会发到群机器人“销售群”，试运行不发送',
      lines: [{ value: '试运行' }, { label: '备注', value: '内容' }],
    });
    expect(asked).toEqual([]);
  });
});
