import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Config } from '../../kernel/config/config.js';
import type { Logger } from '../../kernel/logging/logger.js';
import { Loop } from '../../kernel/loop.js';
import type { Bus } from '../../kernel/redis/bus.js';
import { BUS, CONFIG, LOGGER } from '../../kernel/tokens.js';
import { eventsChannel } from '../live/form-changes.js';
import { Caller } from './caller.js';
import { Dispatcher } from './dispatcher.js';
import { Reconciler } from './reconciler.js';
import { Runner } from './runner.js';
import { Scheduler } from './scheduler.js';
import { SubflowEnds } from './subflow-ends.js';

const pollMs = 500;
const runsChannel = 'lianke:runs';

/** The loops that turn events into runs and carry runs on. Rings make them quick, polling makes them sure. */
@Injectable()
export class FlowWorkers implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly dispatching: Loop;
  private readonly running: Loop;
  private readonly calling: Loop;
  private readonly scheduling: Loop;
  private readonly ending: Loop;
  private readonly reconciling: Loop;
  private readonly others: Loop[] = [];
  private subscriptions: (() => Promise<void>)[] = [];

  constructor(
    dispatcher: Dispatcher,
    runner: Runner,
    caller: Caller,
    scheduler: Scheduler,
    ends: SubflowEnds,
    reconciler: Reconciler,
    @Inject(BUS) private readonly bus: Bus,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.running = new Loop(
      'runs',
      async () => {
        const busy = await runner.work();
        if (busy) {
          this.calling.ring();
          this.ending.ring();
        }
        return busy;
      },
      pollMs,
      logger,
    );
    this.calling = new Loop(
      'calls',
      async () => {
        const busy = await caller.work();
        if (busy) this.running.ring();
        return busy;
      },
      pollMs,
      logger,
    );
    this.ending = new Loop(
      'sub-flows',
      async () => {
        const busy = await ends.work();
        if (busy) this.running.ring();
        return busy;
      },
      pollMs,
      logger,
    );
    this.reconciling = new Loop('flow invariants', () => reconciler.work(), 60_000, logger);
    this.scheduling = new Loop(
      'schedules',
      async () => {
        const busy = await scheduler.work();
        if (busy) this.running.ring();
        return busy;
      },
      1_000,
      logger,
    );
    this.dispatching = new Loop(
      'events',
      async () => {
        const busy = await dispatcher.work();
        if (busy) this.running.ring();
        return busy;
      },
      pollMs,
      logger,
    );
  }

  /** Work of the same kind that another service knows: begun and stopped with the others, rung like runs. */
  also(name: string, work: () => Promise<boolean>, idleMs = 5000): void {
    this.others.push(new Loop(name, work, idleMs, this.logger));
  }

  async onApplicationBootstrap(): Promise<void> {
    if (this.config.role === 'api') return;
    this.subscriptions = [
      await this.bus.subscribe(eventsChannel, () => this.dispatching.ring()),
      await this.bus.subscribe(runsChannel, () => {
        this.running.ring();
        for (const loop of this.others) loop.ring();
      }),
    ];
    this.dispatching.start();
    this.running.start();
    this.calling.start();
    this.scheduling.start();
    this.ending.start();
    this.reconciling.start();
    for (const loop of this.others) loop.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.subscriptions.map((end) => end()));
    const loops = [this.dispatching, this.running, this.calling, this.scheduling, this.ending, this.reconciling];
    await Promise.all([...loops, ...this.others].map((loop) => loop.stop()));
  }

  /** A run became ready, in whatever process. */
  ring(): void {
    void this.bus.publish(runsChannel, 'ready');
  }
}
