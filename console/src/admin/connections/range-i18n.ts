import { useTranslation } from 'react-i18next';
import { registerMessages } from '../../i18n/register.js';

const zh = {
  step: '可见范围',
  where: '管理后台 → 应用管理 → 这个应用 → 可见范围 → 添加部门、成员或标签，保存。改完回这里按“同步”。',
  dingWhere:
    '改了可使用范围要重新发布版本；已上线的应用也可以在 管理后台 → 工作台 → 应用管理 → 这个应用 → 可使用范围 里改。改完回下一步按“同步”。',
  who: '不在范围内：',
  comma: '、',
  all: '查看全部 {{total}} 人',
  title: '不在应用范围内的成员',
  consequence: '他们收不到经这个连接发的消息，也不能经它登录。',
  checkedAt: '范围读取于 {{at}}。',
  first: '共 {{total}} 人，列出前 {{n}} 人。他们收不到经这个连接发的消息，也不能经它登录。',
  member: '成员',
  why: '原因',
  messages: '聊天消息',
  'why.range': '平台里有这个人，应用没有对他开放',
  'why.account': '这个连接里没有对应的账号',
  elsewhere: '经另一个连接收',
  nowhere: '收不到',
} as const;

const en: Record<keyof typeof zh, string> = {
  step: 'Visible range (可见范围)',
  where:
    'Admin console → 应用管理 → this app → 可见范围: add departments, members or tags and save. Then come back and synchronise.',
  dingWhere:
    'A changed range (可使用范围) takes effect with a new version; of an app in use it can also be changed under 管理后台 → 工作台 → 应用管理 → this app → 可使用范围. Then synchronise in the next step.',
  who: 'Outside: ',
  comma: ', ',
  all: 'Show all {{total}}',
  title: 'Members the app is not visible to',
  consequence: 'They get no messages through this connection and cannot log in through it.',
  checkedAt: 'Range read {{at}}.',
  first:
    '{{total}} ‹person|people›, the first {{n}} of them listed. They get no messages through this connection and cannot log in through it.',
  member: 'Member',
  why: 'Why',
  messages: 'Chat messages',
  'why.range': 'The platform knows the person; the app is not visible to them',
  'why.account': 'No account in this connection is theirs',
  elsewhere: 'Through another connection',
  nowhere: 'None',
};

registerMessages('range', { zh, en });

/** Words about whom an app is visible to. */
export function useRangeText(): (key: keyof typeof zh, params?: Record<string, string | number>) => string {
  return useTranslation('range').t as (key: keyof typeof zh, params?: Record<string, string | number>) => string;
}
