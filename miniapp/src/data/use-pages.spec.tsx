// @vitest-environment jsdom
import { useState } from 'react';
import { expect, test, vi } from 'vitest';
import { draw } from '../../test/draw.js';
import { api } from '../api/client.js';
import { watchPresses } from '../platform/press.js';
import { usePages } from './use-pages.js';

const formId = '00000000-0000-7000-8000-0000000000e1';
const opened = vi.fn<(id: string) => void>();

function List() {
  const pages = usePages({ formId });
  const [other, setOther] = useState('别的');
  const read = () => api('me.get', {}).finally(() => setOther('已读'));
  return (
    <div>
      <button type="button" onClick={() => void read().catch(() => undefined)}>
        {other}
      </button>
      <button type="button" onClick={() => void pages.reload()}>
        再读
      </button>
      {pages.items.map(({ id, label }) => (
        <button type="button" key={id} className="one" onClick={() => opened(id)}>
          {label}
        </button>
      ))}
    </div>
  );
}

const row = (label: string) => ({ id: label, version: 1, label, values: {} });

test('rows stay where they are while a finger is on one (the press was lost, or opened another customer)', async () => {
  watchPresses();
  let rows = [row('宁德时代'), row('测试客户')];
  const page = draw(<List />, {
    [`POST /forms/${formId}/records/query`]: () => ({ items: rows, cursor: null, total: rows.length }),
  });
  const shown = () => [...page.root.querySelectorAll('.one')].map((one) => one.textContent);
  const read = () => page.asked.length;
  const finger = (type: string) => document.dispatchEvent(new Event(type));
  await page.shows('测试客户');

  finger('pointerdown');
  rows = [row('测试客户'), row('宁德时代')];
  const before = read();
  await page.tap('再读');
  await page.until(() => expect(read()).toBe(before + 1));
  // Another answer, drawn later than that one would be.
  await page.tap('别的');
  await page.shows('已读');
  expect(shown()).toEqual(['宁德时代', '测试客户']);

  finger('pointerup');
  await page.tap('测试客户');
  expect(opened).toHaveBeenLastCalledWith('测试客户');
  await page.until(() => expect(shown()).toEqual(['测试客户', '宁德时代']));
});
