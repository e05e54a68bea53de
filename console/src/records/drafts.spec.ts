import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { dropDraft, keepDraft, readDraft } from './drafts.js';

class Store {
  [key: string]: unknown;
  getItem(key: string) {
    return typeof this[key] === 'string' ? this[key] : null;
  }
  setItem(key: string, text: string) {
    this[key] = text;
  }
  removeItem(key: string) {
    delete this[key];
  }
}

const draft = (at: number) => ({ values: { name: '甲' }, id: 'x', at });
const now = 1_800_000_000_000;
const day = 86_400_000;

beforeEach(() => {
  vi.stubGlobal('localStorage', new Store());
});
afterEach(() => {
  vi.unstubAllGlobals();
});

it('a draft outlives the tab, for a week, until it is dropped', () => {
  keepDraft('m/f/{}', draft(now));
  expect(readDraft('m/f/{}', now + 6 * day)).toEqual(draft(now));
  expect(readDraft('m/f/{}', now + 8 * day)).toBeUndefined();
  expect(readDraft('m/other/{}', now)).toBeUndefined();
  dropDraft('m/f/{}');
  expect(readDraft('m/f/{}', now)).toBeUndefined();
});

it('a browser that refuses storage keeps it while the tab lives; what cannot be read is as if it were not there', () => {
  vi.stubGlobal('localStorage', {
    getItem: () => '{broken',
    setItem: () => {
      throw new Error('QuotaExceededError');
    },
  });
  keepDraft('m/f/{}', draft(now));
  expect(readDraft('m/f/{}', now)).toEqual(draft(now));
});

it('keeps no more than fifty, the newest', () => {
  for (let n = 0; n < 55; n++) keepDraft(`m/f/${n}`, draft(Date.now() + n));
  expect(readDraft('m/f/4')).toBeUndefined();
  expect(readDraft('m/f/5')).toBeDefined();
});
