import { useTranslation } from 'react-i18next';
import { registerMessages } from '../../i18n/register.js';

const zh = {
  consentTitle: '企业授权',
  consentWhere: '联客由企业的管理员从应用目录添加，凭证由平台保管，这里不用填写。',
  state: '授权',
  active: '已授权',
  pending: '正在开通',
  cancelled: '已取消',
  company: '企业',
  scope: '可见范围',
  scopeAll: '由平台决定',
  scopeOf: '{{departments}} 个部门、{{people}} 个成员',
  since: '开通时间',
  cancelledAt: '取消时间',
  deleteAfter: '{{date}} 之后，这家企业的数据可以被清除。在此之前从应用目录重新添加联客，一切照旧。',
  scopeHint: '要增减能用联客的人，请在平台的管理后台修改应用的可见范围，改完会自动同步。',
  'scopeHint.wecom': '企业微信管理后台 → 应用管理 → 联客 → 可见范围。',
  'scopeHint.dingtalk': '钉钉管理后台 → 工作台 → 应用管理 → 联客 → 设置 → 可见范围。',
  rangeTitle: '可见范围',
  rangeWhere: '应用没有对他开放的人，收不到消息，也不能登录。改了范围会自动重读，也可以在下一步按“同步”。',
  name: '名称（登录页上显示）',
  save: '保存名称',
  contactsTitle: '通讯录',
  contactsWhere: '部门与人员随授权自动同步，每晚核对一次。',
  'contactsWhere.wecom': '企业微信不提供姓名：见下面的说明。',
  'contactsWhere.dingtalk': '钉钉不向应用目录里的应用提供手机号与邮箱：两边都有的人请在下面确认是不是同一个。',
  nameless: '还有 {{count}} 人没有姓名',
  namelessWhy:
    '企业微信不向应用目录里的应用提供姓名，只由它自己显示：在企业微信里的页面、它的小程序和卡片里看到的是真名；电脑浏览器里要先用企业微信登录。导出的文件、站内消息、修改记录与打印的文字里仍是“成员”加账号末尾几位。按姓名找人由企业微信代查，要求服务商的凭证已配置。在成员页填过的姓名到处都会显示，也不会再被同步改掉。',
  eventsTitle: '接收事件与按钮',
  eventsWhere: '平台把事件推送给联客，不用设置。',
  'eventsWhere.dingtalk': '人员、部门与授权的变动，卡片的按钮，写给“联客”机器人的话，都由钉钉推送，不用设置。',
  licencesTitle: '接口许可',
  licencesWhere: '到期前 30 天会提醒管理员一次。续期在平台的管理后台或服务商处办理，之后这里自动更新。',
  licencesState: '以平台的记录为准',
  noLicences: '平台还没有告诉我们许可的期限。',
  ordersTitle: '应用订购',
  ordersWhere: '到期前 30 天会提醒管理员一次。续购在钉钉应用市场办理，付款后钉钉会告诉联客，这里自动更新。',
  noOrders: '钉钉还没有告诉我们订购的期限；试用或免费开通的没有。',
  licencesOk: '没有 30 天内到期的许可',
  licencesEnding: '{{count}} 个许可将在 30 天内到期',
  licencesOver: '{{count}} 个许可已经到期',
  wholeCompany: '全公司（{{seats}} 人）',
  wholeCompanyOpen: '全公司',
  member: '成员',
  account: '账号',
  expires: '到期',
  over: '已到期',
  ending: '即将到期',
  valid: '有效',
  testTitle: '给自己发一张测试卡片',
  testWhere: '发到你自己的聊天里，按下按钮后这里变绿。',
  'testWhere.dingtalk': '发到你自己的钉钉，在“联客”机器人的会话里。按下按钮后这里变绿。',
  send: '发送测试卡片',
  sendAgain: '再发一次',
};
const en: typeof zh = {
  consentTitle: 'Consent of the company',
  consentWhere:
    'An administrator added Lianke from the app directory. The platform keeps the credentials; nothing is to be filled in.',
  state: 'Consent',
  active: 'Given',
  pending: 'Being set up',
  cancelled: 'Taken back',
  company: 'Company',
  scope: 'Visible to',
  scopeAll: 'As the platform decides',
  scopeOf: '{{departments}} ‹department|departments›, {{people}} ‹person|people›',
  since: 'Since',
  cancelledAt: 'Taken back',
  deleteAfter:
    'After {{date}} the data of this company may be deleted. Add Lianke from the app directory again before, and everything goes on.',
  scopeHint:
    'To change who may use Lianke, change the visible range of the app in the platform’s console; people are synchronised afterwards.',
  'scopeHint.wecom': 'WeCom console → 应用管理 → Lianke → 可见范围.',
  'scopeHint.dingtalk': 'DingTalk console → 工作台 → 应用管理 → Lianke → 设置 → 可见范围.',
  rangeTitle: 'Visible range (可见范围)',
  rangeWhere:
    'People the app is not visible to get no messages and cannot log in. A changed range is read anew by itself, or by synchronising in the next step.',
  name: 'Name (shown on the log-in page)',
  save: 'Save the name',
  contactsTitle: 'Contacts',
  contactsWhere: 'Departments and people come with the consent and are checked every night.',
  'contactsWhere.wecom': 'WeCom withholds names: see below.',
  'contactsWhere.dingtalk':
    'DingTalk tells apps of its directory no mobile numbers and mail addresses: confirm below who is the same person on both platforms.',
  nameless: '{{count}} ‹person|people› ‹has|have› no name yet',
  namelessWhy:
    'WeCom tells apps of its directory no names and shows them itself: on pages inside WeCom, in its mini-program and in cards they are the real ones; in a browser on a PC after a log-in through WeCom. Exports, messages of ours, histories and printed words keep 成员 and the end of the account. Finding people by name is asked of WeCom and needs the provider’s credentials. A name entered on the members page is shown everywhere, and synchronisation never changes it.',
  eventsTitle: 'Events and buttons',
  eventsWhere: 'The platform pushes them to Lianke; nothing is to be set up.',
  'eventsWhere.dingtalk':
    'Changes of people, departments and the consent, presses of cards and words to the robot are pushed by DingTalk; nothing is to be set up.',
  licencesTitle: 'Licences',
  licencesWhere:
    'Administrators are reminded once, 30 days before the end. Renew in the platform’s console or with your provider; this list follows.',
  licencesState: 'As the platform has them',
  noLicences: 'The platform has not told us about licences yet.',
  ordersTitle: 'Subscription',
  ordersWhere:
    'Administrators are reminded once, 30 days before the end. Renew in the app market of DingTalk, which tells Lianke of the payment; this list follows.',
  noOrders: 'DingTalk has not told us of a subscription yet; trials and free ones have none.',
  licencesOk: 'No licence ends within 30 days',
  licencesEnding: '{{count}} ‹licence|licences› ‹ends|end› within 30 days',
  licencesOver: '{{count}} ‹licence|licences› ‹has|have› ended',
  wholeCompany: 'Whole company ({{seats}} ‹person|people›)',
  wholeCompanyOpen: 'Whole company',
  member: 'Member',
  account: 'Account',
  expires: 'Ends',
  over: 'Ended',
  ending: 'Ends soon',
  valid: 'Valid',
  testTitle: 'Send yourself a test card',
  testWhere: 'It comes to your own chat. Green once its button has come back.',
  'testWhere.dingtalk': 'It comes to your own DingTalk, from the robot. Green once its button has come back.',
  send: 'Send a test card',
  sendAgain: 'Send again',
};
registerMessages('suite', { zh, en });

export type SuiteText = (key: keyof typeof zh, params?: Record<string, string | number>) => string;

/** Words of a connection that came from the platform's directory. */
export function useSuiteText(): SuiteText {
  return useTranslation('suite').t as SuiteText;
}
