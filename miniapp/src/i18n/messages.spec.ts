import { expect, test } from 'vitest';
import { en } from './en.js';
import { type MessageKey, zh } from './zh.js';

const places = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

test('both languages have every text with the same places to fill', () => {
  expect(Object.keys(en).sort()).toEqual(Object.keys(zh).sort());
  const differing = (Object.keys(zh) as MessageKey[]).filter(
    (key) => places(zh[key]).join() !== places(en[key]).join(),
  );
  expect(differing).toEqual([]);
});

test('Chinese texts use full-width punctuation and no exclamation marks', () => {
  const wrong = Object.entries(zh).filter(
    ([, text]) => /[!！]|[\u4e00-\u9fff][,?;](?!.*[a-z])/.test(text) && !text.startsWith('周日'),
  );
  expect(wrong).toEqual([]);
});

test('no English text says "1 records"', () => {
  const plurals = [
    ...new Set(Object.values(en).flatMap((text) => [...text.matchAll(/\|([a-z]+)›/g)].map(([, word]) => word))),
  ];
  expect(plurals).toContain('records');
  const wrong = Object.values(en).filter((text) =>
    new RegExp(`\\{n\\} (?:[a-z]+ )?(?:${plurals.join('|')})\\b`).test(text),
  );
  expect(wrong).toEqual([]);
});
