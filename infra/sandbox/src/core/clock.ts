/** Where business time comes from. `now()` is milliseconds since the epoch, UTC. */
export interface Clock {
  now(): number;
}

/** A clock that can be moved forward (快进), so that a newcomer need not wait three days for a reminder. */
export class StageClock implements Clock {
  private offset = 0;

  constructor(private readonly base: Clock = { now: () => Date.now() }) {}

  now(): number {
    return this.base.now() + this.offset;
  }

  /** Seconds since the epoch, as the chat platforms write times. */
  seconds(): number {
    return Math.floor(this.now() / 1000);
  }

  /** How far this clock runs ahead of its base, in milliseconds. */
  ahead(): number {
    return this.offset;
  }

  /** Moves forward by `ms` (≥ 0). Time never runs backwards: codes and windows would come alive again. */
  advance(ms: number): void {
    if (!Number.isFinite(ms) || ms < 0) throw new RangeError('快进的毫秒数须是不小于 0 的数字');
    this.offset += ms;
  }

  /** Back to the base clock. Only together with dropping everything that was stamped meanwhile. */
  reset(offset = 0): void {
    this.offset = offset;
  }
}
