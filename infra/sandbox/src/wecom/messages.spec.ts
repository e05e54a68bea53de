import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AGENT, type Answer, approvalCard, type Bench, bench, CORP, SECRET } from '../testing/support.js';
import { cutBytes } from './reader.js';

let sandbox: Bench;
beforeEach(async () => {
  sandbox = await bench();
  const app = sandbox.state.wecom.world.corps.get(CORP)?.apps.get(AGENT);
  if (app) app.callback = { url: 'http://127.0.0.1:9/', token: 't', aesKey: 'a'.repeat(43), verifiedAt: 0 };
});
afterEach(() => sandbox.close());

const send = (body: Record<string, unknown>): Promise<Answer> =>
  sandbox.wecom('message/send', { body: { touser: 'wangfang', agentid: AGENT, ...body } });
const text = (content: string) => ({ msgtype: 'text', text: { content } });
const card = (change: Record<string, unknown>) => ({
  msgtype: 'template_card',
  template_card: { ...approvalCard('t1'), ...change },
});

async function inbox(userid: string): Promise<{ content: Record<string, unknown> }[]> {
  const { json } = await sandbox.api('GET', `people/${userid}/chats?corpId=${CORP}`);
  return (json.items as { messages: { content: Record<string, unknown> }[] }[])[0]?.messages ?? [];
}

describe('recipients', () => {
  it('answer the invalid ones lower-cased and send to the rest', async () => {
    const answer = await send({ touser: 'WangFang|Ghost|NoBody', ...text('hi') });
    expect(answer).toMatchObject({ errcode: 0, errmsg: 'ok', invaliduser: 'ghost|nobody', msgid: expect.any(String) });
    expect(answer).not.toHaveProperty('response_code');
    expect(await inbox('wangfang')).toHaveLength(1);
  });

  it('reach departments with those below, and everybody', async () => {
    await send({ touser: '', toparty: '3|99', ...text('a') });
    expect(await inbox('liwei')).toHaveLength(1);
    expect(await inbox('boss')).toHaveLength(0);
    await send({ touser: '@all', ...text('b') });
    expect(await inbox('boss')).toHaveLength(1);
  });

  it.each([
    [{ touser: '' }, 82001],
    [{ touser: 'ghost' }, 81013],
    [{ touser: ['wangfang'] }, 40031],
    [{ touser: Array.from({ length: 1001 }, () => 'wangfang').join('|') }, 40032],
    [{ agentid: undefined }, 41011],
    [{ agentid: 'x' }, 40056],
    [{ agentid: 1000003 }, 301002],
  ])('%o answers %i', async (change, errcode) => {
    expect((await send({ ...text('hi'), ...change })).errcode).toBe(errcode);
  });

  it('accept the agent id as a string of digits', async () => {
    expect((await send({ ...text('hi'), agentid: String(AGENT) })).errcode).toBe(0);
  });
});

describe('message kinds', () => {
  const url = 'http://127.0.0.1:9/m/';
  const notice = (change: Record<string, unknown>) => ({
    msgtype: 'miniprogram_notice',
    miniprogram_notice: {
      appid: 'wx00000000lianke01',
      page: 'pages/a',
      title: '会议室预定',
      content_item: [{ key: '时间', value: '10:00' }],
      ...change,
    },
  });
  it.each([
    ['markdown', { msgtype: 'markdown', markdown: { content: '**hi**' } }],
    ['textcard', { msgtype: 'textcard', textcard: { title: 't', description: 'd', url } }],
    ['news', { msgtype: 'news', news: { articles: [{ title: 't', url }] } }],
    ['miniprogram_notice', notice({})],
  ])('%s arrives', async (kind, body) => {
    expect((await send(body)).errcode).toBe(0);
    expect((await inbox('wangfang'))[0]?.content.kind).toBe(kind);
  });

  it.each<[string, Record<string, unknown>, number]>([
    ['an unknown kind', { msgtype: 'fax' }, 40008],
    ['media never uploaded', { msgtype: 'image', image: { media_id: 'x' } }, 40007],
    ['empty text', text(''), 44004],
    ['a text card without url', { msgtype: 'textcard', textcard: { title: 't', description: 'd' } }, 40063],
    [
      'a text card with a broken url',
      { msgtype: 'textcard', textcard: { title: 't', description: 'd', url: 'x' } },
      40058,
    ],
    ['no articles', { msgtype: 'news', news: { articles: [] } }, 45008],
    [
      'nine articles',
      { msgtype: 'news', news: { articles: Array.from({ length: 9 }, () => ({ title: 't', url })) } },
      45008,
    ],
    ['a short notice title', notice({ title: '短' }), 40058],
    ['another mini-program', notice({ appid: 'wxother' }), 90208],
    ['a notice to everybody', { touser: '@all', ...notice({}) }, 40058],
  ])('%s is refused', async (_name, body, errcode) => {
    expect((await send(body)).errcode).toBe(errcode);
  });

  it('text is cut at 2048 bytes, between characters unless switched', async () => {
    const long = '客'.repeat(700);
    await send(text(long));
    expect((await inbox('wangfang'))[0]?.content.text).toBe('客'.repeat(682));
    await sandbox.api('PATCH', 'switches', { textCut: 'byte' });
    await send(text(long));
    expect((await inbox('wangfang'))[1]?.content.text).toBe(`${'客'.repeat(682)}\uFFFD`);
  });

  it('cutting never splits an emoji', () => {
    expect(cutBytes('a😀', 4, 'character')).toBe('a');
    expect(cutBytes('a😀', 5, 'character')).toBe('a😀');
  });

  it('ids are translated only when asked', async () => {
    await send(text('$userName=liwei$'));
    await send({ ...text('$userName=liwei$，$departmentName=3$，$userName=ghost$'), enable_id_trans: 1 });
    const texts = (await inbox('wangfang')).map((message) => message.content.text);
    expect(texts).toEqual(['$userName=liwei$', '李伟，销售部，$userName=ghost$']);
  });
});

describe('template cards', () => {
  const action = { type: 1, url: 'http://127.0.0.1:9/' };
  const option = [{ id: '1', text: 'a' }];
  const submit = { text: '提交', key: 's' };
  it.each<[string, Record<string, unknown>, boolean]>([
    ['text_notice', { card_type: 'text_notice', main_title: { title: 't' }, card_action: action }, false],
    [
      'news_notice',
      { card_type: 'news_notice', main_title: { title: 't' }, card_image: { url: action.url }, card_action: action },
      false,
    ],
    ['button_interaction', approvalCard('b'), true],
    [
      'vote_interaction',
      {
        card_type: 'vote_interaction',
        task_id: 'v',
        checkbox: { question_key: 'q', option_list: option },
        submit_button: submit,
      },
      true,
    ],
    [
      'multiple_interaction',
      {
        card_type: 'multiple_interaction',
        task_id: 'm',
        select_list: [{ question_key: 'q', option_list: option }],
        submit_button: submit,
      },
      true,
    ],
  ])('%s is accepted; a response code comes with what can be pressed', async (_name, template_card, coded) => {
    const answer = await send({ msgtype: 'template_card', template_card });
    expect(answer.errcode).toBe(0);
    expect('response_code' in answer).toBe(coded);
  });

  it.each<[string, Record<string, unknown>, number]>([
    ['unknown type', { card_type: 'x' }, 42031],
    ['no task id', { task_id: undefined }, 42014],
    ['bad task id', { task_id: 'a b' }, 42014],
    ['long task id', { task_id: 'a'.repeat(129) }, 42014],
    ['no title', { main_title: {} }, 42033],
    ['seven rows', { horizontal_content_list: Array.from({ length: 7 }, () => ({ keyname: 'k' })) }, 42035],
    ['row without name', { horizontal_content_list: [{ value: 'v' }] }, 42027],
    ['row with a bad link', { horizontal_content_list: [{ keyname: 'k', type: 1, url: 'x' }] }, 42028],
    ['row member without userid', { horizontal_content_list: [{ keyname: 'k', type: 3 }] }, 42050],
    ['button without text', { button_list: [{ key: 'k' }] }, 42038],
    ['button without key', { button_list: [{ text: 't' }] }, 42039],
    [
      'same key twice',
      {
        button_list: [
          { text: 'a', key: 'k' },
          { text: 'b', key: 'k' },
        ],
      },
      42039,
    ],
    ['no buttons', { button_list: [] }, 40058],
    ['action without appid', { card_action: { type: 2 } }, 42030],
    ['action of unknown type', { card_action: { type: 3 } }, 42045],
    ['option without id', { button_selection: { question_key: 'q', option_list: [{ text: 'a' }] } }, 42040],
    ['option without text', { button_selection: { question_key: 'q', option_list: [{ id: 'a' }] } }, 42041],
    ['no options', { button_selection: { question_key: 'q', option_list: [] } }, 42037],
    ['question without key', { button_selection: { option_list: option } }, 42043],
    [
      'menu with one key twice',
      {
        action_menu: {
          action_list: [
            { text: 'a', key: 'k' },
            { text: 'b', key: 'k' },
          ],
        },
      },
      42051,
    ],
    ['notice without action', { card_type: 'text_notice' }, 42045],
    ['news without picture', { card_type: 'news_notice', card_action: action }, 42044],
    [
      'four jumps',
      { card_type: 'text_notice', card_action: action, jump_list: Array.from({ length: 4 }, () => ({ title: 't' })) },
      42042,
    ],
    [
      'vote without submit',
      { card_type: 'vote_interaction', checkbox: { question_key: 'q', option_list: option } },
      42049,
    ],
    ['multiple without lists', { card_type: 'multiple_interaction', submit_button: submit }, 42047],
  ])('%s is refused', async (_name, change, errcode) => {
    expect((await send(card(change))).errcode).toBe(errcode);
  });

  it('a task id serves once within the app', async () => {
    expect((await send(card({}))).errcode).toBe(0);
    expect((await send(card({}))).errcode).toBe(42014);
    await sandbox.api('PATCH', 'switches', { duplicateTaskIdError: 40058 });
    expect((await send(card({}))).errcode).toBe(40058);
  });

  it('needs a callback to press anything', async () => {
    await sandbox.api('DELETE', `corps/${CORP}/apps/${AGENT}/callback`);
    expect((await send(card({}))).errcode).toBe(43012);
  });

  it('warns of a text that the phone folds', async () => {
    await send(card({ main_title: { title: '长'.repeat(37) } }));
    const { json } = await sandbox.api('GET', 'log?text=message/send');
    expect((json.items as { warnings: string[] }[])[0]?.warnings).toEqual([
      expect.stringContaining('main_title.title'),
    ]);
  });
});

describe('limits and repetitions', () => {
  it('the same JSON in the window is suppressed and answers the first ids', async () => {
    const body = { ...card({}), enable_duplicate_check: 1, duplicate_check_interval: 60 };
    const first = await send(body);
    expect(await send(body)).toEqual(first);
    expect(await inbox('wangfang')).toHaveLength(1);
    const { json } = await sandbox.api('GET', 'effects?taskId=t1');
    expect(json).toMatchObject({ asked: 2, delivered: 1 });
    sandbox.clock.advance(60_000);
    expect((await send(body)).errcode).toBe(42014);
  });

  it('the surplus of 30 a minute to one member is dropped without an error', async () => {
    for (let count = 0; count < 31; count += 1) expect((await send(text(`n${count}`))).errcode).toBe(0);
    expect(await inbox('wangfang')).toHaveLength(30);
    sandbox.clock.advance(60_001);
    await send(text('later'));
    expect(await inbox('wangfang')).toHaveLength(31);
  });

  it('a message is recalled within 24 hours', async () => {
    const first = await send(text('a'));
    const second = await send(text('b'));
    const recall = (msgid: unknown) => sandbox.wecom('message/recall', { body: { msgid } });
    expect((await recall(first.msgid)).errcode).toBe(0);
    expect(await inbox('wangfang')).toEqual([
      expect.objectContaining({ recalled: true }),
      expect.objectContaining({ recalled: false }),
    ]);
    sandbox.clock.advance(24 * 3_600_000 + 1);
    expect((await recall(second.msgid)).errcode).toBe(42052);
    expect((await recall('nonsense')).errcode).toBe(40058);
    expect((await recall(undefined)).errcode).toBe(41016);
  });

  it('the recorder counts per idempotency key', async () => {
    await send(card({}));
    await send(card({}));
    await send({ ...text('x'), touser: 'ghost' });
    const { json } = await sandbox.api('GET', 'effects/by-key');
    expect(json.items).toEqual([
      expect.objectContaining({ key: 't1', keyKind: 'task_id', asked: 2, delivered: 1, refused: 1 }),
      expect.objectContaining({ keyKind: 'body', asked: 1, delivered: 0, refused: 1 }),
    ]);
    const token = await sandbox.token();
    await fetch(`${sandbox.url}/cgi-bin/message/send?access_token=${token}`, {
      method: 'POST',
      headers: { 'idempotency-key': 'run:1:0' },
      body: JSON.stringify({ touser: 'liwei', agentid: AGENT, ...text('y') }),
    });
    const keyed = await sandbox.api('GET', 'effects?key=run:1:0');
    expect(keyed.json).toMatchObject({ asked: 1, delivered: 1 });
  });
});

describe('faults', () => {
  it.each([45009, 60020, 301002, -1])(
    'errcode %i hits the number of calls asked, and does nothing',
    async (errcode) => {
      await sandbox.api('POST', 'faults', { path: 'message/send', effect: { kind: 'errcode', errcode }, times: 1 });
      expect((await send(text('a'))).errcode).toBe(errcode);
      expect((await send(text('a'))).errcode).toBe(0);
      expect(await inbox('wangfang')).toHaveLength(1);
    },
  );

  it('an HTTP status is answered as a gateway would', async () => {
    const token = await sandbox.token();
    await sandbox.api('POST', 'faults', { effect: { kind: 'status', status: 502 } });
    const response = await fetch(`${sandbox.url}/cgi-bin/getcallbackip?access_token=${token}`);
    expect(response.status).toBe(502);
    expect(response.headers.get('content-type')).toContain('text/html');
    await sandbox.api('DELETE', 'faults');
    expect((await sandbox.wecom('getcallbackip')).errcode).toBe(0);
  });

  it('a dropped answer leaves the work done', async () => {
    const token = await sandbox.token();
    await sandbox.api('POST', 'faults', { path: 'message/send', effect: { kind: 'drop' }, times: 1 });
    const call = fetch(`${sandbox.url}/cgi-bin/message/send?access_token=${token}`, {
      method: 'POST',
      body: JSON.stringify({ touser: 'wangfang', agentid: AGENT, ...text('a') }),
    });
    await expect(call).rejects.toThrow();
    expect(await inbox('wangfang')).toHaveLength(1);
  });

  it('a delay waits on the injected clockwork', async () => {
    const waits: number[] = [];
    await sandbox.close();
    sandbox = await bench({ wait: async (ms) => void waits.push(ms) });
    await sandbox.api('POST', 'faults', { path: 'gettoken', effect: { kind: 'delay', ms: 3000 } });
    await sandbox.token(SECRET);
    expect(waits).toEqual([3000]);
  });

  it('an unknown fault is refused with its reason', async () => {
    const { status, json } = await sandbox.api('POST', 'faults', { effect: { kind: 'explode' } });
    expect(status).toBe(400);
    expect(json).toMatchObject({ error: { code: 'invalid', message: expect.stringContaining('effect') } });
  });
});
