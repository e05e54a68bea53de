/** Code points have 21 bits. */
const shift = 2 ** 21;

/**
 * Gathers the grams of one record after another, each once, in the order they come. Grams are numbers and units of one buffer
 * until they are a text: cut out as texts of their own they were a fifth of what writing many records leaves to be collected.
 */
export class GramText {
  /** Open-addressed; a place holds a gram of this record where its stamp is this record's. */
  private keys = new Float64Array(1024);
  private stamps = new Uint32Array(1024);
  private stamp = 0;
  private size = 0;
  private units = new Uint16Array(1024);
  private length = 0;
  private readonly separator: number;

  /** @param separator one UTF-16 unit that stands between grams */
  constructor(separator: string) {
    this.separator = separator.charCodeAt(0);
  }

  /** Forgets what was gathered. */
  begin(): void {
    this.size = 0;
    this.length = 0;
    if (++this.stamp < 2 ** 32) return;
    this.stamps.fill(0);
    this.stamp = 1;
  }

  /** Takes a gram of one or two characters. @param mark a character that stands before it, so that it is another gram */
  add(first: number, second = 0, mark = ''): void {
    if (!this.isNew((mark === '' ? 0 : shift * shift) + first * shift + second, first, second)) return;
    if (this.length + 6 > this.units.length) this.units = grown(this.units);
    if (this.length > 0) this.units[this.length++] = this.separator;
    if (mark !== '') this.units[this.length++] = mark.charCodeAt(0);
    this.put(first);
    if (second !== 0) this.put(second);
  }

  /** The grams so far. */
  text(): string {
    return Buffer.from(this.units.buffer, 0, this.length * 2).toString('utf16le');
  }

  private put(code: number): void {
    if (code > 0xffff) {
      this.units[this.length++] = 0xd800 + ((code - 0x10000) >> 10);
      this.units[this.length++] = 0xdc00 + ((code - 0x10000) & 0x3ff);
    } else this.units[this.length++] = code;
  }

  private isNew(key: number, first: number, second: number): boolean {
    if (this.size * 2 >= this.keys.length) this.enlarge();
    const last = this.keys.length - 1;
    let place = placeOf(first, second) & last;
    while (this.stamps[place] === this.stamp) {
      if (this.keys[place] === key) return false;
      place = (place + 1) & last;
    }
    this.keys[place] = key;
    this.stamps[place] = this.stamp;
    this.size++;
    return true;
  }

  private enlarge(): void {
    const held = this.keys.filter((_, place) => this.stamps[place] === this.stamp);
    this.keys = new Float64Array(this.keys.length * 2);
    this.stamps = new Uint32Array(this.keys.length);
    this.size = 0;
    for (const key of held) this.isNew(key, Math.floor((key % (shift * shift)) / shift), key % shift);
  }
}

function placeOf(first: number, second: number): number {
  const mixed = Math.imul(first, 2_654_435_761) ^ Math.imul(second + 1, 2_246_822_507);
  return mixed ^ (mixed >>> 15);
}

function grown(units: Uint16Array): Uint16Array<ArrayBuffer> {
  const more = new Uint16Array(units.length * 2);
  more.set(units);
  return more;
}
