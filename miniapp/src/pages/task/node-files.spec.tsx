// @vitest-environment jsdom
import { expect, test } from 'vitest';
import { draw } from '../../../test/draw.js';
import { pageParams, stored, taro } from '../../../test/fake-taro.js';
import { field, form } from '../../../test/forms.js';
import TaskPage from './index.js';

const inner = (key: string, name: string, type: string, config: object = {}) => ({
  ...{ id: `f_in_${key}`, key, name, type, config, rules: {} },
});
const costs = field('subform', 'costs', '报销明细', {
  config: {
    formId: '00000000-0000-7000-8000-0000000000f3',
    parentField: 'f_up',
    fields: [inner('cost', '费用', 'text'), inner('bill', '发票', 'attachment', { accept: 'image', max: 3 })],
  } as never,
});
const claim = form('claim', '报销单', [field('text', 'name', '事由'), costs]);
const detail = {
  ...{ id: 't1', kind: 'approval', title: '报销', state: 'pending', urgency: 'none', simple: false },
  ...{ createdAt: '2025-03-07T02:00:00Z', due: null, starter: { id: 's', label: '王芳' }, ask: 'fill' },
  ...{ facts: [], record: null, actingFor: null, progress: [], stages: [], copies: [], mayDecide: false },
  ...{ subject: { formId: claim.id, id: 'r1', label: '出差' }, fields: { costs: 'edit' }, actions: ['fill'] },
  ...{ runId: null, flowId: null, commentOnReject: false, commentOnApprove: false, signature: false, question: null },
  ...{ returnTo: [], removable: [], choices: [], changedAfter: false, locked: false, dueAt: null, urgeFrom: null },
};
const answers = {
  'GET /apps': () => ({ items: [], cursor: null }),
  'GET /forms': () => ({ items: [claim], cursor: null }),
  'GET /phrases': () => ({ items: [], cursor: null }),
  'GET /changes': () => ({ since: '1', items: [], tasks: '' }),
  'GET /tasks/t1': () => detail,
  [`GET /forms/${claim.id}/records/r1`]: () => ({ id: 'r1', version: 1, label: '出差', values: { name: '出差' } }),
  'POST /tasks/t1/fill': () => ({ task: { ...detail, state: 'done', actions: [] }, next: null, left: 0 }),
};
const stays = () => [...stored.keys()].filter((key) => key.startsWith('lianke.localFile.'));
const picked = () =>
  taro.chooseImage.mockResolvedValue({ tempFilePaths: ['wx://tmp/1.jpg'], tempFiles: [{ size: 9 }] });

/** The task's page with a row whose bill was just photographed, and the row closed. */
async function withBill() {
  pageParams.id = 't1';
  picked();
  const page = draw(<TaskPage />, answers);
  await page.tap(' 添加一行');
  await page.shows('发票');
  await page.tap('拍照');
  await page.shows('0%');
  await page.tap('确定');
  await page.gone('发票');
  return page;
}

test('a file of a row goes with the answer although the row was closed before it arrived (it was lost)', async () => {
  let arrive: (answer: unknown) => void = () => undefined;
  taro.uploadFile.mockImplementation(() => new Promise((resolve) => (arrive = resolve)));
  const page = await withBill();
  await page.tap('提交');
  expect(page.asked.some(({ method }) => method === 'POST')).toBe(false);
  const file = { id: 'f1', name: '1.jpg', size: 9, mime: 'image/jpeg' };
  arrive({ statusCode: 201, data: JSON.stringify(file) });
  expect((await page.sent('POST')).body).toMatchObject({ values: { costs: [{ values: { bill: ['f1'] } }] } });
  page.leave();
  await page.until(() => expect(stays()).toEqual([]));
});

test('an attachment goes with 同意 although it had not arrived when it was pressed (the answer went without it)', async () => {
  let arrive: (answer: unknown) => void = () => undefined;
  taro.uploadFile.mockImplementation(() => new Promise((resolve) => (arrive = resolve)));
  pageParams.id = 't1';
  picked();
  const asked = { ...detail, ask: 'approve', fields: {}, mayDecide: true, actions: ['approve', 'reject'] };
  const page = draw(<TaskPage />, {
    ...answers,
    'GET /tasks/t1': () => asked,
    'POST /tasks/t1/approve': () => ({ task: { ...asked, state: 'approved', actions: [] }, next: null, left: 0 }),
  });
  await page.tap('附件');
  await page.tap('添加');
  await page.shows('0%');
  await page.tap('同意');
  expect(page.asked.some(({ method }) => method === 'POST')).toBe(false);
  arrive({ statusCode: 201, data: JSON.stringify({ id: 'f1', name: '1.jpg', size: 9, mime: 'image/jpeg' }) });
  expect((await page.sent('POST')).body).toMatchObject({ attachments: ['f1'] });
  page.leave();
  await page.until(() => expect(stays()).toEqual([]));
});

test('nothing is answered without a file that could not be sent, and a page that is left keeps none on the phone', async () => {
  taro.uploadFile.mockImplementation(() => Promise.reject({ errMsg: 'uploadFile:fail' }));
  pageParams.id = 't1';
  picked();
  const page = draw(<TaskPage />, answers);
  await page.tap(' 添加一行');
  await page.tap('拍照');
  await page.shows('点此重传');
  await page.tap('确定');
  await page.gone('点此重传');
  await page.tap('提交');
  await page.until(() => expect(page.root.querySelector('.field-error')?.textContent).toBeTruthy());
  expect(page.asked.some(({ method }) => method === 'POST')).toBe(false);
  expect(stays()).toHaveLength(1);
  page.leave();
  await page.until(() => expect(stays()).toEqual([]));
});
