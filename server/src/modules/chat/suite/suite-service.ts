import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from '../../../kernel/logging/logger.js';
import { Loop } from '../../../kernel/loop.js';
import type { CallbackInbox } from '../callbacks/callback-inbox.js';
import type { Connection } from '../connection.js';
import type { ConnectionRepository } from '../connection.repository.js';
import { keyOfCode, type SuiteInstruction, type SuitePlatform, type Suites } from '../port/suite.js';
import type { LicenceWatch } from './licence-watch.js';
import type { SuiteInbox } from './suite-inbox.js';
import type { SuiteInstalls } from './suite-installs.js';
import type { SuiteTickets } from './suite-tickets.js';
import type { SuiteWorker } from './suite-worker.js';

const pollMs = 1000;
const watchEveryMs = 600_000;
/** How long somebody who comes back from the platform's page waits for his company to be there. */
const patienceMs = 15_000;
const lookEveryMs = 200;

/** The apps of directories: takes in what their platforms push, and brings whoever installs one to his company. */
export class SuiteService implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly working: Loop;
  private readonly watching: Loop;

  constructor(
    private readonly parts: {
      suites: Suites;
      tickets: SuiteTickets;
      installs: SuiteInstalls;
      inbox: SuiteInbox;
      worker: SuiteWorker;
      watch: LicenceWatch;
      callbacks: CallbackInbox;
      connections: ConnectionRepository;
      logger: Logger;
      /** Whether this process runs the loops. */
      enabled: boolean;
    },
  ) {
    this.working = new Loop('suites', () => parts.worker.round(), pollMs, parts.logger);
    this.watching = new Loop('licences', () => this.tend(), watchEveryMs, parts.logger);
    parts.inbox.onReceived(() => this.working.ring());
  }

  onApplicationBootstrap(): void {
    if (!this.parts.enabled || this.parts.suites.list().length === 0) return;
    this.working.start();
    this.watching.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.working.stop(), this.watching.stop()]);
  }

  /** The deployment's app in the directory of a platform, by its path segment. */
  of(channel: string): SuitePlatform | undefined {
    return this.parts.suites.of(channel);
  }

  /** Keeps what a platform pushed, before it is answered; a repeat is dropped. */
  async receive(suite: SuitePlatform, instruction: SuiteInstruction, key: string): Promise<void> {
    switch (instruction.kind) {
      case 'ticket':
        return this.parts.tickets.put(suite, instruction.ticket, instruction.at);
      case 'event': {
        const connection = await this.connectionOf(suite, instruction.corpId);
        if (connection?.secret) await this.parts.callbacks.put(connection, instruction.body, instruction.key);
        return;
      }
      default:
        await this.parts.inbox.put(suite, instruction, key);
    }
  }

  /** The connection of a company that added the app; null for one that has not. */
  async connectionOf(suite: SuitePlatform, corpId: string): Promise<Connection | null> {
    const found = await this.parts.installs.find(suite, corpId);
    return found && this.parts.connections.ofTenant(found, found.connectionId);
  }

  /** Somebody came back from the platform's page with his company's code: its connection, or null when that did not work. */
  async arrive(suite: SuitePlatform, authCode: string): Promise<Connection | null> {
    const id = await this.parts.inbox.put(suite, { kind: 'code', authCode }, keyOfCode(authCode));
    await this.parts.worker.now(id);
    for (let waited = 0; waited < patienceMs; waited += lookEveryMs) {
      const outcome = await this.parts.inbox.outcome(id);
      if (outcome?.state === 'done' && outcome.connectionId) return this.parts.connections.find(outcome.connectionId);
      if (outcome?.state !== 'new') return null;
      await new Promise((resume) => setTimeout(resume, lookEveryMs));
    }
    return null;
  }

  private async tend(): Promise<boolean> {
    await this.parts.inbox.prune();
    await this.parts.watch.sweep();
    return false;
  }
}
