import type { Logger } from './logging/logger.js';

/**
 * Runs a piece of work again and again until stopped: at once while it finds something to do, else after `idleMs` or
 * when rung. Failures are logged and retried after the pause; `stop` waits for the piece under way.
 */
export class Loop {
  private stopping = false;
  private wake: (() => void) | undefined;
  private rung = false;
  private running: Promise<void> | undefined;

  /** @param work answers whether it found something to do */
  constructor(
    private readonly name: string,
    private readonly work: () => Promise<boolean>,
    private readonly idleMs: number,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.running ??= this.run();
  }

  /** Work is there: do not wait for the pause to end. */
  ring(): void {
    this.rung = true;
    this.wake?.();
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.wake?.();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.stopping) {
      this.rung = false;
      let busy = false;
      try {
        busy = await this.work();
      } catch (error) {
        if (!this.stopping) this.logger.error({ err: error, loop: this.name }, 'a background loop failed and goes on');
      }
      if (busy || this.rung || this.stopping) continue;
      await new Promise<void>((resume) => {
        const timer = setTimeout(resume, this.idleMs);
        this.wake = () => {
          clearTimeout(timer);
          resume();
        };
      });
      this.wake = undefined;
    }
  }
}
