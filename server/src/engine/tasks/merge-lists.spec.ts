import { describe, expect, it } from 'vitest';
import { type ListPart, mergeLists, type SourceList } from './merge-lists.js';

/** A list whose places are numbers; notes how far it was read. */
class Numbers implements SourceList<number> {
  read = 0;

  constructor(
    readonly id: string,
    private readonly all: number[],
  ) {}

  async part(from: string | null, limit: number): Promise<ListPart<number>> {
    const start = Number(from ?? 0);
    const end = Math.min(start + limit, this.all.length);
    this.read = Math.max(this.read, end);
    return { items: this.all.slice(start, end), next: end < this.all.length ? String(end) : null };
  }
}

const ascending = (a: number, b: number) => a - b;
const to = (n: number, step: number, start = 0) => Array.from({ length: n }, (_, at) => start + at * step);

async function whole(sources: () => Numbers[], limit: number): Promise<number[][]> {
  const pages: number[][] = [];
  let cursor: string | undefined;
  do {
    const page = await mergeLists(sources(), ascending, { limit, cursor });
    pages.push(page.items);
    cursor = page.cursor ?? undefined;
  } while (cursor);
  return pages;
}

describe('lists shown as one', () => {
  it.each([1, 7, 50, 200])('miss nothing and repeat nothing over their pages of %i', async (limit) => {
    const sources = () => [new Numbers('a', to(450, 2)), new Numbers('b', to(300, 3, 1)), new Numbers('c', [])];
    const pages = await whole(sources, limit);
    expect(pages.flat()).toEqual([...to(450, 2), ...to(300, 3, 1)].sort(ascending));
    expect(pages.slice(0, -1).every((page) => page.length === limit)).toBe(true);
    expect(pages.at(-1)?.length).toBeGreaterThan(0);
  });

  it('are read only as far as they are shown', async () => {
    const [a, b] = [new Numbers('a', to(10_000, 1)), new Numbers('b', to(10_000, 1, 5000))];
    await mergeLists([a, b], ascending, { limit: 20, cursor: undefined });
    expect([a.read, b.read]).toEqual([20, 20]);
  });

  it.each(['', 'x', 'bnVsbA', Buffer.from('{"a":{"from":3,"skip":0}}').toString('base64url')])(
    'refuse a cursor that is none of theirs: %s',
    async (cursor) => {
      await expect(mergeLists([new Numbers('a', [1])], ascending, { limit: 5, cursor })).rejects.toMatchObject({
        code: 'invalid_cursor',
      });
    },
  );
});
