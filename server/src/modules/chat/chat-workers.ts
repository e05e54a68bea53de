import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from '../../kernel/logging/logger.js';
import { Loop } from '../../kernel/loop.js';
import type { Bus } from '../../kernel/redis/bus.js';
import type { CallbackInbox } from './callbacks/callback-inbox.js';
import type { CallbackWorker } from './callbacks/callback-worker.js';
import type { MessageService } from './message.service.js';
import type { MessageSender } from './message-sender.js';

const pollMs = 500;
/** A burst of messages rings once. */
const ringEveryMs = 20;
const messagesChannel = 'lianke:messages';
const callbacksChannel = 'lianke:callbacks';

/** The loops of this module, where workers run. Rings make them quick, polling makes them sure. */
export class ChatWorkers implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly sending: Loop;
  private readonly receiving: Loop;
  private subscriptions: (() => Promise<void>)[] = [];

  constructor(
    private readonly parts: {
      sender: MessageSender;
      messages: MessageService;
      callbacks: CallbackWorker;
      inbox: CallbackInbox;
      bus: Bus;
      logger: Logger;
      /** Whether this process runs the loops; it rings in any case. */
      enabled: boolean;
    },
  ) {
    this.sending = new Loop('messages', () => parts.sender.round(), pollMs, parts.logger);
    this.receiving = new Loop('callbacks', () => parts.callbacks.round(), pollMs, parts.logger);
    parts.messages.onQueued(ringer(parts.bus, messagesChannel));
    parts.inbox.onReceived(ringer(parts.bus, callbacksChannel));
  }

  async onApplicationBootstrap(): Promise<void> {
    if (!this.parts.enabled) return;
    this.subscriptions = [
      await this.parts.bus.subscribe(messagesChannel, () => this.sending.ring()),
      await this.parts.bus.subscribe(callbacksChannel, () => this.receiving.ring()),
    ];
    this.sending.start();
    this.receiving.start();
  }

  /** Resolves when the rounds under way have ended. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.subscriptions.map((end) => end()));
    await Promise.all([this.sending.stop(), this.receiving.stop()]);
  }
}

function ringer(bus: Bus, channel: string): () => void {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    setTimeout(() => {
      waiting = false;
      void bus.publish(channel, 'ready');
    }, ringEveryMs).unref();
  };
}
