import { registerMessages } from '../i18n/register.js';

export const zh = {
  phone: '演示手机',
  open: '打开演示手机',
  openUnread: '打开演示手机，{{n}} 条未读',
  close: '收起演示手机',
  stage: '演示台',
  reset: '清空我的企业，重来',
  resetHint: '“我的企业”里的应用、数据、流程和看板全部删除，成员、登录方式和聊天连接保留。演示企业不受影响。',
  resetOk: '清空',
  resetDone: '“我的企业”已清空，可以从头再来',
  resetElsewhere: '请先在右上角切换到“我的企业”，再从同一菜单清空',
};

export const en: typeof zh = {
  phone: 'Demo phone',
  open: 'Open the demo phone',
  openUnread: 'Open the demo phone, {{n}} unread',
  close: 'Put the demo phone away',
  stage: 'Stage',
  reset: 'Clear my company and start over',
  resetHint:
    'Apps, records, flows and dashboards of 我的企业 are all deleted; members, log-ins and the chat connection stay. The demo company is left alone.',
  resetOk: 'Clear',
  resetDone: '我的企业 is empty again',
  resetElsewhere: 'Switch to 我的企业 at the upper right first, then clear it from the same menu',
};

registerMessages('demo', { zh, en });
