import { createHmac } from 'node:crypto';
import { randomToken } from '../core/random.js';
import { applyReply, findCard } from './cards.js';
import type { DingContext } from './context.js';
import type { StreamGateway } from './gateway.js';
import { jsonObject, ownTarget, PushPosts, type PushTarget } from './push-posts.js';
import { installedApp, memberItem, SYNC, syncItem } from './suites.js';
import {
  corpOf,
  type DingApp,
  type DingCorp,
  type DingDelivery,
  type DingSuite,
  type EventPush,
  findDingApp,
  unionIdFor,
} from './world.js';

type Body = Record<string, unknown>;

/** Times the platform gives (DD/configure-stream-push, B9): an event 2.5 s, a press 2 s; an event again after 10 s and 30 s. */
export interface PushTimes {
  eventMs: number;
  pressMs: number;
  againAfterMs: readonly number[];
}

export const defaultPushTimes: PushTimes = { eventMs: 2500, pressMs: 2000, againAfterMs: [10_000, 30_000] };
const KEEP = 2000;

/** The answer of a check, with a reason that says what to mend. */
export type PushCheck = { ok: true } | { ok: false; reason: string };

/** Sends events and presses to the applications: by HTTP where an app has an address, else over its stream. */
export class Pushes {
  private readonly running = new Set<Promise<void>>();
  private readonly posts: PushPosts;
  private held: DingDelivery | undefined;

  constructor(
    private readonly context: DingContext,
    private readonly gateway: StreamGateway,
    private readonly times: PushTimes = defaultPushTimes,
  ) {
    this.posts = new PushPosts(context, times.eventMs);
  }

  /** An event of the company, e.g. `user_leave_org`, to every app of it. Answers the deliveries. */
  event(corpId: string, type: string, data: Body): DingDelivery[] {
    const corp = this.context.world.corps.get(corpId);
    for (const suite of this.context.world.suites.values())
      if (corp && installedApp(corp, suite)) this.sync(suite, type, itemsOf(suite, corp, type, data));
    const own = [...(corp?.apps.values() ?? [])].filter((app) => app.suite === null);
    return own.map((app) => {
      const delivery = this.remember(app, 'event', type, {
        EventType: type,
        EventTime: this.context.clock.now(),
        CorpId: corpId,
        BizId: randomToken(this.context.random, 9),
        eventId: randomToken(this.context.random, 15),
        ...data,
      });
      for (const next of this.inOrder(delivery)) {
        this.track(this.deliverEvent(next, app));
        if (this.context.switches.pushTwice) this.track(this.deliverEvent(next, app));
      }
      return delivery;
    });
  }

  /** What apps of the directory are told: objects in their latest state, sealed for the app (SyncHTTP, B11). */
  sync(suite: DingSuite, name: string, bizData: Body[]): DingDelivery {
    const body = { EventType: 'SYNC_HTTP_PUSH_HIGH', bizData };
    const delivery = this.remember({ appKey: suite.suiteKey, eventPush: true }, 'event', name, body);
    this.track(this.deliverSync(delivery, suite));
    if (this.context.switches.pushTwice) this.track(this.deliverSync(delivery, suite));
    return delivery;
  }

  /** Sends what `pushOutOfOrder` holds back. */
  release(): void {
    const held = this.held;
    this.held = undefined;
    const app = held && findDingApp(this.context.world, held.appKey);
    if (held && app) this.track(this.deliverEvent(held, app));
  }

  private inOrder(delivery: DingDelivery): DingDelivery[] {
    if (!this.context.switches.pushOutOfOrder) return [delivery];
    const held = this.held;
    this.held = held ? undefined : delivery;
    return held ? [delivery, held] : [];
  }

  /** A press of a card's button: the answer within two seconds changes what the one who pressed sees. */
  async press(
    app: DingApp,
    outTrackId: string,
    userid: string,
    actionId: string,
    params: Record<string, string>,
  ): Promise<DingDelivery> {
    const card = findCard(this.context, app, outTrackId);
    if (!card) throw new Error(`no card ${outTrackId}`);
    const corp = corpOf(this.context.world, app);
    const member = corp.members.get(userid);
    const shown = card.userIdType === 2 && member ? unionIdFor(app, member) : userid;
    const { cardContentField, cardParams } = this.context.switches;
    const content =
      cardParams === 'inside'
        ? { cardPrivateData: { actionIds: [actionId], params } }
        : { cardPrivateData: { actionIds: [actionId] }, params };
    const delivery = this.remember(app, 'card', outTrackId, {
      type: 'actionCallback',
      outTrackId,
      corpId: corp.corpId,
      userId: shown,
      [cardContentField]: JSON.stringify(content),
    });
    delivery.channel = card.callbackType === 'STREAM' ? 'stream' : 'http';
    card.presses.push({ at: this.context.clock.now(), userid, actionId, params, deliveryId: delivery.id });
    this.context.journal.add({
      kind: 'card-pressed',
      corpId: corp.corpId,
      userid,
      msgid: outTrackId,
      key: params.action ?? actionId,
    });
    this.context.hub.emit({ kind: 'card', corpId: corp.corpId, userids: [userid] });
    const send = () =>
      delivery.channel === 'stream'
        ? this.pressOverStream(delivery, app, card.userIdType)
        : this.pressOverHttp(delivery, app, card.routeKey);
    const reply = await send();
    if (this.context.switches.pushTwice) await send();
    if (reply) {
      delivery.reply = reply;
      applyReply(this.context, card, userid, reply);
    }
    const problem = delivery.attempts.at(-1)?.problem;
    if (delivery.state === 'failed')
      this.context.journal.add({
        kind: 'callback-failed',
        corpId: corp.corpId,
        deliveryId: delivery.id,
        reason: problem ?? '',
      });
    this.context.hub.emit({ kind: 'card', corpId: corp.corpId, userids: [userid] });
    return delivery;
  }

  /** What somebody wrote to the app's robot (B8): to its address, else over the stream. */
  async words(app: DingApp, body: Body): Promise<DingDelivery> {
    const delivery = this.remember(app, 'words', String(body.msgId), body);
    delivery.channel = app.robotUrl ? 'http' : 'stream';
    await this.deliverWords(delivery, app);
    if (this.context.switches.pushTwice) await this.deliverWords(delivery, app);
    return delivery;
  }

  private async deliverWords(delivery: DingDelivery, app: DingApp): Promise<void> {
    const started = Date.now();
    if (!app.robotUrl) {
      const ack = await this.gateway.push(
        app.appKey,
        'CALLBACK',
        '/v1.0/im/bot/messages/get',
        {},
        delivery.body,
        this.times.pressMs,
      );
      this.settle(delivery, Date.now() - started, typeof ack === 'string' ? ack : null);
      return;
    }
    const timestamp = String(this.context.clock.now());
    const secret = this.context.world.suites.get(app.suite?.suiteKey ?? '')?.suiteSecret ?? app.appSecret;
    const sign = createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64');
    const headers = { timestamp, sign };
    const answer = await this.posts.send(app, app.robotUrl, delivery.body, headers, delivery.body, this.times.pressMs);
    this.settle(delivery, Date.now() - started, answer.problem);
  }

  /** Sends once more what had been given up, or delivered. */
  redeliver(id: string): DingDelivery | undefined {
    const delivery = this.context.world.deliveries.get(id);
    const suite = this.context.world.suites.get(delivery?.appKey ?? '');
    if (delivery && suite && delivery.state !== 'pending') {
      delivery.state = 'pending';
      this.track(this.deliverSync(delivery, suite));
    }
    const app = delivery && findDingApp(this.context.world, delivery.appKey);
    if (!delivery || !app || delivery.state === 'pending') return delivery;
    delivery.state = 'pending';
    const card = delivery.kind === 'card' ? findCard(this.context, app, delivery.name) : undefined;
    if (delivery.kind === 'event') this.track(this.deliverEvent(delivery, app));
    else if (delivery.kind === 'words') this.track(this.deliverWords(delivery, app));
    else if (card)
      this.track(
        (delivery.channel === 'stream'
          ? this.pressOverStream(delivery, app, card.userIdType)
          : this.pressOverHttp(delivery, app, card.routeKey)
        ).then(() => undefined),
      );
    return delivery;
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
  }

  /** The check made when an address is saved: `check_url`, answered with an encrypted `success`. */
  async verify(app: DingApp, config: Omit<EventPush, 'verifiedAt'>): Promise<PushCheck> {
    const problem = await this.posts.post(ownTarget(app, config), { EventType: 'check_url' });
    return problem === null ? { ok: true } : { ok: false, reason: problem };
  }

  /** `GET /call_back/get_call_back_failed_result`: events given up, at most 200, each under a key named like it. */
  failed(app: DingApp): { has_more: boolean; failed_list: Body[] } {
    const { world, switches } = this.context;
    const all = [...world.deliveries.values()].filter(
      (each) => each.appKey === app.appKey && each.kind === 'event' && each.state === 'failed',
    );
    const page = all.slice(0, 200);
    if (switches.failedEventsOnce) for (const each of page) world.deliveries.delete(each.id);
    return {
      has_more: all.length > page.length,
      failed_list: page.map((each) => {
        const { EventType: _type, EventTime: _time, CorpId, ...data } = each.body;
        return { event_time: each.at, call_back_tag: each.name, [each.name]: { ...data, corpid: CorpId } };
      }),
    };
  }

  private remember(
    app: { appKey: string; eventPush: unknown },
    kind: DingDelivery['kind'],
    name: string,
    body: Body,
  ): DingDelivery {
    const { world, clock, random } = this.context;
    const delivery: DingDelivery = {
      id: randomToken(random, 12),
      appKey: app.appKey,
      kind,
      name,
      body,
      at: clock.now(),
      channel: app.eventPush ? 'http' : 'stream',
      state: 'pending',
      attempts: [],
      reply: null,
    };
    world.deliveries.set(delivery.id, delivery);
    if (world.deliveries.size > KEEP) world.deliveries.delete([...world.deliveries.keys()][0] ?? '');
    return delivery;
  }

  private track(work: Promise<void>): void {
    const settled = work.finally(() => this.running.delete(settled));
    this.running.add(settled);
  }

  private async deliverEvent(delivery: DingDelivery, app: DingApp): Promise<void> {
    if (!app.eventPush) {
      await this.eventOverStream(delivery, app);
      return;
    }
    await this.deliverTo(delivery, ownTarget(app, app.eventPush));
  }

  private deliverSync(delivery: DingDelivery, suite: DingSuite): Promise<void> {
    const url = suite.callbackUrl ?? `${this.context.publicUrl}/callbacks/suites/dingtalk`;
    const { suiteKey: owner, token, aesKey } = suite;
    return this.deliverTo(delivery, { url, token, aesKey, owner, corpId: '', agentId: 0 });
  }

  private async deliverTo(delivery: DingDelivery, target: PushTarget): Promise<void> {
    for (const pause of [0, ...this.times.againAfterMs]) {
      if (pause > 0) await this.context.wait(pause);
      const started = Date.now();
      const problem = await this.posts.post(target, delivery.body);
      delivery.attempts.push({ at: this.context.clock.now(), ms: Date.now() - started, problem });
      if (problem === null) {
        delivery.state = 'delivered';
        return;
      }
    }
    delivery.state = 'failed';
  }

  private async pressOverHttp(delivery: DingDelivery, app: DingApp, routeKey: string | null): Promise<Body | null> {
    const route = routeKey === null ? undefined : app.cardRoutes.get(routeKey);
    if (!route) {
      this.settle(delivery, 0, `没有注册卡片回调地址「${routeKey ?? ''}」`);
      return null;
    }
    const timestamp = String(this.context.clock.now());
    const headers = {
      'x-ddpaas-signature-timestamp': timestamp,
      'x-ddpaas-signature': createHmac('sha256', route.apiSecret).update(timestamp).digest('base64'),
    };
    const started = Date.now();
    const answer = await this.posts.send(app, route.url, delivery.body, headers, delivery.body, this.times.pressMs);
    const reply = answer.problem === null ? jsonObject(answer.text) : null;
    this.settle(delivery, Date.now() - started, answer.problem ?? (reply ? null : '应答不是 JSON 对象'));
    return reply;
  }

  private async pressOverStream(delivery: DingDelivery, app: DingApp, userIdType: 1 | 2): Promise<Body | null> {
    const started = Date.now();
    const data = {
      ...delivery.body,
      extension: '{}',
      spaceType: 'IM_ROBOT',
      spaceId: delivery.body.userId,
      userIdType,
    };
    const ack = await this.gateway.push(
      app.appKey,
      'CALLBACK',
      '/v1.0/card/instances/callback',
      {},
      data,
      this.times.pressMs,
    );
    this.settle(delivery, Date.now() - started, typeof ack === 'string' ? ack : null);
    if (typeof ack === 'string') return null;
    const response = ack.response;
    return response !== null && typeof response === 'object' ? (response as Body) : null;
  }

  /** Pushed again while nobody answers, or the answer is LATER. */
  private async eventOverStream(delivery: DingDelivery, app: DingApp): Promise<void> {
    const { EventType, EventTime, CorpId, eventId, BizId: _biz, ...data } = delivery.body;
    const headers = {
      eventType: String(EventType),
      eventId: String(eventId),
      eventBornTime: String(EventTime),
      eventCorpId: String(CorpId),
      eventUnifiedAppId: app.appKey,
    };
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      const started = Date.now();
      const { streamAgainMs } = this.context.switches;
      const ack = await this.gateway.push(app.appKey, 'EVENT', '*', headers, data, streamAgainMs);
      const problem = typeof ack === 'string' ? ack : ack.status === 'SUCCESS' ? null : 'LATER';
      delivery.attempts.push({ at: this.context.clock.now(), ms: Date.now() - started, problem });
      if (problem === null) {
        delivery.state = 'delivered';
        return;
      }
      if (problem === 'LATER') await this.context.wait(streamAgainMs);
    }
    delivery.state = 'failed';
  }

  private settle(delivery: DingDelivery, ms: number, problem: string | null): void {
    delivery.attempts.push({ at: this.context.clock.now(), ms, problem });
    delivery.state = problem === null ? 'delivered' : 'failed';
  }
}

/** One event about several people or departments is one object each for apps of the directory, people with a snapshot. */
function itemsOf(suite: DingSuite, corp: DingCorp, type: string, { userId, deptId }: Body): Body[] {
  const people = Array.isArray(userId) ? userId.map(String) : [];
  const departments = Array.isArray(deptId) ? deptId.map(String) : [];
  return [
    ...people.map((userid) => memberItem(suite, corp.corpId, type, userid, corp.members.get(userid))),
    ...departments.map((id) =>
      syncItem(corp.corpId, SYNC.departments, id, {
        syncAction: type,
        id: Number(id),
        ...corp.departments.get(Number(id)),
      }),
    ),
  ];
}
