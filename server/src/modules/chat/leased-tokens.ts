import { createHash } from 'node:crypto';

export interface FetchedToken {
  token: string;
  /** Seconds of life left, by the platform's word. */
  expiresIn: number;
}

export interface TokenStoreOptions {
  /** Waits real time; replaced by tests. */
  wait?: (ms: number) => Promise<void>;
  /** Milliseconds; only for how long this process trusts its own copy. */
  now?: () => number;
}

/** A token that stands, the lease to fetch one, or neither: somebody else is fetching. */
export type TokenStep =
  | { token: string; secondsLeft: number; epoch?: undefined }
  | { token?: undefined; epoch: number }
  | { token?: undefined; epoch?: undefined };

/** The platform calls that the lease waits for: far longer than their time-out, far shorter than a token's life. */
export const leaseSeconds = 20;
const pollMs = 100;
/** Renewed so long before the end, because the platform and we count from different moments. */
const marginSeconds = 300;

/**
 * Platform tokens, shared by all processes as one row a holder and kind (reference D1–D4). Whoever takes the row's lease
 * fetches a token, with no transaction open meanwhile, and stores it only if its lease still stands; all others wait for the
 * row. Within a process there is one fetch at a time. Where the rows are is for the subclasses to say.
 */
export abstract class LeasedTokens<Holder, Kind extends string> {
  private readonly known = new Map<string, { token: string; until: number }>();
  private readonly flights = new Map<string, Promise<string>>();
  private readonly wait: (ms: number) => Promise<void>;
  private readonly now: () => number;

  constructor(options: TokenStoreOptions = {}) {
    this.wait = options.wait ?? ((ms) => new Promise((resume) => setTimeout(resume, ms)));
    this.now = options.now ?? Date.now;
  }

  /** What tells one token from all others in this process. */
  protected abstract keyOf(holder: Holder, kind: Kind): string;
  protected abstract readOrLease(holder: Holder, kind: Kind): Promise<TokenStep>;
  /** Gives the lease back after a failure. */
  protected abstract release(holder: Holder, kind: Kind, epoch: number): Promise<void>;
  /** False when the lease was lost meanwhile. */
  protected abstract store(holder: Holder, kind: Kind, epoch: number, fetched: FetchedToken): Promise<boolean>;
  /** Ends the stored token where its hash is this one. */
  protected abstract end(holder: Holder, kind: Kind, hash: Buffer): Promise<void>;

  /** A token, or ticket, that has not failed yet. Throws what `fetch` throws. */
  protected obtain(holder: Holder, kind: Kind, fetch: () => Promise<FetchedToken>): Promise<string> {
    const key = this.keyOf(holder, kind);
    const known = this.known.get(key);
    if (known && known.until > this.now()) return Promise.resolve(known.token);
    const running = this.flights.get(key);
    if (running) return running;
    const flight = this.fly(holder, kind, fetch).finally(() => this.flights.delete(key));
    this.flights.set(key, flight);
    return flight;
  }

  /** Declares a token bad, but only while it is still the stored one: a newer one must not be thrown away (D2). */
  protected async forget(holder: Holder, kind: Kind, token: string): Promise<void> {
    const key = this.keyOf(holder, kind);
    if (this.known.get(key)?.token === token) this.known.delete(key);
    await this.end(holder, kind, hashOf(token));
  }

  private async fly(holder: Holder, kind: Kind, fetch: () => Promise<FetchedToken>): Promise<string> {
    for (let waited = 0; ; waited += pollMs) {
      const step = await this.readOrLease(holder, kind);
      if (step.token !== undefined) return this.remember(holder, kind, step.token, step.secondsLeft);
      if (step.epoch !== undefined) {
        const stored = await this.fetchAndStore(holder, kind, step.epoch, fetch);
        if (stored !== null) return stored;
      } else if (waited >= leaseSeconds * 2000) {
        throw new Error(`another process holds the token lease of ${this.keyOf(holder, kind)}`);
      } else {
        await this.wait(pollMs);
      }
    }
  }

  /** Null when the lease was lost meanwhile: whoever has it now stores the newer token. */
  private async fetchAndStore(
    holder: Holder,
    kind: Kind,
    epoch: number,
    fetch: () => Promise<FetchedToken>,
  ): Promise<string | null> {
    let fetched: FetchedToken;
    try {
      fetched = await fetch();
    } catch (error) {
      await this.release(holder, kind, epoch);
      throw error;
    }
    // Asked again shortly before the end, platforms answer the same token with the little life it has left.
    const margin = fetched.expiresIn > 2 * marginSeconds ? marginSeconds : 10;
    const seconds = Math.max(1, fetched.expiresIn - margin);
    const stored = await this.store(holder, kind, epoch, { token: fetched.token, expiresIn: seconds });
    return stored ? this.remember(holder, kind, fetched.token, seconds) : null;
  }

  private remember(holder: Holder, kind: Kind, token: string, seconds: number): string {
    this.known.set(this.keyOf(holder, kind), { token, until: this.now() + seconds * 1000 });
    return token;
  }
}

/** SHA-256 of a token, so that only whoever failed with this very token can declare it bad. */
export function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
