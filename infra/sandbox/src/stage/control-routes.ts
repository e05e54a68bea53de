import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { faultPresets, isFaultPreset } from '../core/fault-presets.js';
import { type FaultInput, faultSchema, switchesSchema } from '../core/switches.js';
import { isNewCode, NEW_CODES, newCodeFault } from '../dingtalk/new-codes.js';
import type { Sandbox } from '../sandbox.js';
import { SetupError, setTrustedDomain, setTrustedIps, verifyFile } from '../wecom/setup.js';
import { endToken } from '../wecom/tokens.js';
import type { App, Corp } from '../wecom/world.js';
import { ApiError, needApp, needCorp, readBody, readQuery } from './http.js';
import { STEP_KEYS, steps } from './steps.js';
import { stage } from './views.js';

const DAY_MS = 86_400_000;

const effectFilter = z.object({
  kind: z.enum(['send', 'update', 'recall']).optional(),
  key: z.string().optional(),
  taskId: z.string().optional(),
  contains: z.string().optional(),
  corpId: z.string().optional(),
  userid: z.string().optional(),
});

/** Instruments: log, recorder, clock, switches, faults, the walk. */
export function registerControlRoutes(server: FastifyInstance, sandbox: Sandbox): void {
  const { wecom } = sandbox;
  server.get('/sandbox/api/health', () => ({ status: 'ok', url: wecom.selfUrl, publicUrl: wecom.publicUrl }));
  server.get('/sandbox/api/seed', () => sandbox.seed);
  server.get('/sandbox/api/stage', () => stage(sandbox));
  server.get('/sandbox/api/steps', async () => ({ items: steps(sandbox, await sandbox.progress.read()) }));
  server.post('/sandbox/api/steps/forget', () => {
    sandbox.ticked = new Set();
    sandbox.journal.forgetWalk();
    sandbox.progress.forget();
    sandbox.hub.emit({ kind: 'steps' });
    return { forgotten: true };
  });
  server.post('/sandbox/api/steps/:key', (request) => {
    const { key } = z.object({ key: z.string() }).parse(request.params);
    if (!STEP_KEYS.some((each) => each === key))
      throw new ApiError(404, 'no_step', `没有步骤 ${key}，现有：${STEP_KEYS.join('、')}`);
    const { done } = readBody(request, z.strictObject({ done: z.boolean() }));
    if (done) sandbox.ticked.add(key);
    else sandbox.ticked.delete(key);
    sandbox.hub.emit({ kind: 'steps' });
    return { key, done };
  });

  server.get('/sandbox/api/log', (request) => {
    const schema = z.object({
      text: z.string().optional(),
      direction: z.enum(['in', 'out', 'page']).optional(),
      corpId: z.string().optional(),
      failed: z.enum(['0', '1']).optional(),
      limit: z.coerce.number().int().min(1).max(2000).optional(),
    });
    const { failed, ...filter } = readQuery(request, schema);
    return { items: sandbox.log.list({ ...filter, failed: failed === '1' }) };
  });
  server.delete('/sandbox/api/log', () => {
    sandbox.log.clear();
    sandbox.hub.emit({ kind: 'log' });
    return { cleared: true };
  });

  server.get('/sandbox/api/effects', (request) => {
    const items = sandbox.recorder.list(readQuery(request, effectFilter));
    const delivered = items.filter((effect) => effect.errcode === 0 && !effect.suppressed).length;
    return { items, asked: items.length, delivered };
  });
  server.get('/sandbox/api/effects/by-key', (request) => ({
    items: sandbox.recorder.counts(readQuery(request, effectFilter)),
  }));

  server.post('/sandbox/api/reset', async (request) => {
    await sandbox.reset(readBody(request, z.strictObject({ everything: z.boolean().default(false) })).everything);
    return { reset: true };
  });

  server.get('/sandbox/api/clock', () => ({ now: sandbox.clock.now(), ahead: sandbox.clock.ahead() }));
  server.post('/sandbox/api/clock/advance', async (request) => {
    const schema = z.strictObject({
      ms: z.number().int().min(0).optional(),
      days: z.number().min(0).optional(),
      notBefore: z
        .string()
        .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
        .optional(),
    });
    const { ms = 0, days = 0, notBefore } = readBody(request, schema);
    const asked = ms + Math.round(days * DAY_MS);
    const by = asked + (notBefore ? untilTime(sandbox.clock.now() + asked, notBefore) : 0);
    if (asked <= 0) throw new ApiError(400, 'invalid', '请给出 ms 或 days，大于 0');
    sandbox.clock.advance(by);
    sandbox.journal.add({ kind: 'clock-advanced', ms: by });
    sandbox.hub.emit({ kind: 'clock', now: sandbox.clock.now() });
    return { now: sandbox.clock.now(), ahead: sandbox.clock.ahead(), app: await tellApp(sandbox, by) };
  });

  server.get('/sandbox/api/switches', () => ({ switches: wecom.switches, faults: sandbox.faults.all() }));
  server.patch('/sandbox/api/switches', (request) => {
    const before = wecom.switches;
    const given = readBody(request, z.record(z.string(), z.unknown()));
    const parsed = switchesSchema.safeParse({ ...before, ...given });
    if (!parsed.success)
      throw new ApiError(
        400,
        'invalid',
        parsed.error.issues.map((issue) => `${issue.path.join('.')}：${issue.message}`).join('；'),
      );
    wecom.switches = parsed.data;
    if (before.callbackOutOfOrder && !wecom.switches.callbackOutOfOrder) sandbox.callbacks.flush();
    sandbox.hub.emit({ kind: 'switches' });
    return wecom.switches;
  });
  server.get('/sandbox/api/faults/presets', () => ({ items: faultPresets }));
  server.post('/sandbox/api/faults', (request) => {
    const fault = sandbox.faults.add(readFault(request));
    sandbox.hub.emit({ kind: 'switches' });
    return fault;
  });
  const removeFaults = (id?: number): { removed: number } => {
    const removed = sandbox.faults.remove(id);
    sandbox.hub.emit({ kind: 'switches' });
    return { removed };
  };
  server.delete('/sandbox/api/faults', () => removeFaults());
  server.delete('/sandbox/api/faults/:id', (request) =>
    removeFaults(z.object({ id: z.coerce.number() }).parse(request.params).id),
  );
}

const { effect: _effect, platform: _platform, ...adjustable } = faultSchema.shape;
const presetFault = z.strictObject({ preset: z.string(), ...adjustable });
const codeFault = z.strictObject({ code: z.string(), ...adjustable });

/** A fault in full, by the name of a preset or by a code of DingTalk's newer interface, with what is to differ. */
function readFault(request: FastifyRequest): FaultInput {
  const given = readBody(request, z.looseObject({ preset: z.unknown(), code: z.unknown() }).partial());
  if (given.code !== undefined) {
    const { code, ...change } = readBody(request, codeFault);
    if (!isNewCode(code))
      throw new ApiError(400, 'no_code', `没有「${code}」，现有：${Object.keys(NEW_CODES).join('、')}`);
    return changed(newCodeFault(code), change);
  }
  if (given.preset === undefined) return readBody(request, faultSchema);
  const { preset, ...change } = readBody(request, presetFault);
  if (!isFaultPreset(preset))
    throw new ApiError(400, 'no_preset', `没有预设「${preset}」，现有：${Object.keys(faultPresets).join('、')}`);
  return changed(faultPresets[preset], change);
}

function changed(fault: FaultInput, change: Partial<Omit<FaultInput, 'effect' | 'platform'>>): FaultInput {
  const defined = Object.entries(change).filter(([, value]) => value !== undefined);
  return { ...fault, ...Object.fromEntries(defined) };
}

/** China has one zone and no summer time. */
const CHINA_MS = 8 * 3_600_000;

/** Milliseconds from an instant to `HH:MM` of the same day in China; 0 when that is past. */
export function untilTime(instant: number, time: string): number {
  const [hours, minutes] = time.split(':').map(Number) as [number, number];
  return Math.max(0, (hours * 60 + minutes) * 60_000 - ((instant + CHINA_MS) % DAY_MS));
}

/** Asks the application to move its business clock too. A demo without that endpoint simply keeps its own time. */
async function tellApp(sandbox: Sandbox, ms: number): Promise<'moved' | 'unsupported' | 'unreachable'> {
  try {
    const response = await sandbox.wecom.fetch(`${sandbox.wecom.publicUrl}/api/v1/demo/clock/advance`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: sandbox.wecom.publicUrl },
      body: JSON.stringify({ ms }),
      signal: AbortSignal.timeout(5000),
    });
    return response.ok ? 'moved' : 'unsupported';
  } catch {
    return 'unreachable';
  }
}

const appSettings = z.strictObject({
  homeUrl: z.url().nullable().optional(),
  redirectDomain: z.string().nullable().optional(),
  visibleDepartments: z.array(z.number().int()).optional(),
  visibleUsers: z.array(z.string()).optional(),
  visibleTags: z.array(z.number().int()).optional(),
  hidePrivateFields: z.boolean().optional(),
  miniProgramAppId: z.string().optional(),
  customerContact: z.boolean().optional(),
  sidebarUrl: z.url().nullable().optional(),
});

/** 接收消息服务器, as the console takes it. */
export const callbackInput = z.strictObject({
  url: z.url({ protocol: /^https?$/, error: '须是 http 或 https 网址' }),
  token: z.string().regex(/^[0-9A-Za-z]{1,32}$/, 'Token 须是 1 到 32 位字母或数字'),
  aesKey: z.string().regex(/^[0-9A-Za-z]{43}$/, 'EncodingAESKey 须是 43 位字母或数字'),
});

/** Saves where an app's pushes go, once the address has proven itself. */
export async function setCallback(
  sandbox: Sandbox,
  corp: Corp,
  app: App,
  config: z.output<typeof callbackInput>,
): Promise<void> {
  const verified = await sandbox.callbacks.verify(corp.corpId, app.agentId, config);
  if (!verified.ok) throw new ApiError(422, 'not_verified', `回调地址 ${config.url} 没有通过验证：${verified.reason}`);
  app.callback = { ...config, verifiedAt: sandbox.clock.now() };
}

/** Turns the console's refusals into those of the scripting API. */
export async function refusing(work: () => void | Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof SetupError)
      throw new ApiError(error.code === 'invalid' ? 400 : 422, error.code, error.message);
    throw error;
  }
}

/** What an administrator sets in the platform's own console, per app. */
export function registerAppRoutes(server: FastifyInstance, sandbox: Sandbox): void {
  const find = (params: unknown) => {
    const { corpId, agentId } = z.object({ corpId: z.string(), agentId: z.string() }).parse(params);
    const corp = needCorp(sandbox, corpId);
    return { corp, app: needApp(corp, agentId) };
  };

  server.get('/sandbox/api/corps/:corpId/apps/:agentId', (request) => {
    const { corp, app } = find(request.params);
    return { ...app, verifyFile: verifyFile(corp, app) };
  });
  server.post('/sandbox/api/corps/:corpId/apps/:agentId/trusted-domain', async (request) => {
    const { corp, app } = find(request.params);
    const { domain } = readBody(request, z.strictObject({ domain: z.string().trim() }));
    await refusing(() => setTrustedDomain(sandbox.wecom, corp, app, domain));
    return { ok: true };
  });
  server.post('/sandbox/api/corps/:corpId/apps/:agentId/trusted-ips', async (request) => {
    const { app } = find(request.params);
    const { ips } = readBody(request, z.strictObject({ ips: z.array(z.string()).max(120) }));
    await refusing(() => setTrustedIps(sandbox.wecom, app, ips));
    return { ok: true, since: app.trustedSince };
  });
  server.patch('/sandbox/api/corps/:corpId/apps/:agentId', (request) => {
    const { app } = find(request.params);
    const given = Object.entries(readBody(request, appSettings)).filter(([, value]) => value !== undefined);
    Object.assign(app, Object.fromEntries(given));
    return app;
  });
  server.post('/sandbox/api/corps/:corpId/apps/:agentId/callback', async (request) => {
    const { corp, app } = find(request.params);
    await setCallback(sandbox, corp, app, readBody(request, callbackInput));
    return { ok: true };
  });
  server.delete('/sandbox/api/corps/:corpId/apps/:agentId/callback', (request) => {
    find(request.params).app.callback = null;
    return { ok: true };
  });
  server.post('/sandbox/api/corps/:corpId/apps/:agentId/expire-token', (request) => {
    const { corp, app } = find(request.params);
    const { as } = readBody(request, z.strictObject({ as: z.enum(['expired', 'invalid']).default('expired') }));
    return { ended: endToken(sandbox.wecom, corp.corpId, app.agentId, as) };
  });

  server.get('/sandbox/api/deliveries', (request) => {
    const { state } = readQuery(request, z.object({ state: z.enum(['pending', 'delivered', 'failed']).optional() }));
    return {
      items: [...sandbox.wecom.world.deliveries.values()]
        .filter((delivery) => !state || delivery.state === state)
        .reverse(),
    };
  });
  server.post('/sandbox/api/deliveries/:id/redeliver', (request) => {
    const { id } = z.object({ id: z.string() }).parse(request.params);
    const delivery = sandbox.callbacks.redeliver(id) ?? sandbox.pushes.redeliver(id);
    if (!delivery) throw new ApiError(404, 'no_delivery', '没有这次投递');
    return delivery;
  });
}
