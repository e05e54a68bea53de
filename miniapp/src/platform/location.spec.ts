import { afterEach, expect, test, vi } from 'vitest';
import { taro } from '../../test/fake-taro.js';

vi.mock('./host.js', () => ({ isH5: false, isDd: true, isWeapp: false, chatHost: () => 'dingtalk' }));
const { currentPlace } = await import('./location.js');

afterEach(() => taro.getLocation.mockReset());

const found = { latitude: '30.27', longitude: '120.15', accuracy: '20.4' };

test('a position that another app made up is marked in DingTalk’s mini-program too (the word of the phone was lost)', async () => {
  taro.getLocation.mockResolvedValue({ ...found, isFromMock: true });
  expect(await currentPlace()).toEqual({ lat: 30.27, lng: 120.15, accuracy: 20, mock: true });
  taro.getLocation.mockResolvedValue({ ...found, isFromMock: false });
  expect(await currentPlace()).toEqual({ lat: 30.27, lng: 120.15, accuracy: 20 });
});
