import { afterEach, expect, test } from 'vitest';
import { fileSystem, taro } from '../../test/fake-taro.js';
import { isOffline, isUnreachable } from './transport.js';
import { uploadFile } from './upload.js';

const photo = { path: 'wx://usr/1.jpg', name: '1.jpg', size: 9, image: true };
const failure = () =>
  uploadFile(photo).then(
    () => undefined,
    (error: unknown) => error,
  );

afterEach(() => {
  taro.uploadFile.mockReset();
  fileSystem.access.mockImplementation(({ success }) => success?.());
});

test('a photo that does not get through waits for the network', async () => {
  taro.uploadFile.mockRejectedValue({ errMsg: 'uploadFile:fail timeout' });
  expect(isOffline(await failure())).toBe(true);
});

test.each([
  ['the host says so', { errMsg: 'uploadFile:fail file not exist' }, undefined],
  ['only its files know', { errMsg: 'uploadFile:fail' }, { errMsg: 'access:fail no such file or directory' }],
])('a photo that is gone from the phone is no matter of the network: %s', async (_, refused, info) => {
  taro.uploadFile.mockRejectedValue(refused);
  if (info) fileSystem.access.mockImplementation(({ fail }) => fail?.(info));
  const error = await failure();
  expect(isUnreachable(error)).toBe(false);
  expect(error).toMatchObject({ message: '照片已不在手机里' });
});

test('a refusal that the host hands to fail is the server’s', async () => {
  taro.uploadFile.mockRejectedValue({ error: 19, status: 413, data: '{"code":"too_large","title":"文件太大"}' });
  expect(await failure()).toMatchObject({ status: 413, message: '文件太大' });
});
