/** A number from 1 to 2^53 for a text (two 32-bit multiplicative hashes); different texts seldom share one. */
export function markOf(text: string): number {
  let [high, low] = [0xdeadbeef, 0x41c6ce57];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    high = Math.imul(high ^ code, 2_654_435_761);
    low = Math.imul(low ^ code, 1_597_334_677);
  }
  high = Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909);
  low = Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(high ^ (high >>> 13), 3_266_489_909);
  return 4_294_967_296 * (2_097_151 & low) + (high >>> 0) + 1;
}

/** Counts marks up to two, 16 bytes each: an open-addressed table. */
export class MarkCounter {
  private readonly places: Float64Array;
  private readonly repeated = new Set<number>();

  /** @param most how many different marks there may be */
  constructor(most: number) {
    this.places = new Float64Array(2 ** Math.ceil(Math.log2(Math.max(8, most * 2))));
  }

  add(mark: number): void {
    const last = this.places.length - 1;
    for (let place = mark & last; ; place = (place + 1) & last) {
      if (this.places[place] === mark) {
        this.repeated.add(mark);
        return;
      }
      if (this.places[place] !== 0) continue;
      this.places[place] = mark;
      return;
    }
  }

  isRepeated(mark: number): boolean {
    return mark !== 0 && this.repeated.has(mark);
  }
}
