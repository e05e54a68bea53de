import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fileSystem, stored, taro } from '../../test/fake-taro.js';
import { type Me, session } from '../session/session.js';
import { dropWaiting, keepForLater, type NewWaiting, type Waiting } from './outbox.js';
import { flushOutbox, retryWaiting, sendWithoutFiles } from './outbox-send.js';

const formId = '00000000-0000-7000-8000-0000000000f1';
const id = (n: number) => `00000000-0000-7000-8000-00000000000${n}`;
const photo = (path = 'wx://tmp/1.jpg') => ({ field: 'photos', file: { path, name: '1.jpg', size: 9, image: true } });
const visit = (n: number, extra: Partial<NewWaiting> = {}): NewWaiting => ({
  ...{ id: id(n), formId, title: `客户 ${n}`, values: { content: `拜访 ${n}` }, files: [] },
  ...extra,
});
const waiting = () => (stored.get('lianke.outbox') ?? []) as Waiting[];
const created = { statusCode: 201, data: { id: 'x', version: 1, label: '', values: {} } };
const bodies = () => taro.request.mock.calls.map(([options]) => JSON.parse(options.data as string) as { id: string });
const arrived = { statusCode: 201, data: JSON.stringify({ id: 'f1', name: '1.jpg', size: 9, mime: 'image/jpeg' }) };

beforeEach(() => {
  const member = { id: 'wangfang', name: '王芳', title: null, account: null };
  session.set({ state: 'in', me: { member, tenant: { timeZone: 'Asia/Shanghai' } } as unknown as Me });
});
afterEach(() => {
  vi.useRealTimers();
  for (const item of waiting()) dropWaiting(item.id);
  stored.clear();
  taro.request.mockReset();
  taro.uploadFile.mockReset();
  taro.saveFile.mockClear();
  fileSystem.removeSavedFile.mockClear();
});

test.each([429, 502, 503, 504])(
  'a server that answers %d refuses nothing: the record goes on waiting',
  async (statusCode) => {
    await keepForLater([visit(1)]);
    taro.request.mockResolvedValue({ statusCode, data: '<html>' });
    await flushOutbox();
    expect(waiting()).toHaveLength(1);
    expect(waiting()[0]?.problem).toBeUndefined();
  },
);

test('a photo that does not get through holds up only its own visit', async () => {
  await keepForLater([visit(1, { files: [photo()] }), visit(2)]);
  taro.uploadFile.mockRejectedValue({ errMsg: 'uploadFile:fail' });
  taro.request.mockResolvedValue(created);
  await flushOutbox();
  expect(bodies().map((body) => body.id)).toEqual([id(2)]);
  expect(waiting().map((item) => item.id)).toEqual([id(1)]);
});

test('a photo that is gone is told of, and the visit can be sent without it', async () => {
  await keepForLater([visit(1, { files: [photo()] })]);
  taro.uploadFile.mockRejectedValue({ errMsg: 'uploadFile:fail file not exist' });
  await flushOutbox();
  expect(waiting()[0]?.problem).toBe('照片没有传上：照片已不在手机里');
  taro.request.mockResolvedValue(created);
  await sendWithoutFiles(id(1));
  expect(bodies()).toEqual([{ id: id(1), values: { content: '拜访 1' } }]);
  expect(waiting()).toEqual([]);
});

test('after a lost answer the same photos go again, so that the server knows the visit', async () => {
  await keepForLater([visit(1, { files: [photo()] })]);
  taro.uploadFile.mockResolvedValue(arrived);
  taro.request.mockRejectedValueOnce({ errMsg: 'request:fail' });
  await flushOutbox();
  taro.request.mockResolvedValue(created);
  await flushOutbox();
  const [first, second] = bodies();
  expect(second).toEqual(first);
  expect(taro.uploadFile).toHaveBeenCalledTimes(1);
  expect(fileSystem.removeSavedFile).toHaveBeenCalledWith(expect.objectContaining({ filePath: 'wx://usr/1.jpg' }));
});

test('a photo that finds no lasting place is no silent loss: nothing is kept', async () => {
  taro.saveFile.mockRejectedValueOnce({ errMsg: 'saveFile:fail the maximum size of the file storage is exceeded' });
  expect(await keepForLater([visit(1, { files: [photo()] })])).toBe('file');
  expect(waiting()).toEqual([]);
});

test('a visit that was deleted comes back with its to-do and its photo when that is undone', async () => {
  vi.useFakeTimers();
  await keepForLater([visit(1, { files: [photo()] }), visit(2, { after: id(1) }), visit(3)]);
  const takeBack = dropWaiting(id(1));
  expect(waiting().map((item) => item.id)).toEqual([id(3)]);
  takeBack();
  expect(
    waiting()
      .map((item) => item.id)
      .sort(),
  ).toEqual([id(1), id(2), id(3)]);
  vi.advanceTimersByTime(60_000);
  expect(fileSystem.removeSavedFile).not.toHaveBeenCalled();
  dropWaiting(id(1));
  vi.advanceTimersByTime(60_000);
  expect(fileSystem.removeSavedFile).toHaveBeenCalledTimes(1);
});

test('the to-do of a visit that was refused waits with it', async () => {
  await keepForLater([visit(1), visit(2, { after: id(1) })]);
  const refused = { code: 'invalid_values', detail: '请填写级别', title: '', status: 422, type: '' };
  taro.request.mockResolvedValueOnce({ statusCode: 422, data: refused });
  await flushOutbox();
  expect(bodies()).toHaveLength(1);
  taro.request.mockResolvedValue(created);
  await retryWaiting(id(1));
  expect(bodies().map((body) => body.id)).toEqual([id(1), id(1), id(2)]);
  expect(waiting()).toEqual([]);
});

const conflict = { index: 0, status: 'failed', error: { code: 'version_conflict', message: '' } };
test('a change made without a network does not write over what somebody else wrote meanwhile, until one says so', async () => {
  const edit = { version: 3, base: { stage: 'a' }, names: { stage: '阶段' } };
  await keepForLater([visit(1, { values: { stage: 'b' }, filled: { stage: 'b' }, edit })]);
  const answers = (url: string): unknown =>
    url.endsWith('/batch')
      ? { results: [conflict], batchId: 'b' }
      : { id: id(1), version: 5, label: '', values: { stage: 'c' } };
  taro.request.mockImplementation(async ({ url }: { url: string }) => ({ statusCode: 200, data: answers(url) }));
  await flushOutbox();
  expect(waiting()[0]?.problem).toBe('别人刚改了阶段，点重试就用你填的');
  taro.request.mockReset();
  let version = 5;
  taro.request.mockImplementation(async ({ url, data }: { url: string; data: string }) => {
    if (!url.endsWith('/batch')) return { statusCode: 200, data: answers(url) };
    const sent = (JSON.parse(data) as { update: { version: number }[] }).update[0]?.version;
    const done = { index: 0, status: 'updated', id: id(1), version: ++version };
    return { statusCode: 200, data: { results: [sent === 5 ? done : conflict], batchId: 'b' } };
  });
  await retryWaiting(id(1));
  expect(waiting()).toEqual([]);
});
