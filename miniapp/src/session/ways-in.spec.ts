import { expect, it } from 'vitest';
import { waysIn } from './ways-in.js';

const wecom = { channel: 'wecom' };
const dingtalk = { channel: 'dingtalk' };

it('inside of WeCom nobody is sent to DingTalk to log in', () => {
  expect(waysIn([wecom, dingtalk], 'wecom')).toEqual([wecom]);
  expect(waysIn([wecom, dingtalk], 'dingtalk')).toEqual([dingtalk]);
});

it('a browser offers all, and so does a chat app that the company is not connected with', () => {
  expect(waysIn([wecom, dingtalk], 'browser')).toEqual([wecom, dingtalk]);
  expect(waysIn([dingtalk], 'wecom')).toEqual([dingtalk]);
});
