import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AGENT, approvalCard, type Bench, bench, CORP } from '../testing/support.js';
import type { App } from './world.js';

let sandbox: Bench;
let app: App;
beforeEach(async () => {
  sandbox = await bench();
  const found = sandbox.state.wecom.world.corps.get(CORP)?.apps.get(AGENT);
  if (!found) throw new Error('no app');
  app = found;
  app.callback = { url: 'http://127.0.0.1:9/', token: 't', aesKey: 'a'.repeat(43), verifiedAt: 0 };
  app.miniProgramAppId = 'wxown';
});
afterEach(() => sandbox.close());

const send = (body: object) => sandbox.wecom('message/send', { body: { touser: 'wangfang', agentid: AGENT, ...body } });
const words = { msgtype: 'text', text: { content: 'x' } };
const card = (change: object) => ({ msgtype: 'template_card', template_card: { ...approvalCard('t1'), ...change } });
const news = (article: object) => ({ msgtype: 'news', news: { articles: [{ title: 'x', ...article }] } });

describe('a message', () => {
  it('to a department outside of the app’s range names it as invalid, or is refused', async () => {
    app.visibleDepartments = [3];
    expect(await send({ ...words, touser: '', toparty: '3|2|1' })).toMatchObject({ errcode: 0, invalidparty: '2|1' });
    expect(await send({ ...words, touser: '', toparty: '2' })).toMatchObject({ errcode: 81013 });
  });

  it.each([
    ['a watermark that is none', { ...words, safe: 2 }, 40058],
    ['a flag that is no number', { ...words, enable_id_trans: true }, 40058],
    ['an article of another mini-program', news({ appid: 'wxother', pagepath: 'pages/a' }), 42030],
    ['a long path', news({ appid: 'wxown', pagepath: 'p'.repeat(129) }), 40058],
    ['a colour that is none', card({ source: { desc: 'x', desc_color: 4 } }), 40058],
    ['a line of no kind', card({ horizontal_content_list: [{ keyname: 'x', type: 4 }] }), 40058],
    ['a quote of no kind', card({ quote_area: { type: 3 } }), 40058],
    [
      'a choice that is not offered',
      card({ button_selection: { question_key: 'q', selected_id: 'b', option_list: [{ id: 'a', text: 'a' }] } }),
      42040,
    ],
  ])('with %s is refused', async (_what, body, errcode) => {
    expect(await send(body)).toMatchObject({ errcode });
  });

  it('leads into the app’s own mini-program', async () => {
    expect(await send(news({ appid: 'wxown', pagepath: 'pages/a' }))).toMatchObject({ errcode: 0 });
  });

  it('reaches two hundred times as many person-times a day as the company may have members', async () => {
    await sandbox.api('PATCH', 'switches', { memberLimit: 1 });
    const all = () => send({ ...words, touser: '@all' });
    const people = sandbox.state.wecom.world.corps.get(CORP)?.members.size ?? 0;
    for (let sent = people; sent <= 200; sent += people) expect(await all()).toMatchObject({ errcode: 0 });
    expect(await all()).toMatchObject({ errcode: 45009 });
    sandbox.clock.advance(86_400_000);
    expect(await all()).toMatchObject({ errcode: 0 });
  });
});

describe('a group chat of an app', () => {
  const create = () => sandbox.wecom('appchat/create', { body: { userlist: ['chenzg', 'wangfang'] } });

  it('takes a text card', async () => {
    const { chatid } = await create();
    const textcard = { title: '合同', description: '请看', url: 'https://x' };
    expect(await sandbox.wecom('appchat/send', { body: { chatid, msgtype: 'textcard', textcard } })).toMatchObject({
      errcode: 0,
    });
  });

  it('is one of a thousand a day', async () => {
    for (let made = 0; made < 1000; made++) await create();
    expect(await create()).toMatchObject({ errcode: 45009 });
    sandbox.clock.advance(86_400_000);
    expect(await create()).toMatchObject({ errcode: 0 });
  }, 60_000);
});

describe('customers', () => {
  const remark = (body: object) => sandbox.wecom('externalcontact/remark', { body });

  it('are asked for by id', async () => {
    expect(await sandbox.wecom('externalcontact/get')).toMatchObject({ errcode: 41035 });
    expect(await remark({ userid: 'wangfang', remark: 'x' })).toMatchObject({ errcode: 41035 });
  });

  it('are listed for people whom the app sees', async () => {
    const list = (userid: string) =>
      sandbox.wecom('externalcontact/batch/get_by_user', { body: { userid_list: [userid] } });
    expect(await list('nobody')).toMatchObject({ errcode: 60111 });
    app.visibleDepartments = [3];
    app.visibleUsers = [];
    expect(await list('admin')).toMatchObject({ errcode: 60011 });
  });
});
