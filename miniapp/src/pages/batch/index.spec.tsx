// @vitest-environment jsdom
import { afterEach, expect, test } from 'vitest';
import { draw } from '../../../test/draw.js';
import { pageParams, taro } from '../../../test/fake-taro.js';
import { field, form } from '../../../test/forms.js';
import Batch from './index.js';

const owner = field('member', 'owner', '负责人', { system: true });
const customers = form('customer', '客户', [field('text', 'name', '名称'), owner], {
  actions: ['view', 'edit', 'delete', 'print', 'bulk'],
});
const rows = ['巴比食品', '老盛昌', '吉祥馄饨'].map((label, at) => ({
  ...{ id: `c${at}`, version: 1, label },
  values: { name: label },
}));
const base = `/forms/${customers.id}`;
const none = () => ({ items: [], cursor: null });
const answers = (forms = [customers]) => ({
  'GET /apps': none,
  'GET /forms': () => ({ items: forms, cursor: null }),
  'GET /changes': () => ({ since: '1', items: [] }),
  [`POST ${base}/records/query`]: () => ({ items: rows, cursor: null, total: 3 }),
});
const at = (form = customers, more: Record<string, string> = {}) =>
  Object.assign(pageParams, { formId: form.id, ...more });

// The host's calls are counted by other files too.
afterEach(() => void taro.openDocument.mockClear());

test('several records become one PDF, opened by a tap of its own', async () => {
  at(customers, { picked: 'c1', search: '市', filter: '{"field":"name","op":"contains","value":"食"}' });
  const page = draw(<Batch />, {
    ...answers(),
    [`GET ${base}/print-templates`]: () => ({ items: [{ id: 'p1', name: '客户卡片' }], cursor: null }),
    [`POST ${base}/print-files`]: () => ({ id: 'f1', name: '客户 2 条.pdf', size: 9, mime: 'application/pdf' }),
  });
  await page.shows('已选 1 条');
  expect(page.asked.find((one) => one.path.endsWith('/query'))?.body).toMatchObject({
    search: '市',
    filter: { field: 'name', op: 'contains', value: '食' },
  });
  await page.tap('巴比食品');
  await page.shows('已选 2 条');
  await page.tap('打印');
  await page.tap('客户卡片');
  await page.shows('客户 2 条.pdf');
  const made = page.asked.find((one) => one.path.endsWith('/print-files'));
  expect(made?.body).toEqual({ ids: ['c1', 'c0'], layout: 'page', templateId: 'p1' });
  taro.downloadFile.mockResolvedValueOnce({ tempFilePath: 'tmp/f1', statusCode: 200 });
  await page.tap('打开');
  await page.until(() =>
    expect(taro.openDocument).toHaveBeenCalledWith(expect.objectContaining({ filePath: 'tmp/f1' })),
  );
  expect(taro.downloadFile.mock.calls.at(-1)?.[0].url).toContain('/api/v1/files/f1');
});

test('labels are asked for as labels', async () => {
  at();
  const page = draw(<Batch />, {
    ...answers(),
    [`GET ${base}/print-templates`]: none,
    [`POST ${base}/print-files`]: () => ({ id: 'f1', name: '客户 3 条.pdf', size: 9, mime: 'application/pdf' }),
  });
  await page.tap('全选');
  await page.shows('已选 3 条');
  await page.tap('打印');
  await page.tap('二维码标签');
  await page.shows('客户 3 条.pdf');
  const made = page.asked.find((one) => one.path.endsWith('/print-files'));
  expect(made?.body).toEqual({ ids: ['c0', 'c1', 'c2'], layout: 'labels' });
});

test('before records go it is said what hangs on them; 撤销 brings them back', async () => {
  at();
  const page = draw(<Batch />, {
    ...answers(),
    [`POST ${base}/records/delete/preview`]: () => ({
      uses: [{ formId: 'x', formName: '联系人', fieldName: '所属客户', onDelete: 'cascade', count: 4 }],
    }),
    [`POST ${base}/records/bulk`]: () => ({ batchId: 'b1', done: 1, unchanged: 0, failed: 0, failures: [] }),
    'POST /batches/b1/undo': () => ({ reversed: 5, kept: 0, failed: 0, rows: [] }),
  });
  await page.tap('老盛昌');
  await page.tap('删除');
  await page.shows('联系人 4 条（所属客户）');
  page.root.querySelector('.sheet__foot .btn')?.dispatchEvent(new MouseEvent('click', { bubbles: true }));
  await page.shows('已删除 1 条');
  await page.shows('已选 0 条');
  await page.tap('撤销');
  await page.shows('已撤销，5 条恢复原样');
});

test('a transfer names what goes along, and leaves what is switched off', async () => {
  at();
  const along = [
    { formId: 'f-contact', field: 'customer', formName: '联系人', fieldName: '客户', kind: 'record', count: 2 },
    { formId: 'f-task', field: 'customer', formName: '销售任务', fieldName: '客户', kind: 'todo', count: 1 },
  ];
  const page = draw(<Batch />, {
    ...answers(),
    'GET /members': () => ({ items: [{ id: 'm2', name: '李伟' }], cursor: null }),
    [`POST ${base}/records/transfer/preview`]: () => ({ records: 2, along }),
    [`POST ${base}/records/transfer`]: () => ({
      batchId: 'b2',
      moved: [{ kind: 'record', formId: customers.id, formName: '客户', done: 2, unchanged: 0, failed: 0, reason: '' }],
    }),
  });
  await page.tap('巴比食品');
  await page.tap('老盛昌');
  await page.tap('转移');
  await page.shows('未完成的销售任务 1 条');
  await page.tap('请选择');
  await page.tap('李伟');
  await page.shows('联系人 2 条');
  page.root.querySelector('.sheet__foot .btn')?.dispatchEvent(new MouseEvent('click', { bubbles: true }));
  await page.shows('已把 2 条转移给李伟');
  const sent = page.asked.find((one) => one.path.endsWith('/records/transfer'));
  expect(sent?.body).toMatchObject({ ids: ['c0', 'c1'], to: 'm2' });
});

test('whoever may not change many at once may print them, and is told why nothing else is on', async () => {
  const reader = { ...customers, actions: ['view', 'edit', 'print'] as typeof customers.actions };
  at(reader);
  const page = draw(<Batch />, answers([reader]));
  await page.tap('巴比食品');
  await page.tap('老盛昌');
  await page.shows('没有批量操作的权限');
  expect(page.text()).not.toContain('删除');
  expect(page.root.querySelectorAll('.batch-bar .btn--off')).toHaveLength(1);
});
