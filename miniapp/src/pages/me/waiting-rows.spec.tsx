// @vitest-environment jsdom
import { afterEach, expect, test } from 'vitest';
import { draw } from '../../../test/draw.js';
import { stored, taro } from '../../../test/fake-taro.js';
import { NoticeBar } from '../../components/notice-bar.js';
import { changeWaiting, dropWaiting, keepForLater, type Waiting } from '../../data/outbox.js';
import { hideNotice } from '../../store/notice.js';
import { WaitingRows } from './waiting-rows.js';

const id = '00000000-0000-7000-8000-0000000000a1';
const file = { path: 'wx://tmp/1.jpg', name: '1.jpg', size: 9, image: true };
const waiting = () => (stored.get('lianke.outbox') ?? []) as Waiting[];

afterEach(() => {
  for (const item of waiting()) dropWaiting(item.id);
  stored.clear();
  hideNotice();
  taro.navigateTo.mockReset();
});

test('a visit that was refused can be opened again, and deleting it at a slip can be undone', async () => {
  const page = draw(
    <div>
      <WaitingRows />
      <NoticeBar />
    </div>,
    {},
  );
  const values = { content: '看了样品' };
  await keepForLater([
    { id, formId: 'f1', title: '宁德时代', values, filled: values, visit: true, files: [{ field: 'photos', file }] },
  ]);
  changeWaiting(id, { problem: '照片没有传上：文件太大' });
  await page.shows('照片没有传上：文件太大');
  await page.shows('不带照片发送');
  await page.tap('打开修改');
  expect(taro.navigateTo).toHaveBeenCalledWith({ url: `/pages/visit/index?formId=f1&waiting=${id}` });
  await page.tap('删除');
  await page.shows('已删除“宁德时代”');
  expect(waiting()).toEqual([]);
  await page.tap('撤销');
  await page.shows('照片没有传上：文件太大');
  expect(waiting()).toHaveLength(1);
});
