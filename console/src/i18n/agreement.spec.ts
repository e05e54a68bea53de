import { expect, it } from 'vitest';
import { i18n } from './index.js';

import.meta.glob(['../**/*i18n.ts', '../**/*words.ts', './common.ts'], { eager: true });

/** Every English text by its path. */
function texts(messages: object, path = ''): [string, string][] {
  return Object.entries(messages).flatMap(([key, text]): [string, string][] =>
    typeof text === 'string' ? [[`${path}${key}`, text]] : texts(text, `${path}${key}.`),
  );
}

// A placeholder of Word's, not of ours, stands in `print.hint`.
it('no English text says "1 records"', () => {
  const all = texts(i18n.store.data.en ?? {}).filter(([key]) => key !== 'print.hint');
  const plurals = new Set(all.flatMap(([, text]) => [...text.matchAll(/\|([a-z]+)›/g)].map(([, word = '']) => word)));
  expect(plurals.size).toBeGreaterThan(40);
  const afterNumber = new RegExp(`\\}\\} (?:[a-z]+ )?(?:${[...plurals].join('|')})\\b`);
  const named = /\{\{(?:name|names|who|what|role|by|title|label|person|field)\}\} [a-z]+$/;
  const wrong = all.filter(([key, text]) => {
    const found = afterNumber.exec(text);
    return found && !/_(one|other)$/.test(key) && !named.test(text.slice(0, found.index + found[0].length));
  });
  expect(wrong).toEqual([]);
});

it('keeps the word that agrees with the number', () => {
  i18n.addResourceBundle('en', 'agreement', { kept: '{{n}} ‹record|records› ‹is|are› kept' });
  const say = (n: number) => i18n.getFixedT('en', 'agreement')('kept', { n });
  expect([say(1), say(2)]).toEqual(['1 record is kept', '2 records are kept']);
});
