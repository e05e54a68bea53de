import { afterEach, expect, test } from 'vitest';
import { stored, taro } from '../../test/fake-taro.js';
import { shownPath } from './file-copy.js';

afterEach(() => {
  stored.clear();
  taro.downloadFile.mockReset();
});

test('a stored picture is fetched with the session before a mini-program shows it (it showed a broken one)', async () => {
  stored.set('lianke.token', 'secret');
  taro.downloadFile.mockResolvedValue({ tempFilePath: 'wx://tmp/a.jpg', statusCode: 200 });
  expect(await Promise.all([shownPath('a'), shownPath('a')])).toEqual(['wx://tmp/a.jpg', 'wx://tmp/a.jpg']);
  expect(taro.downloadFile).toHaveBeenCalledTimes(1);
  expect(taro.downloadFile).toHaveBeenCalledWith(
    expect.objectContaining({
      url: 'https://lianke.test/api/v1/files/a',
      header: expect.objectContaining({ Authorization: 'Bearer secret' }),
    }),
  );
});

test('what was not fetched is asked for again', async () => {
  taro.downloadFile.mockResolvedValueOnce({ tempFilePath: '', statusCode: 502 });
  await expect(shownPath('b')).rejects.toThrow('502');
  taro.downloadFile.mockResolvedValueOnce({ tempFilePath: 'wx://tmp/b.jpg', statusCode: 200 });
  expect(await shownPath('b')).toBe('wx://tmp/b.jpg');
});
