// @vitest-environment jsdom

import type { Filter } from '@lianke/shared/filter/ast';
import { expect, test } from 'vitest';
import { draw } from '../../test/draw.js';
import { pageParams, taro } from '../../test/fake-taro.js';
import { field, form } from '../../test/forms.js';
import { NoticeBar } from '../components/notice-bar.js';
import FormPage from '../pages/form/index.js';
import { RecordSheet } from './record-sheet.js';

const device = form('device', '设备', [field('text', 'name', '名称')]);
const answers = (actions: string[]) => ({
  'GET /apps': () => ({ items: [], cursor: null }),
  'GET /forms': () => ({ items: [{ ...device, actions }], cursor: null }),
  [`POST /forms/${device.id}/records/query`]: () => ({ items: [], cursor: null }),
  [`POST /forms/${device.id}/records`]: () => ({ id: 'made', version: 1, values: {} }),
});

test('a picker on the phone makes the record that is not there, and takes it (one had to leave the form)', async () => {
  const picked: unknown[] = [];
  taro.navigateTo.mockClear();
  const sheet = draw(
    <RecordSheet title="设备" formId={device.id} onPick={(made) => picked.push(made)} onClose={() => undefined} />,
    answers(['view', 'create']),
  );
  await sheet.type('名称、首字母、尾号', '空压机');
  await sheet.tap('新建设备“空压机”');
  const url = await sheet.until(() => (taro.navigateTo.mock.calls as [[{ url: string }]])[0][0].url);
  Object.assign(pageParams, Object.fromEntries(new URL(url, 'http://phone').searchParams));
  const page = draw(<FormPage />, answers(['view', 'create']));
  await page.tap('保存');
  await page.until(() => expect(picked).toEqual([{ id: expect.any(String), label: '空压机' }]));
});

test('who may not make records is not offered to', async () => {
  const sheet = draw(
    <RecordSheet title="设备" formId={device.id} onPick={() => undefined} onClose={() => undefined} />,
    answers(['view']),
  );
  await sheet.shows('还没有数据');
  expect(sheet.text()).not.toContain('新建设备');
});

test('made from a picker that is narrowed, the record begins with what narrows it (it could not be taken)', async () => {
  taro.navigateTo.mockClear();
  const place = field('relation', 'customer', '客户', { config: { formId: 'f-customer' } });
  const state = field('select', 'state', '状态');
  const narrow = { ...device, fields: [...device.fields, place, state] };
  const filter: Filter = {
    and: [
      { field: place.id, op: 'eq', value: 'c1' },
      { field: state.id, op: 'eq', value: 'on' },
      { field: 'name', op: 'contains', value: '机' },
    ],
  };
  const sheet = draw(
    <>
      <RecordSheet title="设备" formId={device.id} filter={filter} onPick={() => undefined} onClose={() => undefined} />
      <NoticeBar />
    </>,
    {
      ...answers(['view', 'create']),
      'GET /forms': () => ({ items: [{ ...narrow, actions: ['view', 'create'] }], cursor: null }),
      'GET /forms/f-customer/records/c1': () => ({ id: 'c1', label: '巴比食品', version: 1, values: {} }),
    },
  );
  await sheet.tap('新建设备');
  const url = await sheet.until(() => (taro.navigateTo.mock.calls as [[{ url: string }]])[0][0].url);
  expect(JSON.parse(new URL(url, 'http://phone').searchParams.get('preset') ?? '')).toEqual({
    ...{ state: 'on', customer: { id: 'c1', label: '巴比食品' } },
  });
  await sheet.shows('新的这条也要符合');
});
