import { useTranslation } from 'react-i18next';
import { registerMessages } from '../../i18n/register.js';

const zh = {
  title: '小程序（可选）',
  where:
    '管理后台 → 应用管理 → 这个应用 → 小程序 → 关联小程序，再把它的 AppID 填在这里：点卡片就打开小程序里的那一页。不填时打开网页，功能一样。',
  unused: '没有使用，卡片打开网页',
  unproven: '已填写，发一张测试卡片确认',
  used: '卡片在小程序里打开',
  appId: '小程序 AppID',
  notOne: 'AppID 形如 wx 加 16 位字母或数字，在小程序后台“开发管理”可以看到。',
  notices: '只告知的消息用“小程序通知”发',
  noticesHint:
    '只在应用就是这个小程序的应用时勾选。标题 4 到 12 字、放得下的通知和待办才这样发；要在聊天里审批的、带图的、写不下的仍用卡片。',
  save: '保存小程序设置',
  dingWhere:
    '应用自己就是小程序时打开：应用详情 → 应用能力 → 小程序，上传联客的钉钉小程序包（npm run build:dd -w miniapp）并发布线上版本。打开后，工作通知用 eapp:// 链接、卡片与待办用打开应用的链接进入小程序里的那一页；打不开小程序的客户端和 PC 端仍打开网页。',
  dingOpen: '消息在本应用的小程序里打开',
  dingPc: '只有小程序自己的应用发的消息能这样打开，网页应用请不要打开。',
} as const;

const en: Record<keyof typeof zh, string> = {
  title: 'Mini-program (optional)',
  where:
    'Admin console → 应用管理 → this app → 小程序 → 关联小程序, then enter its AppID here: a tap on a card opens that page of the mini-program. Without one it opens a web page that does the same.',
  unused: 'Not used; cards open pages',
  unproven: 'Entered; send a test card to prove it',
  used: 'Cards open in the mini-program',
  appId: 'AppID of the mini-program',
  notOne: 'An AppID is wx and sixteen letters or digits; the console of the mini-program shows it under 开发管理.',
  notices: 'Send what only tells as a mini-program notice (小程序通知)',
  noticesHint:
    'Only where the app is the mini-program’s own. Notices and tasks whose title has 4 to 12 characters and that fit go out so; what is decided in the chat, has a picture or is longer stays a card.',
  save: 'Save the mini-program',
  dingWhere:
    'For an app that is a mini-program itself: App → 应用能力 → 小程序, upload the DingTalk build of Lianke (npm run build:dd -w miniapp) and release a version. Work notices then carry eapp:// links, cards and to-dos the link that opens the app, each to its page of the mini-program; clients that cannot open it, and PCs, go on opening the page.',
  dingOpen: 'Messages open in this app’s own mini-program',
  dingPc: 'Only messages of a mini-program’s own app open like this: leave it off for a web app.',
};

registerMessages('mini', { zh, en });

/** Words about the mini-program of a connection. */
export function useMiniText(): (key: keyof typeof zh) => string {
  return useTranslation('mini').t as (key: keyof typeof zh) => string;
}
