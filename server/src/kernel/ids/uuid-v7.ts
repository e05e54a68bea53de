import { randomFillSync } from 'node:crypto';
import { type Clock, systemClock } from '../clock/clock.js';

/** Makes lower-case uuids of version 7. */
export interface IdGenerator {
  next(): string;
}

const counterLimit = 2 ** 32;

/**
 * RFC 9562 §5.7 uuids: 48 bits of Unix milliseconds, then a 32-bit counter in place of random bits (§6.2, method 1),
 * then 42 random bits. Ids of one generator sort strictly in the order they were made, also within a millisecond and
 * when the clock steps back.
 */
export class UuidV7 implements IdGenerator {
  private lastMs = -1;
  private counter = 0;
  // Random bytes are drawn many at a time: one system call an id costs more than the id.
  private readonly pool = new Uint8Array(4096);
  private used = this.pool.length;

  constructor(
    private readonly clock: Clock = systemClock,
    private readonly fill: (bytes: Uint8Array) => void = (bytes) => randomFillSync(bytes),
  ) {}

  next(): string {
    const now = this.clock.now().getTime();
    if (now > this.lastMs) {
      this.lastMs = now;
      // Starting in the lower half leaves two billion ids before the counter runs over.
      this.counter = this.random(4).reduce((sum, byte) => sum * 256 + byte, 0) % (counterLimit / 2);
    } else {
      this.counter += 1;
      if (this.counter === counterLimit) {
        this.lastMs += 1;
        this.counter = 0;
      }
    }
    const time = this.lastMs.toString(16).padStart(12, '0');
    const high = Math.floor(this.counter / 2 ** 20);
    const middle = Math.floor(this.counter / 2 ** 6) % 2 ** 14;
    const low = this.counter % 2 ** 6;
    const tail = this.random(6);
    tail[0] = ((tail[0] ?? 0) & 0b11) | (low << 2);
    const third = (0x7000 | high).toString(16);
    const fourth = (0x8000 | middle).toString(16);
    return `${time.slice(0, 8)}-${time.slice(8)}-${third}-${fourth}-${Buffer.from(tail).toString('hex')}`;
  }

  private random(count: number): Uint8Array {
    if (this.used + count > this.pool.length) {
      this.fill(this.pool);
      this.used = 0;
    }
    const bytes = this.pool.slice(this.used, this.used + count);
    this.used += count;
    return bytes;
  }
}

/** The instant inside a version-7 uuid, in Unix milliseconds; undefined for any other uuid. */
export function uuidTime(id: string): number | undefined {
  if (id[14] !== '7') return undefined;
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}
