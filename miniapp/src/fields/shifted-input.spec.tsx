// @vitest-environment jsdom
import { useState } from 'react';
import { expect, test } from 'vitest';
import { draw } from '../../test/draw.js';
import { field } from '../../test/forms.js';
import type { Json, ReadField } from '../data/record-types.js';
import { renderers } from './registry.js';

const kept: Json[] = [];
function Held({ item, start = null }: { item: ReadField; start?: Json }) {
  const [value, setValue] = useState<Json>(start);
  const { Control } = renderers[item.type];
  if (!Control) return null;
  const keep = (next: Json) => {
    kept.push(next);
    setValue(next);
  };
  return <Control field={item} value={value} onChange={keep} />;
}

/** Types key by key into the only box, and answers what stands in it and what is kept then. */
async function typed(item: ReadField, text: string, start?: Json) {
  const page = draw(<Held item={item} {...(start === undefined ? {} : { start })} />, {});
  const box = () => page.root.querySelector('input') ?? undefined;
  await page.until(() => expect(box()).toBeDefined());
  for (let at = 1; at <= text.length; at++) {
    const next = `${text.slice(0, at - 1) === '' ? '' : box()?.value}${text[at - 1]}`;
    await page.typeInto(box(), next);
    await page.until(() => expect(box()?.value).toBe(text.slice(0, at)));
  }
  return kept.at(-1);
}

test('a percentage keeps its point while it is typed (12.05 became 125)', async () => {
  expect(await typed(field('percent', 'rate', '毛利率'), '12.05')).toBe('0.1205');
});

test('an amount shown in 万元 is typed in 万元 on the phone too', async () => {
  const deal = field('money', 'amount', '预计金额', { config: { currency: 'CNY', display: 'wan' } });
  expect(await typed(deal, '58.25')).toBe('582500');
  const page = draw(<Held item={deal} start="123456" />, {});
  await page.shows('万元');
  expect(page.root.querySelector('input')?.value).toBe('12.3456');
});

test('an amount in yuan stays as it is typed', async () => {
  expect(await typed(field('money', 'fee', '费用', { config: { currency: 'CNY', display: 'yuan' } }), '88.50')).toBe(
    '88.50',
  );
});
