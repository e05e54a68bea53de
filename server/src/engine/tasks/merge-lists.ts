import { z } from 'zod';
import { AppError } from '../../kernel/errors/app-error.js';

/** A part of a list from some place on; `next` is the place after it, null at the end. */
export interface ListPart<T> {
  items: T[];
  next: string | null;
}

/** One of several lists that are shown as one; each is in the order of the whole. */
export interface SourceList<T> {
  /** Its name in cursors: the same from page to page. */
  id: string;
  /** At most `limit` (1 to 200) items from a place on; `from` null: from the first. */
  part(from: string | null, limit: number): Promise<ListPart<T>>;
}

/** Longest part a source is asked for. */
const longest = 200;

/** Where a source stands: behind the first `skip` items of the part that begins at `from`; null at its end. */
const place = z
  .object({ from: z.string().max(4000).nullable(), skip: z.number().int().min(0).max(longest) })
  .nullable();
type Place = z.infer<typeof place>;
const places = z.record(z.string().max(80), place);

/** Items of one source that were read, and where it stands. */
class Head<T> {
  private items: T[] = [];
  private next: string | null = null;

  constructor(
    private readonly source: SourceList<T>,
    public place: Place,
    private readonly limit: number,
  ) {}

  /** Reads on where nothing is at hand. */
  async ready(): Promise<void> {
    while (this.items.length === 0 && this.place) {
      const { from, skip } = this.place;
      const part = await this.source.part(from, Math.min(longest, skip + this.limit));
      this.items = part.items.slice(skip);
      this.next = part.next;
      if (this.items.length === 0) this.goOn();
    }
  }

  get first(): T | undefined {
    return this.items[0];
  }

  take(): T | undefined {
    const item = this.items.shift();
    if (this.items.length === 0) this.goOn();
    else if (this.place) this.place = { ...this.place, skip: this.place.skip + 1 };
    return item;
  }

  private goOn(): void {
    this.place = this.next === null ? null : { from: this.next, skip: 0 };
  }
}

/**
 * A page of several lists as one, and the cursor of the next: lists of any length are read only as far as they are shown.
 * Throws `invalid_cursor`.
 */
export async function mergeLists<T>(
  sources: readonly SourceList<T>[],
  compare: (a: T, b: T) => number,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<{ items: T[]; cursor: string | null }> {
  const begun = cursor === undefined ? {} : decode(cursor);
  const heads = sources.map((source) => ({
    id: source.id,
    head: new Head(source, source.id in begun ? (begun[source.id] as Place) : { from: null, skip: 0 }, limit),
  }));
  const items: T[] = [];
  await Promise.all(heads.map(({ head }) => head.ready()));
  while (items.length < limit) {
    let best: Head<T> | undefined;
    for (const { head } of heads) {
      await head.ready();
      if (head.first !== undefined && (best?.first === undefined || compare(head.first, best.first) < 0)) best = head;
    }
    const item = best?.take();
    if (item === undefined) break;
    items.push(item);
  }
  const more = heads.some(({ head }) => head.place !== null);
  return { items, cursor: more ? encode(Object.fromEntries(heads.map(({ id, head }) => [id, head.place]))) : null };
}

function encode(at: Record<string, Place>): string {
  return Buffer.from(JSON.stringify(at)).toString('base64url');
}

function decode(cursor: string): Record<string, Place> {
  try {
    return places.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch {
    throw new AppError('invalid_cursor');
  }
}
