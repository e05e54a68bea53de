import { registerMessages } from '../../i18n/register.js';

export const zh = {
  savedAt: '已保存 {{time}}',
  saved: '已保存',
  dirty: '有修改',
  saving: '保存中',
  local: '没填完，暂存在本机',
  failed: '没有保存：{{reason}}',
  undo: '撤销',
  redo: '重做',
  name: '名称',
};

export const en: typeof zh = {
  savedAt: 'Saved {{time}}',
  saved: 'Saved',
  dirty: 'Changed',
  saving: 'Saving',
  local: 'Not complete; kept in this browser',
  failed: 'Not saved: {{reason}}',
  undo: 'Undo',
  redo: 'Redo',
  name: 'Name',
};

registerMessages('designer', { zh, en });
