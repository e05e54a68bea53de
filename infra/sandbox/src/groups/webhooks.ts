import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Fault } from '../core/switches.js';
import type { Sandbox } from '../sandbox.js';
import { ApiError, readBody } from '../stage/http.js';
import { failureBody, WecomError } from '../wecom/errors.js';
import type { Json } from '../wecom/reader.js';
import { dingtalkSend, RobotRefusal } from './ding-robot.js';
import { LARGEST } from './files.js';
import type { Group } from './groups.js';
import { part, type Query, type Sent } from './parts.js';
import { wecomSend, wecomUpload } from './wecom-robot.js';

/** The form around an uploaded file. */
const FORM_BYTES = 1024 * 1024;

/** The addresses of group robots on both platforms: no token, the key in the address is all. */
export function registerWebhooks(server: FastifyInstance, sandbox: Sandbox): void {
  const query = (request: FastifyRequest): Query => request.query as Query;
  server.post('/cgi-bin/webhook/send', (request, reply) =>
    answer(sandbox, request, reply, 'wecom', async () => said(wecomSend(sandbox, query(request), parse(request.body)))),
  );
  server.post('/robot/send', (request, reply) =>
    answer(sandbox, request, reply, 'dingtalk', async () =>
      said(dingtalkSend(sandbox, query(request), parse(request.body), request.ip)),
    ),
  );
  server.addContentTypeParser('multipart/form-data', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  server.post('/cgi-bin/webhook/upload_media', { bodyLimit: LARGEST.file + FORM_BYTES }, (request, reply) => {
    const upload = { body: request.body, contentType: request.headers['content-type'] ?? '' };
    return answer(sandbox, request, reply, 'wecom', async () => ({
      ...(await wecomUpload(sandbox, query(request), upload)),
      sent: null,
    }));
  });
  registerControl(server, sandbox);
}

const said = (sent: Sent): Done => ({ group: sent.group, answer: { errcode: 0, errmsg: 'ok' }, sent });

interface Done {
  group: Group;
  answer: Record<string, unknown>;
  /** What comes into the group. */
  sent: Sent | null;
}

/** One call: faults first, then the work, then the log and the group. */
async function answer(
  sandbox: Sandbox,
  request: FastifyRequest,
  reply: FastifyReply,
  platform: Group['platform'],
  work: () => Promise<Done>,
): Promise<unknown> {
  const started = Date.now();
  const path = request.url.split('?')[0] ?? '';
  const query = request.query as Query;
  const faults = sandbox.faults.hit({ path: path.slice(1), platform, corpId: null, agentId: null });
  for (const fault of faults) if (fault.kind === 'delay') await sandbox.wecom.wait(fault.ms);
  const page = faults.map(pageOf).find((each) => each !== null);
  const injected = faults.find((fault) => fault.kind === 'errcode');
  let done: Done | undefined;
  let body: Record<string, unknown>;
  try {
    if (injected) throw platform === 'wecom' ? new WecomError(injected.errcode) : injectedRefusal(injected.errcode);
    if (!page) done = await work();
    body = done?.answer ?? {};
  } catch (error) {
    if (error instanceof RobotRefusal) body = { errcode: error.errcode, errmsg: error.message };
    else if (error instanceof WecomError)
      body = { ...failureBody(error, { seconds: sandbox.clock.seconds(), serial: '0_webhook', ip: request.ip }) };
    else throw error;
  }
  const dropped = faults.some((fault) => fault.kind === 'drop');
  const logId = sandbox.log.add({
    platform,
    direction: 'in',
    method: 'POST',
    path,
    query: Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)])),
    corpId: done?.group.corpId ?? null,
    agentId: null,
    request: shown(request.body),
    status: dropped ? 0 : (page?.status ?? 200),
    response: page?.body ?? body,
    errcode: typeof body.errcode === 'number' ? body.errcode : 0,
    ms: Date.now() - started,
    warnings: dropped ? ['已处理，但按开关断开连接，没有应答'] : [],
  });
  if (done?.sent) add(sandbox, done.sent, logId);
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
  return reply.type('application/json; charset=UTF-8').send(JSON.stringify(body));
}

/** DingTalk's own words for the numbers of its robots that a fault names. */
function injectedRefusal(errcode: number): RobotRefusal {
  const words: Record<number, string> = {
    300005: 'token is not exist',
    310000: 'keywords not in content',
    130101: 'send too fast, exceed 20 times per minute',
    660026: 'send too fast, exceed 20 times per minute',
  };
  return new RobotRefusal(errcode, words[errcode] ?? '系统繁忙');
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

/** The body as the log keeps it: files and pictures by their size only. */
function shown(body: unknown): string | null {
  if (Buffer.isBuffer(body)) return `[multipart/form-data, ${body.length} bytes]`;
  if (typeof body !== 'string' || body === '') return null;
  return body.replace(
    /("base64"\s*:\s*")([0-9A-Za-z+/=]{200,})"/,
    (_, name: string, data: string) => `${name}[${data.length} 个字符]"`,
  );
}

function parse(body: unknown): Json {
  try {
    return part(JSON.parse(typeof body === 'string' ? body : ''));
  } catch {
    return {};
  }
}

const robotBody = z.strictObject({
  keywords: z.array(z.string().min(1)).max(10).optional(),
  ips: z.array(z.union([z.ipv4(), z.ipv6()])).optional(),
  secret: z.string().min(8).nullable().optional(),
});

/** 安全设置 of DingTalk's robots, and the pictures that phones fetch. */
function registerControl(server: FastifyInstance, sandbox: Sandbox): void {
  server.patch('/sandbox/api/robots/:key', (request) => {
    const { key } = request.params as { key: string };
    const robot = sandbox.groups.flatMap((group) => group.robots).find((each) => each.key === key);
    if (!robot) throw new ApiError(404, 'no_robot', `没有机器人 ${key}`);
    const { keywords, ips, secret } = readBody(request, robotBody);
    if (keywords) robot.keywords = keywords;
    if (ips) robot.ips = ips;
    if (secret !== undefined) robot.secret = secret;
    const { name } = robot;
    return { name, keywords: robot.keywords, ips: robot.ips, signed: robot.secret !== null };
  });
  server.get('/sandbox/api/groups/:id/files/:file', (request, reply) => {
    const { id, file } = request.params as { id: string; file: string };
    const found = sandbox.groups.find((group) => group.id === id)?.files.get(file);
    if (found?.kind !== 'image') throw new ApiError(404, 'no_file', '没有这张图片');
    return reply
      .type(found.type)
      .header('cache-control', 'private, max-age=86400')
      .header('x-content-type-options', 'nosniff')
      .send(Buffer.from(found.data));
  });
}
