import type { FormAction } from '@lianke/shared/forms/definition';

/** What refusals call the actions. */
export const actionNames: Record<FormAction, string> = {
  view: '查看数据',
  create: '新增数据',
  edit: '修改数据',
  delete: '删除数据',
  purge: '彻底删除数据',
  import: '导入数据',
  backdate: '导入时保留创建人和创建时间',
  export: '导出数据',
  print: '打印数据',
  share: '共享数据',
  bulk: '批量操作',
  design: '设计表单',
};
