/** What a loop does in one round: true when there may be more at once. */
export type Round = () => Promise<boolean>;

export interface LoopOptions {
  /** Between rounds that found nothing. */
  intervalMs: number;
  onError: (error: unknown) => void;
}

/**
 * Runs rounds one after the other: at once when rung or while there is more, else at an interval, so that a lost ring costs
 * one interval and nothing else. A round that throws is reported and tried again after the interval.
 */
export class WorkerLoop {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private rung = false;
  private stopped = true;

  constructor(
    private readonly round: Round,
    private readonly options: LoopOptions,
  ) {}

  start(): void {
    if (!this.stopped) return;
    this.stopped = false;
    this.ring();
  }

  /** There is work: begin now, or once more after the round under way. */
  ring(): void {
    this.rung = true;
    if (this.stopped || this.running) return;
    clearTimeout(this.timer);
    this.running = this.run().finally(() => {
      this.running = undefined;
      if (this.stopped) return;
      if (this.rung) this.ring();
      else this.timer = setTimeout(() => this.ring(), this.options.intervalMs).unref();
    });
  }

  /** No further rounds; resolves when the one under way has ended. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private async run(): Promise<void> {
    try {
      let more = true;
      while (more && !this.stopped) {
        this.rung = false;
        more = await this.round();
      }
    } catch (error) {
      this.rung = false;
      this.options.onError(error);
    }
  }
}
