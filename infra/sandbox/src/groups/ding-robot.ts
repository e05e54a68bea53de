import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Sandbox } from '../sandbox.js';
import type { Json } from '../wecom/reader.js';
import type { GroupContent } from './content.js';
import { findRobot, type GroupRobot, mayStillSend } from './groups.js';
import { list, part, type Query, type Sent, text } from './parts.js';
import { byMobile } from './wecom-robot.js';

const MINUTE_MS = 60_000;
/** DingTalk keeps a robot that sent more than twenty a minute out for so long (DD/custom-robot-access). */
const BLOCK_MS = 10 * MINUTE_MS;
/** DingTalk takes signatures of the last hour. */
const SIGNED_MS = 60 * MINUTE_MS;

/** A refusal of DingTalk's robots: HTTP 200 with `errcode`. */
export class RobotRefusal extends Error {
  constructor(
    readonly errcode: number,
    message: string,
  ) {
    super(message);
  }
}

/** `POST /robot/send?access_token=&timestamp=&sign=` (DD/custom-robot-access). */
export function dingtalkSend(sandbox: Sandbox, query: Query, body: Json, ip: string): Sent {
  const found = findRobot(sandbox.groups, 'dingtalk', query.access_token);
  if (!query.access_token || !found) throw new RobotRefusal(300005, 'token is not exist');
  const { group, robot } = found;
  const now = sandbox.clock.now();
  if (robot.secret !== null) checkSignature(robot.secret, query, now);
  if (robot.ips.length > 0 && !robot.ips.includes(ip.replace(/^::ffff:/, '')))
    throw new RobotRefusal(310000, `ip ${ip} not in whitelist`);
  const { content, words } = contentOf(body);
  if (!said(robot, words)) throw new RobotRefusal(310000, 'keywords not in content');
  if (now < robot.blockedUntil || !mayStillSend(robot, now)) {
    if (now >= robot.blockedUntil) robot.blockedUntil = now + BLOCK_MS;
    throw new RobotRefusal(sandbox.ding.switches.robotTooFastError, 'send too fast, exceed 20 times per minute');
  }
  const at = part(body.at);
  const named = [...byMobile(sandbox, group, list(at.atMobiles)), ...list(at.atUserIds)];
  // Links and cards call nobody.
  const calls = content.kind === 'text' || content.kind === 'markdown';
  return { group, robot, content, called: calls ? (at.isAtAll === true ? group.userids : named) : [] };
}

/** What phones show, and the words in which keywords are looked for. */
function contentOf(body: Json): { content: GroupContent; words: string } {
  const kind = body.msgtype;
  if (kind === undefined) throw new RobotRefusal(400101, 'msgtype is null');
  const own = part(body[String(kind)]);
  switch (kind) {
    case 'text': {
      const { content } = needed(own, ['content']);
      return { content: { kind: 'text', text: content }, words: content };
    }
    case 'markdown': {
      const { title, text: words } = needed(own, ['title', 'text']);
      return { content: { kind: 'markdown', text: words }, words: `${title}\n${words}` };
    }
    case 'link': {
      const { title, text: words, messageUrl } = needed(own, ['title', 'text', 'messageUrl']);
      const article = { title, description: words, url: messageUrl, pagepath: '', picurl: text(own.picUrl) };
      return { content: { kind: 'news', articles: [article] }, words: `${title}\n${words}` };
    }
    case 'actionCard':
      return actionCard(own);
    case 'feedCard': {
      const links = Array.isArray(own.links) ? own.links.map(part) : [];
      if (links.length === 0) throw new RobotRefusal(40035, '缺少参数 links');
      const articles = links.map((each) => {
        const { title, messageURL, picURL } = needed(each, ['title', 'messageURL', 'picURL']);
        return { title, description: '', url: messageURL, pagepath: '', picurl: picURL };
      });
      return { content: { kind: 'news', articles }, words: articles.map((each) => each.title).join('\n') };
    }
    default:
      throw new RobotRefusal(400105, '不支持的消息类型');
  }
}

/** Both kinds of action card: the whole is one link (`singleTitle`), or each button is one (`btns`). */
function actionCard(own: Json): { content: GroupContent; words: string } {
  const { title, text: words } = needed(own, ['title', 'text']);
  const single = text(own.singleTitle) !== '' || text(own.singleURL) !== '';
  const several = Array.isArray(own.btns) ? own.btns.map(part) : [];
  if (!single && several.length === 0) throw new RobotRefusal(40035, '缺少参数 singleTitle 或 btns');
  const buttons = single
    ? [needed(own, ['singleTitle', 'singleURL'])].map((each) => ({ title: each.singleTitle, url: each.singleURL }))
    : several
        .map((each) => needed(each, ['title', 'actionURL']))
        .map((each) => ({ title: each.title, url: each.actionURL }));
  const beside = String(own.btnOrientation ?? '0') === '1';
  return { content: { kind: 'ding_action_card', title, text: words, beside, buttons }, words: `${title}\n${words}` };
}

/** The named texts of a part; one that is missing or empty is refused. */
function needed<const Names extends readonly string[]>(own: Json, names: Names): Record<Names[number], string> {
  const missing = names.find((name) => text(own[name]) === '');
  if (missing) throw new RobotRefusal(40035, `缺少参数 ${missing}`);
  return Object.fromEntries(names.map((name) => [name, text(own[name])])) as Record<Names[number], string>;
}

const said = (robot: GroupRobot, words: string): boolean =>
  robot.keywords.length === 0 || robot.keywords.some((keyword) => words.includes(keyword));

/** Sign = base64(HmacSHA256(secret, `timestamp\nsecret`)) with a timestamp of the last hour. */
function checkSignature(secret: string, query: Query, now: number): void {
  const { timestamp = '', sign = '' } = query;
  const wanted = createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest();
  const given = Buffer.from(sign, 'base64');
  if (!(Math.abs(now - Number(timestamp)) <= SIGNED_MS))
    throw new RobotRefusal(310000, 'sign not match, timestamp is out of range');
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted))
    throw new RobotRefusal(310000, 'sign not match');
}
