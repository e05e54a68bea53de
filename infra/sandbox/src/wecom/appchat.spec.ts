import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bench, bench, CORP } from '../testing/support.js';

let sandbox: Bench;
beforeEach(async () => {
  sandbox = await bench();
  const made = { chatid: 'sales', name: '销售', owner: 'chenzg', userlist: ['chenzg', 'wangfang', 'LiWei'] };
  expect(await sandbox.wecom('appchat/create', { body: made })).toMatchObject({ errcode: 0, chatid: 'sales' });
});
afterEach(() => sandbox.close());

const update = (body: object) => sandbox.wecom('appchat/update', { body: { chatid: 'sales', ...body } });
const get = async () => (await sandbox.wecom('appchat/get', { query: { chatid: 'sales' } })).chat_info;
const say = (content: string) =>
  sandbox.wecom('appchat/send', { body: { chatid: 'sales', msgtype: 'text', text: { content } } });

describe('appchat/update', () => {
  it('renames, lets people in and out, and gives the group another owner', async () => {
    await say('第一句');
    expect(
      await update({ name: '华东销售', owner: 'boss', add_user_list: ['boss', 'wangfang'], del_user_list: ['chenzg'] }),
    ).toMatchObject({
      errcode: 0,
    });
    expect(await get()).toEqual({
      chatid: 'sales',
      name: '华东销售',
      owner: 'boss',
      userlist: ['wangfang', 'liwei', 'boss'],
    });
    await say('第二句');
    const chats = async (userid: string) => {
      const { json } = await sandbox.api('GET', `people/${userid}/chats?corpId=${CORP}`);
      const { items } = json as { items: { appName: string; unread: number }[] };
      return items.find((chat) => chat.appName === '华东销售');
    };
    expect(await chats('boss')).toMatchObject({ unread: 1 });
    expect(await chats('wangfang')).toMatchObject({ unread: 2 });
    expect(await chats('chenzg')).toBeUndefined();
  });

  it('falls to somebody else when its owner goes', async () => {
    expect(await update({ del_user_list: ['chenzg'] })).toMatchObject({ errcode: 0 });
    expect(await get()).toMatchObject({ owner: 'wangfang' });
  });

  it.each([
    ['a chat that is none', { chatid: 'no/chat' }, 86001],
    ['a chat that does not exist', { chatid: 'nobody' }, 86003],
    ['fewer than two people', { del_user_list: ['chenzg', 'wangfang'] }, 40032],
    ['somebody unknown', { add_user_list: ['nobody'] }, 40003],
    ['an owner who is not in it', { owner: 'boss' }, 40003],
    ['a name that is too long', { name: '名'.repeat(51) }, 40058],
    ['no list', { add_user_list: 'boss' }, 40031],
  ])('refuses %s', async (_what, body, errcode) => {
    expect(await update(body)).toMatchObject({ errcode });
    expect(await get()).toMatchObject({ name: '销售', owner: 'chenzg', userlist: ['chenzg', 'wangfang', 'liwei'] });
  });

  it('is for the app that made it, visible to the whole company', async () => {
    const group = sandbox.state.groups.find((each) => each.chat?.chatid === 'sales');
    if (!group?.chat) throw new Error('no group');
    group.chat.agentId = 1;
    expect(await update({ name: '别人的' })).toMatchObject({ errcode: 86004 });
    group.chat.agentId = 1000002;
    const app = sandbox.state.wecom.world.corps.get(CORP)?.apps.get(1000002);
    if (!app) throw new Error('no app');
    app.visibleDepartments = [2];
    expect(await update({ name: '看不全' })).toMatchObject({ errcode: 60011 });
  });

  it('takes a thousand changes an hour', async () => {
    for (let n = 0; n < 1000; n++) await update({ name: `群${n}` });
    expect(await update({ name: '太多' })).toMatchObject({ errcode: 45009 });
    sandbox.clock.advance(3_600_000);
    expect(await update({ name: '又可以了' })).toMatchObject({ errcode: 0 });
  }, 30_000);
});
