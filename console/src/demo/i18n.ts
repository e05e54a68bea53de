import { registerMessages } from '../i18n/register.js';

export const zh = {
  phone: '演示手机',
  open: '打开演示手机',
  openUnread: '打开演示手机，{{n}} 条未读',
  close: '收起演示手机',
  stage: '演示台',
};

export const en: typeof zh = {
  phone: 'Demo phone',
  open: 'Open the demo phone',
  openUnread: 'Open the demo phone, {{n}} unread',
  close: 'Put the demo phone away',
  stage: 'Stage',
};

registerMessages('demo', { zh, en });
