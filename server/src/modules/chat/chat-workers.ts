import type { Logger } from '../../kernel/logging/logger.js';
import { Loop } from '../../kernel/loop.js';
import type { MessageService } from './message.service.js';
import type { MessageSender } from './message-sender.js';
import type { CallbackInbox } from './wecom/callback-inbox.js';
import type { CallbackWorker } from './wecom/callback-worker.js';

const idleMs = 500;

/** The loops of this module: they run where workers run, and end before the process does. */
export class ChatWorkers {
  private readonly loops: readonly [sending: Loop, receiving: Loop];

  constructor(parts: {
    sender: MessageSender;
    messages: MessageService;
    callbacks: CallbackWorker;
    inbox: CallbackInbox;
    logger: Logger;
  }) {
    const sending = new Loop('messages', () => parts.sender.round(), idleMs, parts.logger);
    const receiving = new Loop('callbacks', () => parts.callbacks.round(), idleMs, parts.logger);
    parts.messages.onQueued(() => sending.ring());
    parts.inbox.onReceived(() => receiving.ring());
    this.loops = [sending, receiving];
  }

  start(): void {
    for (const loop of this.loops) loop.start();
  }

  /** Resolves when the rounds under way have ended. */
  async stop(): Promise<void> {
    await Promise.all(this.loops.map((loop) => loop.stop()));
  }
}
