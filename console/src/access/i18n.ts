import { useTranslation } from 'react-i18next';
import { registerMessages } from '../i18n/register.js';

const zh = {
  choose: '选择成员、部门或角色',
  member: '成员',
  department: '部门（含下级）',
  role: '角色',
  share: '共享',
  shareTitle: '共享“{{name}}”',
  shareTo: '共享给',
  level: '对方可以',
  level_read: '查看',
  level_write: '查看和修改',
  until: '到期时间',
  untilNever: '一直有效，直到取消',
  cause: '原因',
  causeHint: '例如：协助报价',
  doShare: '共享',
  shared: '已共享，对方现在就能看到',
  sharedWith: '已共享给',
  notShared: '还没有共享给别人。不在对方数据范围内的这一条数据，共享后对方就能看到；能看哪些字段仍由对方的角色决定。',
  stop: '取消共享',
  stopped: '已取消共享',
  undo: '撤销',
  by: '{{name}} 共享',
  endsAt: '{{time}} 到期',
  unmask: '查看完整的{{name}}',
  unmaskHint: '查看会留下记录',
  unmaskLeft: '今天还能查看 {{n}} 次',
  previewing: '正在以{{name}}的身份预览：看到的就是{{name}}看到的，只能看，不能改',
  endPreview: '退出预览',
};
const en: typeof zh = {
  choose: 'Choose members, departments or roles',
  member: 'Members',
  department: 'Departments (with all below)',
  role: 'Roles',
  share: 'Share',
  shareTitle: 'Share “{{name}}”',
  shareTo: 'Share with',
  level: 'They may',
  level_read: 'view',
  level_write: 'view and edit',
  until: 'Ends',
  untilNever: 'Never, until taken back',
  cause: 'Reason',
  causeHint: 'For example: helps with the quote',
  doShare: 'Share',
  shared: 'Shared; they can see it now',
  sharedWith: 'Shared with',
  notShared:
    'Not shared with anybody yet. Sharing shows this one record to people outside of whose scope it lies; which fields they see is still up to their roles.',
  stop: 'Stop sharing',
  stopped: 'No longer shared',
  undo: 'Undo',
  by: 'shared by {{name}}',
  endsAt: 'ends {{time}}',
  unmask: 'Show the whole {{name}}',
  unmaskHint: 'Looking is kept on record',
  unmaskLeft: '{{n}} more looks today',
  previewing: 'Previewing as {{name}}: you see what {{name}} sees; nothing can be changed',
  endPreview: 'End preview',
};
registerMessages('access', { zh, en });

export function useAccessText() {
  return useTranslation('access').t as (key: keyof typeof zh, params?: Record<string, string | number>) => string;
}
