// @vitest-environment jsdom
import { expect, test } from 'vitest';
import { draw } from '../../test/draw.js';
import { field } from '../../test/forms.js';
import { RowCards } from './row-cards.js';

test('a thousand rows are drawn fifty at a time (the page stood still)', async () => {
  const inner = { id: 'f_note', key: 'note', name: '说明', type: 'text', config: {}, rules: {} };
  const lines = field('subform', 'lines', '明细', { config: { fields: [inner] } as never });
  const rows = Array.from({ length: 120 }, (_, at) => ({ id: `r${at}`, values: { note: `第${at + 1}行` } }));
  const page = draw(<RowCards field={lines} rows={rows} />, {});
  const drawn = () => page.root.querySelectorAll('.row-card').length;
  await page.shows('还有 70 行');
  expect(drawn()).toBe(50);
  await page.tap('还有 70 行');
  await page.tap('还有 20 行');
  await page.until(() => expect(drawn()).toBe(120));
  expect(page.text()).not.toContain('还有');
});
