import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DING_KEY, type DingBench, dingBench } from '../testing/ding-support.js';

let sandbox: DingBench;
beforeEach(async () => {
  sandbox = await dingBench();
});
afterEach(() => sandbox.close());

const notice = (msg: object) =>
  sandbox.oapi('topapi/message/corpconversation/asyncsend_v2', { agent_id: 2000002, userid_list: 'boss', msg });

describe('a work notice', () => {
  const card = { title: '合同', markdown: '请看', single_title: '打开', single_url: 'https://x' };
  const button = { title: '打开', action_url: 'https://x' };
  const oa = { message_url: 'https://x', head: { bgcolor: 'FF1677FF', text: 'x' }, body: { title: '合同' } };
  const { single_title: _title, single_url: _url, ...worded } = card;

  it.each([
    ['text', { content: 'x' }],
    ['markdown', { title: 'x', text: 'x' }],
    ['link', { title: 'x', text: 'x', messageUrl: 'https://x', picUrl: '@lALO' }],
    ['oa', oa],
    ['action_card', card],
    ['action_card', { ...worded, btn_orientation: '1', btn_json_list: [button, button] }],
    ['action_card', { ...worded, btn_json_list: JSON.stringify([button]) }],
  ])('of kind %s is taken whole', async (kind, part) => {
    expect(await notice({ msgtype: kind, [kind]: part })).toMatchObject({ errcode: 0 });
  });

  it.each([
    ['no words', 'text', {}],
    ['empty words', 'text', { content: '' }],
    ['a picture that nobody uploaded', 'image', { media_id: '@lADPD' }],
    ['Markdown without a title', 'markdown', { text: 'x' }],
    ['a link without a picture', 'link', { title: 'x', text: 'x', messageUrl: 'https://x' }],
    ['a long title of a link', 'link', { title: '题'.repeat(101), text: 'x', messageUrl: 'https://x', picUrl: 'x' }],
    ['no address', 'oa', { ...oa, message_url: undefined }],
    ['no head', 'oa', { ...oa, head: undefined }],
    ['a long title', 'oa', { ...oa, body: { title: '题'.repeat(51) } }],
    ['lines that are none', 'oa', { ...oa, body: { title: '题', form: { key: 'a', value: 'b' } } }],
    ['no Markdown in its card', 'action_card', { ...card, markdown: undefined }],
    ['a long button', 'action_card', { ...card, single_title: '钮'.repeat(21) }],
    ['a long address', 'action_card', { ...card, single_url: `https://x/${'a'.repeat(500)}` }],
    ['no buttons', 'action_card', { ...worded, btn_json_list: [] }],
    ['buttons that are no JSON', 'action_card', { ...worded, btn_json_list: '[' }],
    ['a button without an address', 'action_card', { ...worded, btn_json_list: [{ title: '打开' }] }],
    ['a kind that is none', 'constructor', {}],
  ])('with %s is refused', async (_what, kind, part) => {
    expect(await notice({ msgtype: kind, [kind]: part })).toMatchObject({ errcode: 40035 });
  });

  it('has its status bar changed once it has arrived, and only if there is such a notice', async () => {
    const bar = (task_id: unknown, status_value?: string) =>
      sandbox.oapi('topapi/message/corpconversation/status_bar/update', { agent_id: 2000002, task_id, status_value });
    await sandbox.ding('PATCH', 'switches', { noticeDelayMs: 3000 });
    const status_bar = { status_value: '待审批', status_bg: '0xFFF65E5E' };
    const { task_id } = await notice({ msgtype: 'oa', oa: { ...oa, status_bar } });
    expect(await bar(task_id, '已同意')).toMatchObject({ errcode: 41052 });
    sandbox.clock.advance(3001);
    expect(await bar(task_id)).toMatchObject({ errcode: 40035 });
    expect(await bar(7, '已同意')).toMatchObject({ errcode: 40035 });
    expect(await bar(task_id, '已同意')).toMatchObject({ errcode: 0 });
  });
});

describe('a message of the robot', () => {
  const send = async (msgKey: string, msgParam: unknown) =>
    (
      await sandbox.acs('POST', 'robot/oToMessages/batchSend', {
        robotCode: DING_KEY,
        userIds: ['boss'],
        msgKey,
        msgParam,
      })
    ).json;

  it('carries what its kind needs as JSON text', async () => {
    expect(await send('sampleMarkdown', '{"title":"a","text":"b"}')).toHaveProperty('processQueryKey');
    const wrong = { code: 'invalidParameter.msgParam.invalid' };
    expect(await send('sampleMarkdown', '{"title":"a"}')).toMatchObject(wrong);
    expect(await send('sampleText', { content: 'a' })).toMatchObject(wrong);
    expect(await send('sampleText', 'null')).toMatchObject(wrong);
    expect(
      await send('sampleActionCard2', '{"title":"a","text":"b","actionTitle1":"c","actionURL1":"d"}'),
    ).toMatchObject(wrong);
    expect(await send('sampleActionCard1', '{}')).toMatchObject({ code: 'invalidParameter.msgKey.invalid' });
  });
});

describe('a to-do', () => {
  const boss = 'union_demo_boss';
  const path = `todo/users/${boss}/tasks`;
  const whole = { sourceId: 's1', subject: '审批', executorIds: [boss], detailUrl: { appUrl: 'https://x' } };
  const create = (more: object) => sandbox.acs('POST', `${path}?operatorId=${boss}`, { ...whole, ...more });

  it.each([
    ['an address of more than 1,024 bytes', { detailUrl: { appUrl: `https://x/${'a'.repeat(1020)}` } }],
    ['an unknown priority', { priority: 15 }],
    ['a description of more than 4,096 characters', { description: 'a'.repeat(4097) }],
  ])('with %s is refused', async (_what, more) => {
    expect(await create(more)).toMatchObject({ status: 400, json: { code: 'todo.taskCreate.paramError' } });
    expect((await create({})).status).toBe(200);
  });

  it('is changed by the same rules as it is made', async () => {
    const { id } = (await create({})).json;
    const change = (body: object) => sandbox.acs('PUT', `${path}/${id}?operatorId=${boss}`, body);
    expect(await change({ description: 'a'.repeat(4097) })).toMatchObject({
      status: 400,
      json: { code: 'todo.taskUpdate.paramError' },
    });
    expect(await change({ participantIds: ['nobody'] })).toMatchObject({ status: 400 });
    expect(await change({ participantIds: ['union_demo_admin'] })).toMatchObject({ status: 200 });
  });

  it.each(['PUT', 'DELETE'] as const)('is not touched by %s for an operator who is nobody', async (method) => {
    const { id } = (await create({})).json;
    expect((await sandbox.acs(method, `${path}/${id}?operatorId=nobody`, { done: true })).status).toBe(400);
    expect((await sandbox.acs(method, `${path}/${id}?operatorId=${boss}`, { done: true })).status).toBe(200);
  });
});
