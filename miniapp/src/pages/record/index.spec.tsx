// @vitest-environment jsdom
import { expect, test } from 'vitest';
import { draw } from '../../../test/draw.js';
import { pageParams } from '../../../test/fake-taro.js';
import { field, form } from '../../../test/forms.js';
import RecordPage from './index.js';

const file = (id: string, name: string, mime: string) => ({ id, name, size: 2048, mime });
const device = form('device', '设备', [
  field('text', 'name', '名称'),
  field('image', 'photos', '现场照片'),
  field('attachment', 'papers', '资料'),
]);
const record = {
  ...{ id: 'd1', version: 1, label: '空压机' },
  values: {
    name: '空压机',
    photos: [file('p1', '门头.jpg', 'image/jpeg')],
    papers: [file('p2', '手册.pdf', 'application/pdf')],
  },
};
const none = () => ({ items: [], cursor: null });

test('pictures of image fields stand among the files of a record', async () => {
  Object.assign(pageParams, { formId: device.id, id: 'd1' });
  const base = `/forms/${device.id}/records/d1`;
  const page = draw(<RecordPage />, {
    'GET /apps': none,
    'GET /forms': () => ({ items: [device], cursor: null }),
    'GET /changes': () => ({ since: '1', items: [] }),
    [`GET ${base}`]: () => record,
    [`GET ${base}/history`]: none,
    [`GET ${base}/comments`]: none,
    [`GET ${base}/runs`]: none,
    [`GET ${base}/approvals`]: none,
  });
  await page.tap('附件 2');
  await page.shows('门头.jpg');
  expect(page.text()).toContain('手册.pdf');
});

test('the record tells whom its approval waits for (the page showed no approval)', async () => {
  Object.assign(pageParams, { formId: device.id, id: 'd1' });
  const base = `/forms/${device.id}/records/d1`;
  const approval = {
    ...{ runId: 'r1', taskId: 't1', flowName: '采购审批', title: '采购审批', state: 'open', starter: null },
    ...{ waiting: [{ id: 'm', label: '陈经理', since: '2025-03-07T02:00:00Z' }], startedAt: '2025-03-07T02:00:00Z' },
    ...{ changedAfter: false, locked: 'all', mayUnlock: false },
  };
  const page = draw(<RecordPage />, {
    'GET /apps': none,
    'GET /forms': () => ({ items: [device], cursor: null }),
    'GET /changes': () => ({ since: '1', items: [] }),
    [`GET ${base}`]: () => record,
    [`GET ${base}/history`]: none,
    [`GET ${base}/comments`]: none,
    [`GET ${base}/runs`]: none,
    [`GET ${base}/approvals`]: () => ({
      items: [approval, { ...approval, runId: 'r0', state: 'approved' }],
      cursor: null,
    }),
  });
  await page.shows('等待 陈经理');
  expect(page.text()).toContain('已锁定');
  expect(page.text()).not.toContain('已同意');
});
