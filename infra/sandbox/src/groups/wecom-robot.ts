import { createHash } from 'node:crypto';
import type { Sandbox } from '../sandbox.js';
import { checkCard } from '../wecom/card-rules.js';
import { WecomError } from '../wecom/errors.js';
import type { Json } from '../wecom/reader.js';
import type { GroupContent } from './content.js';
import { keepFile, LARGEST, pictureType, readUpload, uploaded } from './files.js';
import { findRobot, type Group, mayStillSend, type RobotIn } from './groups.js';
import { list, part, type Query, type Sent, text } from './parts.js';

/** Bytes of UTF-8 (WW/99110). */
const LONGEST = { text: 2048, markdown: 4096, markdown_v2: 4096 };
type Worded = keyof typeof LONGEST;
const isWorded = (kind: unknown): kind is Worded => typeof kind === 'string' && Object.hasOwn(LONGEST, kind);

/** The robot whose address this is. */
export function wecomRobot(sandbox: Sandbox, { key }: Query): RobotIn {
  const found = findRobot(sandbox.groups, 'wecom', key);
  if (!found) throw new WecomError(sandbox.wecom.switches.wrongRobotKeyError, 'invalid webhook url');
  return found;
}

/** `POST /cgi-bin/webhook/send?key=` (WW/99110). What is refused does not count against the twenty a minute. */
export function wecomSend(sandbox: Sandbox, query: Query, body: Json): Sent {
  const at = wecomRobot(sandbox, query);
  const { group, robot } = at;
  const { kind, content, called } = read(sandbox, at, body);
  if (!mayStillSend(robot, sandbox.clock.now())) throw new WecomError(45009);
  return {
    group,
    robot,
    content: kind === 'image' ? pictureOf(at, part(body.image), sandbox.clock.now()) : content,
    called,
  };
}

interface Read {
  kind: string;
  content: GroupContent;
  called: string[];
}

function read(sandbox: Sandbox, at: RobotIn, body: Json): Read {
  const { group, robot } = at;
  const kind = body.msgtype;
  if (isWorded(kind)) return worded(sandbox, group, kind, part(body[kind]));
  const shown = (content: GroupContent): Read => ({ kind: content.kind, content, called: [] });
  const now = sandbox.clock.now();
  switch (kind) {
    case 'news':
      return shown(newsOf(part(body.news)));
    case 'image':
      checkPicture(part(body.image));
      return shown({ kind: 'image', url: '' });
    case 'file':
    case 'voice': {
      const mediaId = text(part(body[kind]).media_id);
      const file = uploaded(group, mediaId, { kind, robotKey: robot.key, now });
      return shown({ kind, name: file.name, bytes: file.data.byteLength });
    }
    case 'template_card':
      return shown(
        cardOf(body.template_card, (mediaId) => uploaded(group, mediaId, { kind: 'file', robotKey: robot.key, now })),
      );
    default:
      throw new WecomError(40008, String(kind ?? ''));
  }
}

/** Texts call people by userid or mobile; Markdown by `<@userid>`; markdown_v2 calls nobody. */
function worded(sandbox: Sandbox, group: Group, kind: Worded, own: Json): Read {
  const content = text(own.content);
  if (content === '') throw new WecomError(44004);
  if (Buffer.byteLength(content) > LONGEST[kind]) throw new WecomError(40058, `${kind}.content exceed max length`);
  const called: Record<Worded, () => string[]> = {
    text: () => [
      ...list(own.mentioned_list).flatMap((id) => (id === '@all' ? group.userids : [id.toLowerCase()])),
      ...byMobile(sandbox, group, list(own.mentioned_mobile_list)),
    ],
    markdown: () => [...content.matchAll(/<@([^>]+)>/g)].map((match) => String(match[1]).toLowerCase()),
    markdown_v2: () => [],
  };
  return { kind, content: { kind, text: content }, called: called[kind]() };
}

/** One to eight articles, each with an address and perhaps a picture (WW/99110). */
function newsOf(news: Json): GroupContent {
  const articles = (Array.isArray(news.articles) ? news.articles : []).map((each) => {
    const article = part(each);
    const [title, url] = [text(article.title), text(article.url)];
    if (title === '' || !URL.canParse(url)) throw new WecomError(40058, 'news.articles need title and url');
    return { title, url, description: text(article.description), pagepath: '', picurl: text(article.picurl) };
  });
  if (articles.length < 1 || articles.length > 8) throw new WecomError(45008);
  if (articles.some((each) => Buffer.byteLength(each.title) > 128 || Buffer.byteLength(each.description) > 512))
    throw new WecomError(40058, 'news.articles exceed max length');
  return { kind: 'news', articles };
}

/** The picture itself, at most 2 MB as JPEG or PNG, with its MD5 (301019 where that is of something else). */
function checkPicture(image: Json): Buffer {
  const base64 = text(image.base64);
  if (base64 === '' || text(image.md5) === '') throw new WecomError(40063, 'image.base64 and image.md5');
  if (!/^[0-9A-Za-z+/]+={0,2}$/.test(base64)) throw new WecomError(40058, 'image.base64');
  const data = Buffer.from(base64, 'base64');
  if (data.length > LARGEST.image) throw new WecomError(40009, 'at most 2 MB');
  if (pictureType(data) === null) throw new WecomError(40004, 'image is jpg or png');
  if (createHash('md5').update(data).digest('hex') !== text(image.md5).toLowerCase()) throw new WecomError(301019);
  return data;
}

function pictureOf({ group, robot }: RobotIn, image: Json, at: number): GroupContent {
  const data = checkPicture(image);
  const type = pictureType(data) ?? 'image/png';
  const id = keepFile(group, { kind: 'image', robotKey: robot.key, name: '', type, data: new Uint8Array(data), at });
  return { kind: 'image', url: `/sandbox/api/groups/${encodeURIComponent(group.id)}/files/${id}` };
}

/** Only cards on which nothing is pressed: text_notice and news_notice (WW/99110). Robots have no menu and no callback. */
function cardOf(value: unknown, fileOf: (mediaId: string) => unknown): GroupContent {
  const raw = part(value);
  if (raw.card_type !== 'text_notice' && raw.card_type !== 'news_notice')
    throw new WecomError(42031, String(raw.card_type ?? ''));
  const { action_menu: _menu, task_id: _task, ...rest } = raw;
  return { kind: 'template_card', card: checkCard(rest, 'send', fileOf).card };
}

/** `POST /cgi-bin/webhook/upload_media?key=&type=file|voice` (WW/99110): a file that this robot may send for three days. */
export async function wecomUpload(
  sandbox: Sandbox,
  query: Query,
  { body, contentType }: { body: unknown; contentType: string },
): Promise<RobotIn & { answer: Record<string, unknown> }> {
  const at = wecomRobot(sandbox, query);
  const { group, robot } = at;
  const kind = query.type;
  if (kind !== 'file' && kind !== 'voice') throw new WecomError(40004, String(kind ?? ''));
  const now = sandbox.clock.now();
  const file = await readUpload(body, contentType, kind);
  const id = keepFile(group, { kind, robotKey: robot.key, ...file, at: now });
  return {
    ...at,
    answer: { errcode: 0, errmsg: 'ok', type: kind, media_id: id, created_at: String(Math.floor(now / 1000)) },
  };
}

export function byMobile(sandbox: Sandbox, group: Group, mobiles: readonly string[]): string[] {
  const corp =
    group.platform === 'wecom'
      ? sandbox.wecom.world.corps.get(group.corpId.toLowerCase())
      : sandbox.ding.world.corps.get(group.corpId);
  const members = [...(corp?.members.values() ?? [])];
  return mobiles.flatMap((mobile) => {
    if (mobile === '@all') return group.userids;
    const member = members.find((each) => each.mobile === mobile);
    return member ? [member.userid.toLowerCase()] : [];
  });
}
