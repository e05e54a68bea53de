// @vitest-environment jsdom
import { afterEach, expect, test, vi } from 'vitest';
import { draw } from '../../../test/draw.js';
import { stored, taro } from '../../../test/fake-taro.js';
import { field, form } from '../../../test/forms.js';
import { releaseLocalFiles } from '../../data/local-files.js';
import { localIds } from '../../data/local-values.js';
import { changeWaiting, dropWaiting, keepForLater, type Waiting, waitingById } from '../../data/outbox.js';
import { flushOutbox } from '../../data/outbox-send.js';
import type { FormView } from '../../data/record-types.js';
import { visitFields } from '../../data/visit-form.js';
import { type Me, session } from '../../session/session.js';
import { notice } from '../../store/notice.js';
import type { VisitDraft } from './visit-draft.js';
import { VisitForm } from './visit-form.js';

const customers = form('customer', '客户信息表', [field('text', 'name', '客户名称')]);
const followUp = form('followUp', '跟进记录', [
  field('relation', 'customer', '客户', { config: { formId: customers.id } }),
  field('text', 'content', '内容摘要'),
  field('location', 'place', '定位'),
]);
const row = (id: string, label: string) => ({ id, version: 1, label, values: {} });

test('the nearest customers stand as chips, with how far they are', async () => {
  taro.getLocation.mockResolvedValue({ latitude: 26.66, longitude: 119.55, accuracy: 20 });
  const fields = visitFields(followUp, customers.id);
  if (!fields) throw new Error('no visit fields');
  const page = draw(
    <VisitForm customers={customers} followUp={followUp} fields={fields} todo={undefined} customerId={undefined} />,
    {
      [`POST /forms/${customers.id}/records/nearby`]: () => ({
        items: [{ record: row('c1', '宁德时代'), distance: 120 }],
      }),
      [`POST /forms/${customers.id}/records/query`]: () => ({
        items: [row('c1', '宁德时代'), row('c2', '茅台')],
        cursor: null,
      }),
      [`GET /forms/${customers.id}/records/c1`]: () => row('c1', '宁德时代'),
    },
  );
  await page.shows('宁德时代120 米');
  await page.shows('茅台');
  expect((await page.sent('POST')).body).toMatchObject({ limit: expect.any(Number) });
  await page.tap('宁德时代');
  await page.until(() => expect(page.root.querySelector('.line--pick')?.textContent).toContain('宁德时代'));
});

afterEach(() => {
  vi.useRealTimers();
  stored.clear();
  taro.chooseImage.mockReset();
  taro.uploadFile.mockReset();
});

/** The page for a visit to 宁德时代, and what the server answers to its save. */
function visitTo(used: FormView, save: () => unknown = () => row('v1', '')) {
  const fields = visitFields(used, customers.id);
  if (!fields) throw new Error('no visit fields');
  return draw(<VisitForm customers={customers} followUp={used} fields={fields} todo={undefined} customerId="c1" />, {
    [`POST /forms/${customers.id}/records/query`]: () => ({ items: [], cursor: null }),
    [`GET /forms/${customers.id}/records/c1`]: () => row('c1', '宁德时代'),
    [`POST /forms/${used.id}/records`]: save,
  });
}
const said = '聊了什么，结果怎样';
const box = (page: ReturnType<typeof visitTo>, placeholder: string) =>
  page.root.querySelector<HTMLInputElement>(`[placeholder="${placeholder}"]`);

test('a visit that was typed is offered again after the app was killed, with its photo', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const used = form('followUp', '跟进记录', [...followUp.fields, field('attachment', 'photos', '照片')]);
  taro.chooseImage.mockResolvedValue({ tempFilePaths: ['wx://tmp/1.jpg'], tempFiles: [{ size: 9 }] });
  taro.uploadFile.mockImplementation(() => Promise.reject({ errMsg: 'uploadFile:fail' }));
  const before = visitTo(used);
  await before.shows('宁德时代');
  await before.type(said, '看了样品');
  await before.tap('拍照');
  await before.shows('点此重传');
  expect(notice.get().text).toBe('照片没有水印');
  vi.advanceTimersByTime(1000);
  const kept = JSON.stringify([...stored]);
  expect(kept).toContain('看了样品');
  expect(kept).toContain('wx://usr/1.jpg');

  const after = visitTo(used);
  await after.shows('的草稿？');
  await after.tap('恢复');
  await after.until(() => expect(box(after, said)?.value).toBe('看了样品'));
  await after.shows('点此重传');

  taro.uploadFile.mockResolvedValue({
    statusCode: 201,
    data: JSON.stringify({ id: 'f1', name: '1.jpg', size: 9, mime: 'image/jpeg' }),
  });
  await after.tap('点此重传');
  await after.tap('保存');
  const sent = await after.until(() => {
    const found = after.asked.find((one) => one.path === `/forms/${used.id}/records`);
    expect(found).toBeDefined();
    return found?.body;
  });
  expect(sent).toMatchObject({ values: { content: '看了样品', photos: ['f1'] } });
  await after.until(() => expect([...stored.keys()].filter((key) => key.includes('visit.'))).toEqual([]));
});

test('what the server says of a field of a visit stands under it', async () => {
  const fault = { field: 'content', code: 'too_long', message: '太长了' };
  const page = visitTo(followUp);
  await page.shows('宁德时代');
  await page.type(said, '看了样品');
  taro.request.mockResolvedValue({
    statusCode: 422,
    data: { type: 'about:blank', title: '不对', status: 422, code: 'invalid_values', fields: [fault] },
  });
  await page.tap('保存');
  await page.shows('太长了');
});

test('a field that an administrator made required is asked for on the page, and so is one that a condition brings up', async () => {
  const level = field('text', 'level', '客户级别', { rules: { required: true } });
  const why = field('text', 'why', '升级原因', {
    rules: { visibleWhen: { field: 'level', op: 'eq', value: 'A' } },
  });
  const used = form('followUp', '跟进记录', [...followUp.fields, level, why, field('text', 'free', '备用')]);
  const page = visitTo(used);
  await page.shows('宁德时代');
  await page.type(said, '看了样品');
  await page.shows('客户级别');
  expect(page.text()).not.toContain('升级原因');
  expect(page.text()).not.toContain('备用');
  await page.tap('保存');
  await page.shows('必填');
  await page.until(() =>
    expect(taro.pageScrollTo).toHaveBeenCalledWith(expect.objectContaining({ selector: '#field-level' })),
  );
  await page.typeInto(page.root.querySelectorAll('input')[0], 'A');
  await page.shows('升级原因');
  await page.tap('保存');
  const { body } = await page.until(() => {
    const found = page.asked.find((one) => one.path === `/forms/${used.id}/records`);
    if (!found) throw new Error('not sent');
    return found;
  });
  expect(body).toMatchObject({ values: { content: '看了样品', level: 'A' } });
});

test('a visit that waits is opened with what was typed and saved in its own place', async () => {
  const id = '00000000-0000-7000-8000-0000000000a1';
  const filled = {
    customer: { id: 'c1', label: '宁德时代' },
    content: '旧的话',
    place: { lat: 26.6, lng: 119.5, mock: true },
  };
  const fields = visitFields(followUp, customers.id);
  if (!fields) throw new Error('no visit fields');
  taro.request.mockResolvedValue({ statusCode: 503, data: '' });
  const kept = { id, formId: followUp.id, title: '宁德时代', values: filled, filled, visit: true, files: [] };
  session.set({ state: 'in', me: { member: { id: 'm-me' } } as unknown as Me });
  await keepForLater([kept]);
  changeWaiting(id, { problem: '请填写级别' });
  const page = draw(
    <VisitForm
      {...{ customers, followUp, fields, todo: undefined, customerId: undefined, waiting: waitingById(id) }}
    />,
    {
      [`POST /forms/${customers.id}/records/query`]: () => ({ items: [], cursor: null }),
      [`POST /forms/${followUp.id}/records`]: () => row('v1', ''),
    },
  );
  await page.until(() => expect(box(page, said)?.value).toBe('旧的话'));
  await page.shows('定位可能是模拟的');
  await page.type(said, '新的话');
  await page.tap('保存');
  const { body } = await page.until(() => {
    const found = page.asked.find((one) => one.path === `/forms/${followUp.id}/records`);
    if (!found) throw new Error('not sent');
    return found;
  });
  expect(body).toMatchObject({ id, values: { content: '新的话', place: { lat: 26.6, lng: 119.5, mock: true } } });
  await page.until(() => expect(stored.get('lianke.outbox')).toEqual([]));
});

test('saving does not wait for ever for a photo that is on its way', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const used = form('followUp', '跟进记录', [...followUp.fields, field('attachment', 'photos', '照片')]);
  taro.chooseImage.mockResolvedValue({ tempFilePaths: ['wx://tmp/1.jpg'], tempFiles: [{ size: 9 }] });
  let giveUp: (error: unknown) => void = () => undefined;
  const ends = new Promise((_, reject) => {
    giveUp = reject;
  });
  taro.uploadFile.mockImplementation(() => ends);
  const page = visitTo(used);
  await page.shows('宁德时代');
  await page.type(said, '电梯里');
  await page.tap('拍照');
  await page.shows('0%');
  await page.tap('保存');
  await page.shows('正在保存');
  await vi.advanceTimersByTimeAsync(5000);
  const kept = await page.until(() => {
    const [found] = (stored.get('lianke.outbox') ?? []) as Waiting[];
    if (!found) throw new Error('nothing waits');
    return found;
  });
  expect(kept).toMatchObject({ values: { content: '电梯里' }, files: [{ file: { path: 'wx://usr/1.jpg' } }] });
  giveUp({ errMsg: 'uploadFile:fail' });
  await flushOutbox();
  dropWaiting(kept.id);
});

test('a file in another field of a visit is there after the app was killed and waits with its visit', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const proof = field('image', 'proof', '签到凭证', { rules: { required: true }, config: { max: 3 } as never });
  const used = form('followUp', '跟进记录', [...followUp.fields, proof]);
  taro.chooseImage.mockResolvedValue({ tempFilePaths: ['wx://tmp/7.jpg'], tempFiles: [{ size: 9 }] });
  taro.uploadFile.mockImplementation(() => Promise.reject({ errMsg: 'uploadFile:fail' }));
  const before = visitTo(used);
  await before.shows('宁德时代');
  await before.type(said, '看了样品');
  await before.tap('拍照');
  await before.shows('点此重传');
  vi.advanceTimersByTime(1000);
  const drafts = () => [...stored].filter(([key]) => key.startsWith('lianke.visit.'));
  await before.until(() => expect(JSON.stringify(drafts())).toContain('local:'));
  // Another run of the program knows what was written down and nothing else.
  const written = new Map(stored);
  for (const [, draft] of drafts()) releaseLocalFiles(localIds((draft as VisitDraft).more));
  for (const [key, value] of written) stored.set(key, value);

  const after = visitTo(used);
  await after.shows('的草稿？');
  await after.tap('恢复');
  await after.shows('点此重传');
  await after.tap('保存');
  const kept = await after.until(() => {
    const [found] = (stored.get('lianke.outbox') ?? []) as Waiting[];
    if (!found) throw new Error(`nothing waits; there is: ${after.text()}`);
    return found;
  });
  expect(kept.files).toMatchObject([{ field: 'proof', file: { path: 'wx://usr/7.jpg' } }]);
  expect([...stored.keys()].filter((key) => key.includes('localFile.'))).toEqual([]);
  taro.uploadFile.mockReset();
  taro.uploadFile.mockResolvedValue({
    statusCode: 201,
    data: JSON.stringify({ id: 'f7', name: '7.jpg', size: 9, mime: 'image/jpeg' }),
  });
  await flushOutbox();
  const sent = after.asked.filter((one) => one.path === `/forms/${used.id}/records`).map(({ body }) => body);
  expect(sent).toMatchObject([{ id: kept.id, values: { content: '看了样品', proof: ['f7'] } }]);
  expect(taro.uploadFile).toHaveBeenCalledTimes(1);
});
