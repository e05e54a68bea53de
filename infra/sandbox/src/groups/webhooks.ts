import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Fault } from '../core/switches.js';
import type { Sandbox } from '../sandbox.js';
import { failureBody, WecomError } from '../wecom/errors.js';
import { findRobot, type Group, type GroupMessage, type GroupRobot } from './groups.js';

type Query = Record<string, string | undefined>;
type Body = Record<string, unknown>;

const MINUTE_MS = 60_000;
const PER_MINUTE = 20;
/** DingTalk keeps a robot that sent more than twenty a minute out for so long (DD/custom-robot-access). */
const BLOCK_MS = 10 * MINUTE_MS;
/** DingTalk takes signatures of the last hour. */
const SIGNED_MS = 60 * MINUTE_MS;
/** Bytes of UTF-8 (WW/99110). */
const LONGEST = { text: 2048, markdown: 4096 };

const part = (value: unknown): Body => (value !== null && typeof value === 'object' ? (value as Body) : {});
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const list = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

/** A refusal of DingTalk's robots: HTTP 200 with `errcode`. */
class RobotRefusal extends Error {
  constructor(
    readonly errcode: number,
    message: string,
  ) {
    super(message);
  }
}

/** The addresses of group robots on both platforms: no token, the key in the address is all. */
export function registerWebhooks(server: FastifyInstance, sandbox: Sandbox): void {
  server.post('/cgi-bin/webhook/send', (request, reply) => handle(sandbox, request, reply, 'wecom', wecomSend));
  server.post('/robot/send', (request, reply) => handle(sandbox, request, reply, 'dingtalk', dingtalkSend));
}

type Send = (sandbox: Sandbox, query: Query, body: Body) => Sent;
interface Sent {
  group: Group;
  robot: GroupRobot;
  content: GroupMessage['content'];
  called: string[];
}

async function handle(
  sandbox: Sandbox,
  request: FastifyRequest,
  reply: FastifyReply,
  platform: Group['platform'],
  send: Send,
): Promise<unknown> {
  const started = Date.now();
  const path = request.url.split('?')[0] ?? '';
  const query = request.query as Query;
  const raw = typeof request.body === 'string' ? request.body : '';
  const faults = sandbox.faults.hit({ path: path.slice(1), platform, corpId: null, agentId: null });
  for (const fault of faults) if (fault.kind === 'delay') await sandbox.wecom.wait(fault.ms);
  const page = faults.map(pageOf).find((each) => each !== null);
  const injected = faults.find((fault) => fault.kind === 'errcode');
  let sent: Sent | undefined;
  let answer: { errcode: number; errmsg: string };
  try {
    if (injected) throw new WecomError(injected.errcode);
    sent = send(sandbox, query, parse(raw));
    answer = { errcode: 0, errmsg: 'ok' };
  } catch (error) {
    if (error instanceof RobotRefusal) answer = { errcode: error.errcode, errmsg: error.message };
    else if (error instanceof WecomError)
      answer = failureBody(error, { seconds: sandbox.clock.seconds(), serial: '0_webhook', ip: request.ip });
    else throw error;
  }
  const dropped = faults.some((fault) => fault.kind === 'drop');
  const logId = sandbox.log.add({
    platform,
    direction: 'in',
    method: 'POST',
    path,
    query: Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)])),
    corpId: sent?.group.corpId ?? null,
    agentId: null,
    request: raw === '' ? null : raw,
    status: dropped ? 0 : (page?.status ?? 200),
    response: page?.body ?? answer,
    errcode: answer.errcode,
    ms: Date.now() - started,
    warnings: dropped ? ['已处理，但按开关断开连接，没有应答'] : [],
  });
  if (sent && !page) add(sandbox, sent, logId);
  if (dropped) {
    reply.hijack();
    request.raw.socket.destroy();
    return reply;
  }
  if (page)
    return reply
      .code(page.status)
      .type(typeof page.body === 'string' ? 'text/html' : 'application/json; charset=UTF-8')
      .send(typeof page.body === 'string' ? page.body : JSON.stringify(page.body));
  return reply.type('application/json; charset=UTF-8').send(JSON.stringify(answer));
}

/** What a fault answers in the place of the platform; null where it does something else. */
function pageOf(fault: Fault['effect']): { status: number; body: object | string } | null {
  if (fault.kind === 'answer') return fault;
  return fault.kind === 'status' ? { status: fault.status, body: `<html><h1>${fault.status}</h1></html>` } : null;
}

function add(sandbox: Sandbox, { group, robot, content, called }: Sent, logId: number): void {
  const at = sandbox.clock.now();
  group.messages.push({ id: randomUUID(), at, robot: robot.name, content, called, logId });
  sandbox.hub.emit({ kind: 'message', corpId: group.corpId, userids: group.userids });
}

/** `POST /cgi-bin/webhook/send?key=` (WW/99110): text with mentions, Markdown, news. */
function wecomSend(sandbox: Sandbox, query: Query, body: Body): Sent {
  const found = findRobot(sandbox.groups, 'wecom', query.key);
  if (!found) throw new WecomError(sandbox.wecom.switches.wrongRobotKeyError, 'invalid webhook url');
  const { group, robot } = found;
  const kind = body.msgtype;
  if (kind === 'news') return { group, robot, content: newsOf(sandbox, robot, part(body.news)), called: [] };
  if (kind !== 'text' && kind !== 'markdown') throw new WecomError(40008);
  const own = part(body[kind]);
  const content = text(own.content);
  if (content === '') throw new WecomError(44004);
  if (Buffer.byteLength(content) > LONGEST[kind]) throw new WecomError(40058, `${kind}.content exceed max length`);
  if (!mayStillSend(robot, sandbox.clock.now())) throw new WecomError(45009);
  const called =
    kind === 'text'
      ? [
          ...list(own.mentioned_list).flatMap((id) => (id === '@all' ? group.userids : [id.toLowerCase()])),
          ...byMobile(sandbox, group, list(own.mentioned_mobile_list)),
        ]
      : [...content.matchAll(/<@([^>]+)>/g)].map((match) => String(match[1]).toLowerCase());
  return { group, robot, content: { kind, text: content }, called };
}

/** One to eight articles, each with an address and perhaps a picture (WW/99110). */
function newsOf(sandbox: Sandbox, robot: GroupRobot, news: Body): GroupMessage['content'] {
  const articles = (Array.isArray(news.articles) ? news.articles : []).map((each) => {
    const article = part(each);
    const [title, url] = [text(article.title), text(article.url)];
    if (title === '' || !URL.canParse(url)) throw new WecomError(40058, 'news.articles need title and url');
    return { title, url, description: text(article.description), pagepath: '', picurl: text(article.picurl) };
  });
  if (articles.length < 1 || articles.length > 8) throw new WecomError(45008);
  if (articles.some((each) => Buffer.byteLength(each.title) > 128 || Buffer.byteLength(each.description) > 512))
    throw new WecomError(40058, 'news.articles exceed max length');
  if (!mayStillSend(robot, sandbox.clock.now())) throw new WecomError(45009);
  return { kind: 'news', articles };
}

/** `POST /robot/send?access_token=&timestamp=&sign=` (DD/custom-robot-access). */
function dingtalkSend(sandbox: Sandbox, query: Query, body: Body): Sent {
  if (!query.access_token) throw new RobotRefusal(300005, 'token is not exist');
  const found = findRobot(sandbox.groups, 'dingtalk', query.access_token);
  if (!found) throw new RobotRefusal(300005, 'token is not exist');
  const { group, robot } = found;
  const now = sandbox.clock.now();
  if (robot.secret !== null) checkSignature(robot.secret, query, now);
  const kind = body.msgtype;
  if (kind !== 'text' && kind !== 'markdown') throw new RobotRefusal(400101, 'msgtype is null');
  const own = part(body[kind]);
  const content = text(kind === 'text' ? own.content : own.text);
  if (content === '' || (kind === 'markdown' && text(own.title) === '')) throw new RobotRefusal(40035, '缺少参数 json');
  if (now < robot.blockedUntil) throw new RobotRefusal(130101, 'send too fast, exceed 20 times per minute');
  if (!mayStillSend(robot, now)) {
    robot.blockedUntil = now + BLOCK_MS;
    throw new RobotRefusal(130101, 'send too fast, exceed 20 times per minute');
  }
  const at = part(body.at);
  const called = at.isAtAll === true ? group.userids : byMobile(sandbox, group, list(at.atMobiles));
  return { group, robot, content: { kind, text: content }, called: [...called, ...list(at.atUserIds)] };
}

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

function mayStillSend(robot: GroupRobot, now: number): boolean {
  robot.sentAt = robot.sentAt.filter((at) => at > now - MINUTE_MS);
  if (robot.sentAt.length >= PER_MINUTE) return false;
  robot.sentAt.push(now);
  return true;
}

function byMobile(sandbox: Sandbox, group: Group, mobiles: readonly string[]): string[] {
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

function parse(raw: string): Body {
  try {
    return part(JSON.parse(raw));
  } catch {
    return {};
  }
}
