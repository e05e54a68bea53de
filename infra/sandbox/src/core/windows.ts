/** Counts calls in windows that begin with the clock's own minutes and hours, as the platforms' bans end with them. */
export class Windows {
  private readonly counts = new Map<string, { window: number; count: number }>();

  /** One more under this key; answers how many there are in the window that `now` is in. */
  add(key: string, windowMs: number, now: number): number {
    const window = Math.floor(now / windowMs);
    const before = this.counts.get(key);
    const count = before?.window === window ? before.count + 1 : 1;
    this.counts.set(key, { window, count });
    return count;
  }
}
