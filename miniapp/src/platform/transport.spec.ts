import { ApiError } from '@lianke/shared/api/client';
import { afterEach, expect, test } from 'vitest';
import { stored, taro } from '../../test/fake-taro.js';
import { isOffline, transport } from './transport.js';

afterEach(() => {
  stored.clear();
  taro.request.mockReset();
});
const send = () => transport({ method: 'POST', path: '/api/v1/x', body: { a: 1 }, headers: {} });

test('sends the token and a JSON body to the server it was built for', async () => {
  stored.set('lianke.token', 'secret');
  taro.request.mockResolvedValue({ statusCode: 201, data: { ok: true } });
  expect(await send()).toEqual({ status: 201, json: { ok: true } });
  expect(taro.request).toHaveBeenCalledWith(
    expect.objectContaining({
      url: 'https://lianke.test/api/v1/x',
      data: '{"a":1}',
      header: expect.objectContaining({ Authorization: 'Bearer secret', 'Content-Type': 'application/json' }),
    }),
  );
});

test('a refusal that the host hands to fail is still the server’s answer', async () => {
  taro.request.mockRejectedValue({ error: 19, status: 409, data: '{"code":"already_handled"}' });
  expect(await send()).toEqual({ status: 409, json: { code: 'already_handled' } });
});

test('silence is offline', async () => {
  taro.request.mockRejectedValue({ errMsg: 'request:fail timeout' });
  const error: unknown = await send().catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ApiError);
  expect(isOffline(error)).toBe(true);
});
