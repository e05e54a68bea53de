import { createHash, createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bench, bench, CORP } from '../testing/support.js';

let sandbox: Bench;
beforeEach(async () => {
  sandbox = await bench();
});
afterEach(() => sandbox.close());

const DING_CORP = 'dingdemo0000000001';
interface Chat {
  messages: { called?: boolean; content: Record<string, unknown>; card: { card: object } | null }[];
  group?: { robots: { url: string; secret: string | null }[] };
}
async function group(corpId: string): Promise<Chat> {
  const { json } = await sandbox.api('GET', `people/boss/chats?corpId=${corpId}`);
  const found = (json.items as Chat[]).find((chat) => chat.group);
  if (!found) throw new Error('no group');
  return found;
}
const robotOf = async (corpId: string) => (await group(corpId)).group?.robots[0] ?? { url: '', secret: null };
const last = async (corpId: string) => (await group(corpId)).messages.at(-1);
const post = async (url: string, body: unknown) =>
  (await (await fetch(url, { method: 'POST', body: JSON.stringify(body) })).json()) as Record<string, unknown>;

describe('WeCom', () => {
  const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
  const wecom = async (body: unknown) => post((await robotOf(CORP)).url, body);
  const picture = (data: Buffer, md5 = createHash('md5').update(data).digest('hex')) => ({
    msgtype: 'image',
    image: { base64: data.toString('base64'), md5 },
  });
  const upload = async (type: string, name: string, data: Buffer, url?: string) => {
    const form = new FormData();
    form.append('media', new File([new Uint8Array(data)], name));
    const address = (url ?? (await robotOf(CORP)).url).replace('/send?', `/upload_media?type=${type}&`);
    return (await (await fetch(address, { method: 'POST', body: form })).json()) as Record<string, unknown>;
  };
  const notice = {
    card_type: 'text_notice',
    main_title: { title: '销售日报' },
    card_action: { type: 1, url: 'https://crm.example.com/' },
  };

  it('shows a picture that phones fetch from it', async () => {
    expect(await wecom(picture(PNG))).toMatchObject({ errcode: 0 });
    const content = (await last(CORP))?.content;
    expect(content).toMatchObject({ kind: 'image' });
    const answer = await fetch(`${sandbox.url}${String(content?.url)}`);
    expect(answer.headers.get('content-type')).toBe('image/png');
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(PNG);
  });

  it('refuses a picture of another kind, of more than 2 MB or with another MD5', async () => {
    expect(await wecom(picture(Buffer.from('GIF89a')))).toMatchObject({ errcode: 40004 });
    expect(await wecom(picture(Buffer.concat([PNG, Buffer.alloc(2 * 1024 * 1024)])))).toMatchObject({ errcode: 40009 });
    expect(await wecom(picture(PNG, 'f'.repeat(32)))).toMatchObject({ errcode: 301019 });
    expect(await wecom({ msgtype: 'image', image: {} })).toMatchObject({ errcode: 40063 });
  });

  it('sends a file that this robot uploaded, for three days', async () => {
    const { media_id, errcode } = await upload('file', '日报.xlsx', Buffer.from('sixteen bytes ok'));
    expect(errcode).toBe(0);
    expect(await wecom({ msgtype: 'file', file: { media_id } })).toMatchObject({ errcode: 0 });
    expect((await last(CORP))?.content).toEqual({ kind: 'file', name: '日报.xlsx', bytes: 16 });
    expect(await wecom({ msgtype: 'voice', voice: { media_id } })).toMatchObject({ errcode: 40007 });
    sandbox.clock.advance(3 * 86_400_000 + 1);
    expect(await wecom({ msgtype: 'file', file: { media_id } })).toMatchObject({ errcode: 40007 });
  });

  it('refuses an upload that is no file, no kind, empty, or no AMR for a voice', async () => {
    const { url } = await robotOf(CORP);
    expect(await post(url.replace('/send?', '/upload_media?type=file&'), {})).toMatchObject({ errcode: 41005 });
    expect(await upload('image', 'a.png', PNG)).toMatchObject({ errcode: 40004 });
    expect(await upload('file', 'a.txt', Buffer.from('five!'))).toMatchObject({ errcode: 40006 });
    expect(await upload('file', 'a.txt', Buffer.alloc(0))).toMatchObject({ errcode: 44001 });
    expect(await upload('voice', 'a.amr', Buffer.from('no AMR at all'))).toMatchObject({ errcode: 40004 });
    expect(await upload('file', 'a.txt', Buffer.from('sixteen bytes'), url.replace(/key=.*/, 'key=no'))).toMatchObject({
      errcode: 93000,
    });
    const voice = await upload('voice', 'a.amr', Buffer.from('#!AMR\nvoice'));
    expect(await wecom({ msgtype: 'voice', voice: { media_id: voice.media_id } })).toMatchObject({ errcode: 0 });
  });

  it('takes cards on which nothing is pressed, with a file among their lines, and no others', async () => {
    const { media_id } = await upload('file', '日报.xlsx', Buffer.from('sixteen bytes ok'));
    const lines = [
      { keyname: '新客户', value: '12' },
      { keyname: '明细', value: '日报.xlsx', type: 2, media_id },
    ];
    expect(
      await wecom({ msgtype: 'template_card', template_card: { ...notice, horizontal_content_list: lines } }),
    ).toMatchObject({ errcode: 0 });
    expect((await last(CORP))?.card?.card).toMatchObject({ horizontal_content_list: lines });
    const card = (value: object) => wecom({ msgtype: 'template_card', template_card: value });
    expect(await card({ ...notice, card_action: undefined })).toMatchObject({ errcode: 42045 });
    expect(await card({ ...notice, card_type: 'button_interaction' })).toMatchObject({ errcode: 42031 });
    const wrong = [{ keyname: '明细', type: 2, media_id: 'no' }];
    expect(await card({ ...notice, horizontal_content_list: wrong })).toMatchObject({ errcode: 40007 });
  });

  it('takes markdown_v2, which calls nobody', async () => {
    const content = '| 人 | 数 |\n| :- | -: |\n| 王芳 | 3 |\n\n- <@boss>';
    expect(await wecom({ msgtype: 'markdown_v2', markdown_v2: { content } })).toMatchObject({ errcode: 0 });
    expect(await last(CORP)).toMatchObject({ called: false, content: { kind: 'markdown_v2', text: content } });
    const long = { content: '字'.repeat(1366) };
    expect(await wecom({ msgtype: 'markdown_v2', markdown_v2: long })).toMatchObject({ errcode: 40058 });
  });

  it('what is refused does not count against the twenty a minute', async () => {
    for (let count = 0; count < 25; count++) expect((await wecom({ msgtype: 'video' })).errcode).toBe(40008);
    expect(await wecom(picture(PNG))).toMatchObject({ errcode: 0 });
  });
});

describe('DingTalk', () => {
  async function ding(body: unknown): Promise<Record<string, unknown>> {
    const { url, secret } = await robotOf(DING_CORP);
    const at = sandbox.clock.now();
    const sign = createHmac('sha256', secret ?? '')
      .update(`${at}\n${secret}`)
      .digest('base64');
    return post(`${url}&timestamp=${at}&sign=${encodeURIComponent(sign)}`, body);
  }
  const protect = async (body: object) => {
    const key = new URL((await robotOf(DING_CORP)).url).searchParams.get('access_token') ?? '';
    return sandbox.api('PATCH', `robots/${key}`, body);
  };
  const url = 'https://crm.example.com/';

  it('takes links, both action cards and feeds', async () => {
    const link = { title: '日报', text: '新客户 12', messageUrl: url };
    expect(await ding({ msgtype: 'link', link })).toMatchObject({ errcode: 0 });
    expect((await last(DING_CORP))?.content).toMatchObject({ kind: 'news', articles: [{ title: '日报', url }] });
    const single = { title: '日报', text: '**12**', singleTitle: '打开', singleURL: url };
    expect(await ding({ msgtype: 'actionCard', actionCard: single })).toMatchObject({ errcode: 0 });
    expect((await last(DING_CORP))?.content).toMatchObject({
      kind: 'ding_action_card',
      buttons: [{ title: '打开', url }],
    });
    const btns = ['看', '改'].map((title) => ({ title, actionURL: url }));
    const several = { title: '日报', text: '**12**', btnOrientation: '1', btns };
    expect(await ding({ msgtype: 'actionCard', actionCard: several })).toMatchObject({ errcode: 0 });
    expect((await last(DING_CORP))?.content).toMatchObject({
      beside: true,
      buttons: [{ title: '看' }, { title: '改' }],
    });
    const links = [1, 2].map((n) => ({ title: `第 ${n}`, messageURL: url, picURL: `${url}${n}.png` }));
    expect(await ding({ msgtype: 'feedCard', feedCard: { links } })).toMatchObject({ errcode: 0 });
    expect((await last(DING_CORP))?.content).toMatchObject({ articles: [{ title: '第 1' }, { title: '第 2' }] });
  });

  it('names what is missing, and the kinds that it does not know', async () => {
    const refused = (errmsg: string, errcode = 40035) => expect.objectContaining({ errcode, errmsg });
    expect(await ding({ msgtype: 'link', link: { title: '甲', text: '乙' } })).toEqual(refused('缺少参数 messageUrl'));
    expect(await ding({ msgtype: 'actionCard', actionCard: { title: '甲', text: '乙' } })).toEqual(
      refused('缺少参数 singleTitle 或 btns'),
    );
    expect(await ding({ msgtype: 'feedCard', feedCard: { links: [{ title: '甲' }] } })).toEqual(
      refused('缺少参数 messageURL'),
    );
    expect(await ding({ msgtype: 'image' })).toMatchObject({ errcode: 400105 });
    expect(await ding({})).toMatchObject({ errcode: 400101 });
  });

  it('asks for a keyword where its settings do, and for a known address', async () => {
    await protect({ keywords: ['日报', '喜报'] });
    const text = (content: string) => ding({ msgtype: 'text', text: { content } });
    expect(await text('开单了')).toEqual({ errcode: 310000, errmsg: 'keywords not in content' });
    expect(await text('喜报：开单了')).toMatchObject({ errcode: 0 });
    await protect({ keywords: [], ips: ['203.0.113.9'] });
    expect(await text('喜报')).toMatchObject({ errcode: 310000, errmsg: 'ip 127.0.0.1 not in whitelist' });
    await protect({ ips: ['127.0.0.1'] });
    expect(await text('喜报')).toMatchObject({ errcode: 0 });
  });

  it('says either number to a robot that writes too fast', async () => {
    await sandbox.api('PATCH', 'dingtalk/switches', { robotTooFastError: 660026 });
    const text = () => ding({ msgtype: 'text', text: { content: '甲' } });
    for (let count = 0; count < 20; count++) expect(await text()).toMatchObject({ errcode: 0 });
    expect(await text()).toMatchObject({ errcode: 660026 });
  });
});
