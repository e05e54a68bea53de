// @vitest-environment jsdom
import { afterEach, expect, test, vi } from 'vitest';
import { draw } from '../../test/draw.js';
import { taro } from '../../test/fake-taro.js';
import { FilePicker, type Upload } from './file-picker.js';

const manual = { id: 'picker-doc', name: '手册.pdf', size: 2048, mime: 'application/pdf' };
const quote = { id: 'picker-new', name: '报价.pdf', size: 2048, mime: 'application/pdf' };
const upload = (name: string, more: Partial<Upload>): Upload => ({
  ...{ key: name, file: { path: `wx://tmp/${name}`, name, size: 2048, image: false } },
  ...{ progress: 0, stored: null, failed: null },
  ...more,
});

afterEach(() => {
  taro.downloadFile.mockReset();
  taro.openDocument.mockReset();
});

test('a document opens while the form is filled in, stored before or just now (nothing happened), and its cross only drops it', async () => {
  taro.downloadFile.mockImplementation(async ({ url }: { url: string }) => ({
    tempFilePath: url.replace(/^.*\//, 'wx://tmp/'),
    statusCode: 200,
  }));
  const drop = vi.fn();
  const page = draw(
    <FilePicker
      stored={[manual]}
      uploads={[upload('报价.pdf', { stored: quote, progress: 100 }), upload('样本.pdf', { progress: 40 })]}
      image={false}
      full
      onAdd={vi.fn()}
      onDrop={drop}
      onRetry={vi.fn()}
    />,
    {},
  );
  await page.tap('手册.pdf');
  await page.until(() => expect(taro.openDocument).toHaveBeenCalledWith({ filePath: 'wx://tmp/picker-doc' }));
  await page.tap('报价.pdf');
  await page.until(() => expect(taro.openDocument).toHaveBeenLastCalledWith({ filePath: 'wx://tmp/picker-new' }));
  await page.tap('样本.pdf');
  for (const cross of page.root.querySelectorAll('.files__drop'))
    cross.dispatchEvent(new MouseEvent('click', { bubbles: true }));
  expect(drop.mock.calls).toEqual([['picker-doc'], ['报价.pdf'], ['样本.pdf']]);
  expect(taro.openDocument).toHaveBeenCalledTimes(2);
});
