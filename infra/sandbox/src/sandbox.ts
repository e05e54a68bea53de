import { z } from 'zod';
import type { Clock } from './core/clock.js';
import { StageClock } from './core/clock.js';
import { Hub } from './core/hub.js';
import { ProtocolLog } from './core/protocol-log.js';
import type { RandomSource } from './core/random.js';
import { Recorder } from './core/recorder.js';
import { defaultSwitches, Faults } from './core/switches.js';
import type { DingContext } from './dingtalk/context.js';
import { StreamGateway } from './dingtalk/gateway.js';
import { clientCode } from './dingtalk/identity.js';
import { answerDingPage } from './dingtalk/js-sdk.js';
import { Pushes } from './dingtalk/pushes.js';
import { defaultDingSwitches } from './dingtalk/switches.js';
import { dingWorldFrom } from './dingtalk/world.js';
import { type Group, groupsFrom } from './groups/groups.js';
import { Phones } from './phone/phones.js';
import type { Seed } from './seed.js';
import { Journal } from './stage/journal.js';
import { ProgressReader } from './stage/progress.js';
import type { Said } from './stage/said.js';
import { Callbacks, type CallbackTimes } from './wecom/callbacks.js';
import type { WecomContext } from './wecom/context.js';
import { answerPage } from './wecom/js-sdk.js';
import { openName } from './wecom/open-data.js';
import { worldFrom } from './wecom/world.js';

export interface SandboxParts {
  seed: Seed;
  publicUrl: string;
  clock?: Clock | undefined;
  random: RandomSource;
  fetch: typeof fetch;
  wait: (ms: number) => Promise<void>;
  times: CallbackTimes;
}

const several = z.union([z.string(), z.array(z.string())]).optional();
const openedChat = z.object({
  api: z.enum(['openEnterpriseChat', 'biz.chat.openSingleChat']),
  corpId: z.string().optional(),
  userIds: several,
  externalUserIds: several,
});

/** The whole simulated world and its instruments. Tests reach it as `state`. */
export class Sandbox {
  readonly clock: StageClock;
  readonly hub = new Hub();
  readonly log: ProtocolLog;
  readonly recorder = new Recorder();
  readonly faults = new Faults();
  readonly journal: Journal;
  readonly progress: ProgressReader;
  readonly wecom: WecomContext;
  readonly callbacks: Callbacks;
  readonly phones: Phones;
  readonly ding: DingContext;
  readonly gateway: StreamGateway;
  readonly pushes: Pushes;
  readonly seed: Seed;
  groups: Group[];
  /** What people wrote to apps, oldest first. */
  said: Said[] = [];
  /** Steps of the walk that a person ticked by hand. */
  ticked = new Set<string>();

  constructor(parts: SandboxParts) {
    this.seed = parts.seed;
    this.groups = groupsFrom(parts.seed);
    this.clock = new StageClock(parts.clock);
    this.log = new ProtocolLog(this.clock, this.hub);
    this.journal = new Journal(this.clock, this.hub);
    this.progress = new ProgressReader(parts.publicUrl, parts.fetch);
    this.wecom = {
      world: worldFrom(parts.seed),
      switches: defaultSwitches(),
      clock: this.clock,
      random: parts.random,
      hub: this.hub,
      log: this.log,
      recorder: this.recorder,
      faults: this.faults,
      journal: this.journal,
      groups: () => this.groups,
      fetch: parts.fetch,
      wait: parts.wait,
      publicUrl: parts.publicUrl,
      selfUrl: '',
    };
    this.callbacks = new Callbacks(this.wecom, parts.times);
    const { switches: _wecom, world: _world, ...instruments } = this.wecom;
    this.ding = { ...instruments, world: dingWorldFrom(parts.seed), switches: defaultDingSwitches() };
    this.gateway = new StreamGateway(this.ding);
    this.pushes = new Pushes(this.ding, this.gateway);
    this.phones = new Phones(
      parts.publicUrl,
      () => this.wecom.selfUrl,
      (corpId, userid) => clientCode(this.ding, corpId, userid),
      (platform, body) => (platform === 'wecom' ? answerPage(this.wecom, body) : answerDingPage(this.ding, body)),
      (body) => openName(this.wecom, body),
      (corpId, userid, body) => this.noteOpenedChat(corpId, userid, body),
    );
  }

  /** A line of the log: `openEnterpriseChat` or `biz.chat.openSingleChat`, by whose phone and with whom. */
  private noteOpenedChat(corpId: string, userid: string, body: string): void {
    const { api, ...request } = openedChat.parse(JSON.parse(body));
    this.log.add({
      platform: api === 'openEnterpriseChat' ? 'wecom' : 'dingtalk',
      direction: 'in',
      method: 'JSAPI',
      path: api,
      corpId,
      agentId: null,
      request: { by: userid, ...request },
      status: 200,
      response: null,
      errcode: 0,
      ms: 0,
    });
  }

  /**
   * Back to the seed. The apps' settings (callback, home page, …) and tokens stay unless `everything` is asked, because
   * the application set them once at its own start and would not know that they are gone.
   */
  async reset(everything: boolean): Promise<void> {
    const before = this.wecom.world;
    this.wecom.world = worldFrom(this.seed);
    if (!everything) {
      for (const corp of before.corps.values()) {
        const fresh = this.wecom.world.corps.get(corp.corpId.toLowerCase());
        for (const app of corp.apps.values()) fresh?.apps.set(app.agentId, app);
      }
      this.wecom.world.tokens = before.tokens;
      this.wecom.world.currentTokens = before.currentTokens;
      this.wecom.world.tickets = before.tickets;
      this.wecom.world.suites = before.suites;
    } else {
      this.clock.reset();
    }
    this.resetDingtalk(everything);
    this.groups = groupsFrom(this.seed);
    this.said = [];
    this.wecom.switches = defaultSwitches();
    this.faults.remove();
    this.recorder.clear();
    this.journal.clear();
    this.log.clear();
    this.ticked = new Set();
    await this.phones.reset(everything);
    this.hub.emit({ kind: 'reset' });
  }

  /** Where the sandbox is reached, once it listens. */
  listensAt(url: string): void {
    this.wecom.selfUrl = url;
    this.ding.selfUrl = url;
  }

  private resetDingtalk(everything: boolean): void {
    const before = this.ding.world;
    this.ding.world = dingWorldFrom(this.seed);
    this.ding.switches = defaultDingSwitches();
    if (everything) return;
    for (const corp of before.corps.values()) {
      const fresh = this.ding.world.corps.get(corp.corpId);
      for (const app of corp.apps.values()) fresh?.apps.set(app.appKey, app);
    }
    this.ding.world.tokens = before.tokens;
    this.ding.world.currentTokens = before.currentTokens;
    this.ding.world.tickets = before.tickets;
    this.ding.world.suites = before.suites;
  }
}
