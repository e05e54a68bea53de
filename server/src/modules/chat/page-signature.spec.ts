import { expect, it } from 'vitest';
import { signatureOf } from './page-signature.js';

const official = {
  ticket: 'sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg',
  timestamp: 1_414_587_457,
  nonceStr: 'Wm3WZYTPz0wzccnW',
};

it.each([
  ['http://mp.weixin.qq.com?params=value', '0f9de62fce790f9a083d5c99e95740ceb90c27ed'],
  ['http://mp.weixin.qq.com?params=value#wechat_redirect', '0f9de62fce790f9a083d5c99e95740ceb90c27ed'],
  ['http://mp.weixin.qq.com', 'f4d90daf4b3bca3078ab155816175ba34c443a7b'],
])('WeCom’s own vector for %s', (url, expected) => {
  const { ticket, ...page } = official;
  expect(signatureOf('sha1', ticket, { ...page, url })).toBe(expected);
});

it('DingTalk’s formula with either digest', () => {
  const page = { url: 'https://crm.example.com/h5/a?b=1', timestamp: 1_700_000_000, nonceStr: 'N1' };
  expect(signatureOf('sha1', 'T1', page)).toBe('6b31f22618101c6766f783b861ece28221a06614');
  expect(signatureOf('sha256', 'T1', page)).toBe('cf1d00ff796ec2441bea5a8ae7293b32eb421cfdd750aebea68f06db3eb1766b');
});
