import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from '../../kernel/logging/logger.js';
import type { MessageService } from './message.service.js';
import type { MessageSender } from './message-sender.js';
import type { CallbackInbox } from './wecom/callback-inbox.js';
import type { CallbackWorker } from './wecom/callback-worker.js';
import { WorkerLoop } from './worker-loop.js';

const intervalMs = 500;

/** The loops of this module: they run where workers run, and end before the process does. */
export class ChatWorkers implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly sending: WorkerLoop;
  private readonly receiving: WorkerLoop;

  constructor(
    parts: {
      sender: MessageSender;
      messages: MessageService;
      callbacks: CallbackWorker;
      inbox: CallbackInbox;
      logger: Logger;
    },
    private readonly enabled: boolean,
  ) {
    const onError = (error: unknown) => parts.logger.error({ err: error }, 'chat worker');
    this.sending = new WorkerLoop(() => parts.sender.round(), { intervalMs, onError });
    this.receiving = new WorkerLoop(() => parts.callbacks.round(), { intervalMs, onError });
    parts.messages.onQueued(() => this.sending.ring());
    parts.inbox.onReceived(() => this.receiving.ring());
  }

  onApplicationBootstrap(): void {
    if (!this.enabled) return;
    this.sending.start();
    this.receiving.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.sending.stop(), this.receiving.stop()]);
  }
}
