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
  name: '名称（登录页上显示）',
  save: '保存名称',
  contactsTitle: '通讯录',
  contactsWhere: '部门与人员随授权自动同步，每晚核对一次。平台不提供姓名时先显示账号，可以在成员页改成姓名。',
  nameless: '还有 {{count}} 人没有姓名',
  namelessWhy:
    '平台不向应用目录里的应用提供姓名。企业微信会在卡片里直接显示真名；别处先以账号代替，请在成员页填写姓名，填过的不会再被同步改掉。',
  eventsTitle: '接收事件与按钮',
  eventsWhere: '平台把事件推送给联客，不用设置。',
  licencesTitle: '接口许可',
  licencesWhere: '到期前 30 天会提醒管理员一次。续期在平台的管理后台或服务商处办理，之后这里自动更新。',
  licencesState: '以平台的记录为准',
  noLicences: '平台还没有告诉我们许可的期限。',
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
  scopeOf: '{{departments}} departments, {{people}} people',
  since: 'Since',
  cancelledAt: 'Taken back',
  deleteAfter:
    'After {{date}} the data of this company may be deleted. Add Lianke from the app directory again before, and everything goes on.',
  scopeHint:
    'To change who may use Lianke, change the visible range of the app in the platform’s console; people are synchronised afterwards.',
  name: 'Name (shown on the log-in page)',
  save: 'Save the name',
  contactsTitle: 'Contacts',
  contactsWhere:
    'Departments and people come with the consent and are checked every night. Where the platform withholds names, the account is shown; change it on the members page.',
  nameless: '{{count}} people have no name yet',
  namelessWhy:
    'The platform tells apps of its directory no names. WeCom itself shows them in cards; elsewhere the account stands in. Enter names on the members page: synchronisation never changes them.',
  eventsTitle: 'Events and buttons',
  eventsWhere: 'The platform pushes them to Lianke; nothing is to be set up.',
  licencesTitle: 'Licences',
  licencesWhere:
    'Administrators are reminded once, 30 days before the end. Renew in the platform’s console or with your provider; this list follows.',
  licencesState: 'As the platform has them',
  noLicences: 'The platform has not told us about licences yet.',
  licencesOk: 'No licence ends within 30 days',
  licencesEnding: '{{count}} licences end within 30 days',
  licencesOver: '{{count}} licences have ended',
  wholeCompany: 'Whole company ({{seats}} people)',
  wholeCompanyOpen: 'Whole company',
  member: 'Member',
  account: 'Account',
  expires: 'Ends',
  over: 'Ended',
  ending: 'Ends soon',
  valid: 'Valid',
  testTitle: 'Send yourself a test card',
  testWhere: 'It comes to your own chat. Green once its button has come back.',
  send: 'Send a test card',
  sendAgain: 'Send again',
};
registerMessages('suite', { zh, en });

export type SuiteText = (key: keyof typeof zh, params?: Record<string, string | number>) => string;

/** Words of a connection that came from the platform's directory. */
export function useSuiteText(): SuiteText {
  return useTranslation('suite').t as SuiteText;
}
