/** Business time; leases and token expiry in the database use the database's own clock instead. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/** A clock that stands still until told otherwise; for tests and for the demo's 快进. */
export class ManualClock implements Clock {
  private current: number;

  constructor(start: Date | string) {
    this.current = new Date(start).getTime();
    if (Number.isNaN(this.current)) throw new RangeError(`not an instant: ${String(start)}`);
  }

  now(): Date {
    return new Date(this.current);
  }

  /** Moves forward by milliseconds. */
  advance(milliseconds: number): void {
    this.current += milliseconds;
  }

  set(instant: Date | string): void {
    this.current = new Date(instant).getTime();
  }
}

/** A clock that runs at normal speed, shifted by an offset that can grow. */
export class ShiftedClock implements Clock {
  private offset = 0;

  constructor(private readonly base: Clock = systemClock) {}

  now(): Date {
    return new Date(this.base.now().getTime() + this.offset);
  }

  /** Milliseconds ahead of the base clock. */
  get ahead(): number {
    return this.offset;
  }

  /** Moves forward by milliseconds; time never runs backwards for what already saw it. */
  advance(milliseconds: number): void {
    if (milliseconds < 0) throw new RangeError('a clock cannot go back');
    this.offset += milliseconds;
  }
}
