import type { Words } from '@lianke/shared/errors/issue-text';
import type { FormAction } from '@lianke/shared/forms/definition';

/** What refusals call the actions. */
export const actionNames: Record<FormAction, Words> = {
  view: { zh: '查看数据', en: 'see records' },
  create: { zh: '新增数据', en: 'add records' },
  edit: { zh: '修改数据', en: 'edit records' },
  delete: { zh: '删除数据', en: 'delete records' },
  purge: { zh: '彻底删除数据', en: 'delete records for good' },
  import: { zh: '导入数据', en: 'import records' },
  backdate: { zh: '导入时保留创建人和创建时间', en: 'keep creators and creation times when importing' },
  export: { zh: '导出数据', en: 'export records' },
  print: { zh: '打印数据', en: 'print records' },
  share: { zh: '共享数据', en: 'share records' },
  bulk: { zh: '批量操作', en: 'change many records at once' },
  design: { zh: '设计表单', en: 'design forms' },
};
