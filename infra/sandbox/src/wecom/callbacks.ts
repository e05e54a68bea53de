import { maskXml } from '../core/mask.js';
import { randomToken } from '../core/random.js';
import type { WecomContext } from './context.js';
import { encryptMessage, signatureOf } from './crypto.js';
import { passiveReply } from './passive-reply.js';
import { type CallbackConfig, type Delivery, findCorp, type Suite } from './world.js';
import { toXml, type XmlNode } from './xml.js';

/** Time the application has to answer (WW/90930): a push 5 s, the verification 1 s; three attempts in all. */
export interface CallbackTimes {
  pushMs: number;
  verifyMs: number;
  /** Between attempts; not documented, 5 s by default. */
  spacingMs: number;
}

export const defaultTimes: CallbackTimes = { pushMs: 5000, verifyMs: 1000, spacingMs: 5000 };
const ATTEMPTS = 3;
const KEEP = 2000;

/** The answer of a verification, with a reason that says what to mend. */
export type Verification = { ok: true } | { ok: false; reason: string };

interface Target {
  config: Pick<CallbackConfig, 'url' | 'token' | 'aesKey'>;
  receiveId: string;
  agentId: string | null;
}

/** Where the pushes of an app of the directory go. */
export function suiteUrl(publicUrl: string, suite: Suite): string {
  return suite.callbackUrl ?? `${publicUrl}/callbacks/suites/wecom`;
}

/** Sends encrypted events to the applications' callback URLs. */
export class Callbacks {
  private held: Delivery[] = [];
  private running = new Set<Promise<void>>();

  constructor(
    private readonly context: WecomContext,
    private readonly times: CallbackTimes = defaultTimes,
  ) {}

  /** Queues an event for an app and starts to deliver it at once. Fails by itself when no callback is configured. */
  send(corpId: string, agentId: number, event: XmlNode): Delivery {
    const open = findCorp(this.context.world, corpId)?.apps.get(agentId)?.suite?.openCorpId;
    const xml = toXml(open === undefined ? event : { ...event, ToUserName: open });
    return this.queue({ suiteId: null, corpId, agentId, event: String(event.Event ?? event.MsgType ?? ''), xml });
  }

  /** Queues an instruction to an app of the directory (A16); `corpId` is whom it is about, for the log. */
  instruct(suiteId: string, corpId: string, instruction: XmlNode): Delivery {
    const event = String(instruction.InfoType ?? '');
    return this.queue({ suiteId, corpId, agentId: 0, event, xml: toXml({ SuiteId: suiteId, ...instruction }) });
  }

  private queue(what: Pick<Delivery, 'suiteId' | 'corpId' | 'agentId' | 'event' | 'xml'>): Delivery {
    const { world, clock, random } = this.context;
    const delivery: Delivery = {
      id: randomToken(random, 12),
      ...what,
      at: clock.now(),
      state: 'pending',
      attempts: [],
    };
    world.deliveries.set(delivery.id, delivery);
    if (world.deliveries.size > KEEP) world.deliveries.delete([...world.deliveries.keys()][0] ?? '');
    this.start(delivery);
    return delivery;
  }

  /** Delivers once more what had been given up. */
  redeliver(id: string): Delivery | undefined {
    const delivery = this.context.world.deliveries.get(id);
    if (delivery && delivery.state !== 'pending') {
      delivery.state = 'pending';
      this.start(delivery);
    }
    return delivery;
  }

  /** Sends what the out-of-order switch holds back. */
  flush(): void {
    const held = this.held.reverse();
    this.held = [];
    for (const delivery of held) this.track(this.deliver(delivery));
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
  }

  private start(delivery: Delivery): void {
    if (!this.targetOf(delivery)) {
      this.giveUp(delivery, `应用 ${delivery.agentId} 没有配置回调地址`);
      return;
    }
    if (this.context.switches.callbackOutOfOrder) {
      this.held.push(delivery);
      if (this.held.length >= 2) this.flush();
      return;
    }
    this.track(this.deliver(delivery));
  }

  private track(work: Promise<void>): void {
    const settled = work.finally(() => this.running.delete(settled));
    this.running.add(settled);
  }

  /** Where a delivery goes and for whom it is sealed; looked up at every attempt, because it may be taken away meanwhile. */
  private targetOf(delivery: Delivery): Target | null {
    const { world, publicUrl } = this.context;
    if (delivery.suiteId !== null) {
      const suite = world.suites.get(delivery.suiteId);
      if (!suite) return null;
      const config = { token: suite.token, aesKey: suite.aesKey, url: suiteUrl(publicUrl, suite) };
      return { config, receiveId: suite.suiteId, agentId: null };
    }
    const app = findCorp(world, delivery.corpId)?.apps.get(delivery.agentId);
    if (!app?.callback) return null;
    const receiveId = app.suite?.openCorpId ?? delivery.corpId;
    return { config: app.callback, receiveId, agentId: app.contactSync ? null : String(app.agentId) };
  }

  private async deliver(delivery: Delivery): Promise<void> {
    let problem: string | null = null;
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const target = this.targetOf(delivery);
      if (!target) {
        problem = '回调地址已被清除';
        break;
      }
      problem = await this.attempt(delivery, target);
      if (problem === null) break;
      if (attempt < ATTEMPTS) await this.context.wait(this.context.switches.callbackSpacingMs ?? this.times.spacingMs);
    }
    if (problem !== null) {
      this.giveUp(delivery, problem);
      return;
    }
    delivery.state = 'delivered';
    this.context.journal.add({ kind: 'callback-delivered', corpId: delivery.corpId, deliveryId: delivery.id });
    const again = this.context.switches.callbackDuplicate ? this.targetOf(delivery) : null;
    if (again) await this.attempt(delivery, again);
  }

  private giveUp(delivery: Delivery, reason: string): void {
    delivery.state = 'failed';
    // The walk asks whether a press came back: what an app of the directory is told has nothing to do with it.
    if (delivery.suiteId !== null) return;
    this.context.journal.add({ kind: 'callback-failed', corpId: delivery.corpId, deliveryId: delivery.id, reason });
  }

  /** One POST; every attempt has its own random prefix, timestamp and nonce over the same plaintext. */
  private async attempt(delivery: Delivery, { config, receiveId, agentId }: Target): Promise<string | null> {
    const { clock, log } = this.context;
    const encrypt = encryptMessage({
      aesKey: config.aesKey,
      receiveId,
      message: delivery.xml,
      random16: this.context.random.bytes(16),
    });
    const url = this.signedUrl(config, encrypt, {});
    const body = toXml({
      ToUserName: receiveId,
      ...(agentId === null ? {} : { AgentID: agentId }),
      Encrypt: encrypt,
    });
    const started = Date.now();
    let status: number | null = null;
    let problem: string | null = null;
    let answer = '';
    let warning: string | null = null;
    try {
      const response = await this.context.fetch(url, {
        method: 'POST',
        body,
        headers: { 'content-type': 'text/xml' },
        redirect: 'manual',
        signal: AbortSignal.timeout(this.times.pushMs),
      });
      status = response.status;
      const text = await response.text();
      answer = text.slice(0, 2000);
      if (status === 200) warning = passiveReply(this.context, delivery, { config, receiveId }, text);
      if (status !== 200 && this.context.switches.callbackRetryOnStatus)
        problem = `回调地址应答 HTTP ${status}，应为 200`;
    } catch (error) {
      problem = reasonOf(error, this.times.pushMs);
    }
    const ms = Date.now() - started;
    delivery.attempts.push({ at: clock.now(), ms, status, problem });
    log.add({
      platform: 'wecom',
      direction: 'out',
      method: 'POST',
      path: url,
      corpId: delivery.corpId,
      agentId: delivery.agentId,
      request: { attempt: delivery.attempts.length, decrypted: maskXml(delivery.xml), encrypted: body },
      status: status ?? 0,
      response: problem ?? answer,
      errcode: problem === null ? 0 : null,
      ms,
      warnings: [problem, warning].filter((each) => each !== null),
    });
    return problem;
  }

  private signedUrl(
    config: Pick<CallbackConfig, 'url' | 'token'>,
    encrypt: string,
    extra: Record<string, string>,
  ): string {
    const timestamp = String(this.context.clock.seconds());
    const nonce = this.context.random.bytes(5).readUIntBE(0, 5).toString();
    const url = new URL(config.url);
    url.searchParams.set('msg_signature', signatureOf(config.token, timestamp, nonce, encrypt));
    url.searchParams.set('timestamp', timestamp);
    url.searchParams.set('nonce', nonce);
    for (const [name, value] of Object.entries(extra)) url.searchParams.set(name, value);
    return url.toString();
  }

  /**
   * The check made when an administrator saves a callback: a GET with `echostr`, whose decrypted text must come back
   * within one second, exactly (WW/90930).
   */
  async verify(
    corpId: string,
    agentId: number,
    config: { url: string; token: string; aesKey: string },
  ): Promise<Verification> {
    const expected = this.context.random.bytes(7).readUIntBE(0, 6).toString();
    const echostr = encryptMessage({
      aesKey: config.aesKey,
      receiveId: corpId,
      message: expected,
      random16: this.context.random.bytes(16),
    });
    const url = this.signedUrl(config, echostr, { echostr });
    const started = Date.now();
    let status = 0;
    let answer = '';
    let result: Verification;
    try {
      const response = await this.context.fetch(url, {
        redirect: 'manual',
        signal: AbortSignal.timeout(this.times.verifyMs),
      });
      status = response.status;
      answer = (await response.text()).slice(0, 500);
      result = judge(status, answer, expected);
    } catch (error) {
      result = { ok: false, reason: reasonOf(error, this.times.verifyMs) };
    }
    this.context.log.add({
      platform: 'wecom',
      direction: 'out',
      method: 'GET',
      path: url,
      corpId,
      agentId,
      request: null,
      status,
      response: result.ok ? answer : result.reason,
      errcode: result.ok ? 0 : null,
      ms: Date.now() - started,
      warnings: result.ok ? [] : [result.reason],
    });
    return result;
  }
}

function judge(status: number, answer: string, expected: string): Verification {
  if (status !== 200) return { ok: false, reason: `回调地址应答 HTTP ${status}，应为 200` };
  if (answer === expected) return { ok: true };
  if (answer.trim().replace(/^\uFEFF?"?|"?$/g, '') === expected) {
    return { ok: false, reason: '应答多了引号、BOM 或换行：正文须正好是解密出的 echostr' };
  }
  return { ok: false, reason: '应答不是解密出的 echostr：请核对 Token 与 EncodingAESKey' };
}

function reasonOf(error: unknown, limitMs: number): string {
  if (error instanceof Error && error.name === 'TimeoutError') return `回调地址 ${limitMs / 1000} 秒内没有应答`;
  const cause =
    error instanceof Error && error.cause instanceof Error
      ? error.cause.message
      : error instanceof Error
        ? error.message
        : String(error);
  return `连接不上回调地址：${cause}`;
}
