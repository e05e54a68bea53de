import { expect, it } from 'vitest';
import { faultWords } from './fault-words.js';

it('faults say the same in both languages, with the same names and figures', () => {
  const places = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();
  for (const { zh, en } of Object.values(faultWords)) {
    expect(places(en)).toEqual(places(zh));
    expect(zh).toMatch(/\p{Script=Han}/u);
    expect(en).not.toMatch(/\p{Script=Han}|[，。；“”]/u);
  }
});
