import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { DingApp } from '../dingtalk/world.js';
import type { Sandbox } from '../sandbox.js';
import { escapeHtml, page } from '../wecom/html.js';
import { setTrustedDomain, setTrustedIps, verifyFile } from '../wecom/setup.js';
import type { App, Corp } from '../wecom/world.js';
import { callbackInput, refusing, setCallback } from './control-routes.js';
import { ApiError, needApp, needCorp } from './http.js';

const pushInput = callbackInput.extend({
  token: z.string().regex(/^[0-9A-Za-z]{3,32}$/, 'Token 须是 3 到 32 位字母或数字'),
});
const address = z.string().trim();
const own = { corp: z.string(), app: z.string() };
const callback = { url: address, token: address, aesKey: address };
const action = z.discriminatedUnion('action', [
  z.object({ action: z.literal('strict'), on: z.enum(['0', '1']) }),
  z.object({ action: z.literal('domain'), ...own, value: address }),
  z.object({ action: z.literal('callback'), ...own, ...callback }),
  z.object({ action: z.literal('ips'), ...own, value: address }),
  z.object({ action: z.literal('login'), ...own, value: address }),
  z.object({ action: z.literal('ding-ips'), app: z.string(), value: address }),
  z.object({ action: z.literal('ding-publish'), app: z.string() }),
  z.object({ action: z.literal('ding-push'), app: z.string(), ...callback }),
]);
type Action = z.infer<typeof action>;

/** 应用设置: what a company's administrator enters in the consoles of both platforms, in the order in which they ask for it. */
export function registerSetup(server: FastifyInstance, sandbox: Sandbox): void {
  server.get('/setup', (_request, reply) =>
    reply.header('cache-control', 'no-store').type('text/html; charset=utf-8').send(setupPage(sandbox)),
  );
  server.get('/setup/verify/:corpId/:agentId', (request, reply) => {
    const { corpId, agentId } = z.object({ corpId: z.string(), agentId: z.string() }).parse(request.params);
    const corp = needCorp(sandbox, corpId);
    const file = verifyFile(corp, needApp(corp, agentId));
    return reply
      .header('content-disposition', `attachment; filename="${file.name}"`)
      .type('text/plain; charset=utf-8')
      .send(file.content);
  });
  server.post('/setup', async (request, reply) => {
    try {
      await act(sandbox, readAction(request));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return reply.code(error.status).type('text/html; charset=utf-8').send(setupPage(sandbox, error.message));
    }
    sandbox.hub.emit({ kind: 'switches' });
    return reply.redirect('/setup', 303);
  });
}

function readAction(request: FastifyRequest): Action {
  const fields = Object.fromEntries(new URLSearchParams(typeof request.body === 'string' ? request.body : ''));
  const parsed = action.safeParse(fields);
  if (!parsed.success) throw new ApiError(400, 'invalid', '请从应用设置的页面操作');
  return parsed.data;
}

function checked<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const parsed = schema.safeParse(value);
  if (!parsed.success)
    throw new ApiError(
      400,
      'invalid',
      parsed.error.issues.map((issue) => `${issue.path.join('.')}：${issue.message}`).join('；'),
    );
  return parsed.data;
}

const words = (value: string): string[] => value.split(/[\s,，;；]+/).filter((each) => each !== '');

async function act(sandbox: Sandbox, asked: Action): Promise<void> {
  const { wecom, ding } = sandbox;
  if (asked.action === 'strict') {
    wecom.switches.strictSetup = asked.on === '1';
    ding.switches.strictSetup = asked.on === '1';
    return;
  }
  if ('corp' in asked) return actWecom(sandbox, asked);
  const app = dingApps(sandbox).find((each) => each.appKey === asked.app);
  if (!app) throw new ApiError(404, 'no_app', `没有应用 ${asked.app}`);
  if (asked.action === 'ding-publish') app.publishedAt = ding.clock.now();
  else if (asked.action === 'ding-ips') app.serverIps = words(asked.value);
  else {
    const config = checked(pushInput, { url: asked.url, token: asked.token, aesKey: asked.aesKey });
    const check = await sandbox.pushes.verify(app, config);
    if (!check.ok) throw new ApiError(422, 'not_verified', check.reason);
    app.eventPush = { ...config, verifiedAt: ding.clock.now() };
  }
}

async function actWecom(sandbox: Sandbox, asked: Extract<Action, { corp: string }>): Promise<void> {
  const corp = needCorp(sandbox, asked.corp);
  const app = needApp(corp, asked.app);
  switch (asked.action) {
    case 'domain':
      return refusing(() => setTrustedDomain(sandbox.wecom, corp, app, asked.value));
    case 'ips':
      return refusing(() => setTrustedIps(sandbox.wecom, app, words(asked.value)));
    case 'login':
      app.redirectDomain = asked.value === '' ? null : asked.value;
      return;
    case 'callback':
      return setCallback(
        sandbox,
        corp,
        app,
        checked(callbackInput, { url: asked.url, token: asked.token, aesKey: asked.aesKey }),
      );
  }
}

const dingApps = ({ ding }: Sandbox): DingApp[] =>
  [...ding.world.corps.values()].flatMap((corp) => [...corp.apps.values()].filter((app) => app.suite === null));

function setupPage(sandbox: Sandbox, problem?: string): string {
  const strict = sandbox.wecom.switches.strictSetup;
  // What is connected first comes first; the contact assistant needs an app's callback to be copied from.
  const wecom = [...sandbox.wecom.world.corps.values()].flatMap((corp) =>
    [...corp.apps.values()]
      .filter((app) => app.suite === null)
      .sort((a, b) => Number(a.contactSync) - Number(b.contactSync))
      .map((app) => wecomApp(corp, app)),
  );
  const ding = dingApps(sandbox).map((app) => dingApp(sandbox, app));
  const body = `<h1>应用设置</h1><p>企业微信、钉钉管理后台里要填的几项，顺序和真的一样。</p>${problem === undefined ? '' : `<div class="problem" role="alert">${escapeHtml(problem)}</div>`}
<form method="post" action="/setup" style="margin:12px 0">${hidden({ action: 'strict', on: strict ? '0' : '1' })}<button type="submit">${strict ? '正按平台的顺序检查，点击放开' : '没有按平台的顺序检查，点击打开'}</button></form>
${wecom.join('')}${ding.join('')}`;
  return page({ lang: 'zh', title: '应用设置', body });
}

function wecomApp(corp: Corp, app: App): string {
  const at = { corp: corp.corpId, app: String(app.agentId) };
  const callbackForm = form('接收消息服务器', app.callback === null ? '未设置' : `已验证 ${app.callback.url}`, {
    fields: { action: 'callback', ...at },
    inputs: [
      ['url', 'URL', app.callback?.url ?? ''],
      ['token', 'Token', app.callback?.token ?? ''],
      ['aesKey', 'EncodingAESKey', app.callback?.aesKey ?? ''],
    ],
  });
  const ips = form('企业可信 IP', app.trustedIps.length === 0 ? '未设置' : `已设置，约 1 分钟后生效`, {
    fields: { action: 'ips', ...at },
    inputs: [['value', 'IP，多个用空格隔开', app.trustedIps.join(' ')]],
  });
  const name = `企业微信 · ${corp.name} · ${app.name}`;
  if (app.contactSync) return section(name, [callbackForm, ips]);
  const { name: file } = verifyFile(corp, app);
  return section(name, [
    `<p style="text-align:left">申请校验域名：下载 <a href="/setup/verify/${corp.corpId}/${app.agentId}">${file}</a>，放到域名的根目录，再填域名。</p>`,
    form('可信域名', app.trustedDomain ?? '未设置', {
      fields: { action: 'domain', ...at },
      inputs: [['value', '域名，可带端口', app.trustedDomain ?? '']],
    }),
    callbackForm,
    ips,
    form('授权回调域', app.redirectDomain ?? '未设置', {
      fields: { action: 'login', ...at },
      inputs: [['value', '域名，可带端口', app.redirectDomain ?? '']],
    }),
  ]);
}

function dingApp({ ding }: Sandbox, app: DingApp): string {
  const at = { app: app.appKey };
  const corp = ding.world.corps.get(app.corpId)?.name ?? app.corpId;
  return section(`钉钉 · ${corp} · ${app.name}`, [
    form('服务器出口 IP', app.serverIps.length === 0 ? '未设置' : '已设置', {
      fields: { action: 'ding-ips', ...at },
      inputs: [['value', 'IP，多个用空格隔开', app.serverIps.join(' ')]],
    }),
    form('事件订阅（HTTP 推送，STREAM 不用填）', app.eventPush === null ? '未设置' : `已验证 ${app.eventPush.url}`, {
      fields: { action: 'ding-push', ...at },
      inputs: [
        ['url', '请求网址', app.eventPush?.url ?? ''],
        ['token', '签名 token', app.eventPush?.token ?? ''],
        ['aesKey', '加密 aes_key', app.eventPush?.aesKey ?? ''],
      ],
    }),
    form('版本发布', app.publishedAt === null ? '未发布，只有管理员能用' : '已发布', {
      fields: { action: 'ding-publish', ...at },
      inputs: [],
      button: '发布',
    }),
  ]);
}

const section = (title: string, parts: readonly string[]): string =>
  `<details style="text-align:left;border-top:1px solid #e5e8ef;padding:8px 0"><summary style="cursor:pointer;font-weight:600;padding:4px 0">${escapeHtml(title)}</summary>${parts.join('')}</details>`;

interface FormParts {
  fields: Record<string, string>;
  /** Name, label and value of each. */
  inputs: readonly (readonly [string, string, string])[];
  button?: string;
}

function form(title: string, state: string, { fields, inputs, button = '保存' }: FormParts): string {
  const lines = inputs.map(
    ([name, label, value]) =>
      `<label style="display:block;color:#6b7280">${label}<input name="${name}" value="${escapeHtml(value)}" autocomplete="off" style="display:block;width:100%;font:inherit;padding:4px 8px;border:1px solid #d0d5dd;border-radius:6px"></label>`,
  );
  return `<form method="post" action="/setup" style="display:grid;gap:6px;padding:10px 0"><b>${escapeHtml(title)} <small style="font-weight:400;color:#6b7280;overflow-wrap:anywhere">${escapeHtml(state)}</small></b>${hidden(fields)}${lines.join('')}<div><button type="submit">${button}</button></div></form>`;
}

const hidden = (fields: Record<string, string>): string =>
  Object.entries(fields)
    .map(([name, value]) => `<input type="hidden" name="${name}" value="${escapeHtml(value)}">`)
    .join('');
