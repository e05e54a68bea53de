import type { Language } from '@lianke/shared/errors/issue-text';
import type { ImportOptions } from '@lianke/shared/imports/api';

const duplicates: Record<ImportOptions['duplicates'], string> = {
  create: '仍新建',
  merge: '合并成一条',
  skip: '跳过',
};
const ambiguous: Record<ImportOptions['ambiguous'], string> = {
  choose: '请逐行选择',
  owner: '按负责人确定，不能确定的请逐行选择',
  first: '取最早的一条',
  refuse: '不导入',
};

/** What is said of files, sheets and rows of an import, in Chinese. */
export const zh = {
  language: 'zh' as Language,
  clauses: (texts: readonly string[]) => texts.join('；'),
  listed: (texts: readonly string[]) => texts.join('、'),

  // Cells and rows.
  noValue: (field: string) => `没有${field}`,
  noColumn: (field: string) => `没有对应“${field}”的列`,
  unusable: (field: string, text: string) => `${field}“${text}”不能用`,
  fault: (field: string, text: string, why: string) => `${field}“${text}”：${why}`,
  emptied: (why: string) => `${why}，留空`,
  partKept: (why: string) => `${why}，只保留能识别的部分`,
  foundKept: (why: string) => `${why}，只保留找到的`,
  rounded: (field: string) =>
    `${field}超过 15 位，表格软件已把后面的数字改成 0：请把这一列设为文本格式，重新填写后再导入`,
  mapped: (text: string, to: string) => `“${text}”→${to === '' ? '留空' : to}`,
  keptOf: (text: string, kept: string) => `${text} → ${kept}`,
  left: (name: string) => `“${name}”已离职`,
  stranger: (name: string) => `没有成员“${name}”`,
  ofPerson: (column: string, why: string) => `${column}${why}`,
  tooManyLines: (subform: string, count: number, most: number) => `${subform}有 ${count} 行，最多 ${most} 行`,
  inLine: (subform: string, row: number, why: string) => `${subform}（第 ${row} 行）${why}`,
  inRow: (row: number, why: string) => `第 ${row} 行：${why}`,
  ofForm: (form: string, why: string) => `${form}：${why}`,

  // Relations.
  notFound: (field: string, text: string) => `没有找到${field}“${text}”`,
  unclear: (field: string, text: string, count: number) => `${field}“${text}”有 ${count} 条，不知道是哪一条`,
  toChoose: (field: string, text: string, count: number) => `${field}“${text}”有 ${count} 条，请选择是哪一条`,
  declined: (field: string, text: string, count: number) => `${field}“${text}”有 ${count} 条，选择了不导入`,
  several: (text: string, count: number, chosen: string | undefined) =>
    `“${text}”有 ${count} 条${chosen ? `，取${chosen}` : ''}`,

  // Rows that mean the same record.
  rowOf: (row: number, owner: string) => `第 ${row} 行${owner === '' ? '' : `，负责人 ${owner}`}`,
  knownRecord: (title: string, owner: string) =>
    `已有的${title === '' ? '数据' : `“${title}”`}${owner === '' ? '' : `，负责人 ${owner}`}`,
  sameAs: (places: readonly string[], count: number, owner: string) =>
    `与${places.join('；')}${count > places.length ? `等 ${count} 处` : ''}重名${owner === '' ? '' : `，这一行的负责人 ${owner}`}`,
  noIdentity: () => '没有可以识别的值，找不到要更新的数据',
  manyKnown: (count: number) => `已有 ${count} 条同样的数据，不知道更新哪一条`,
  noneKnown: () => '没有找到要更新的数据',

  // Counts of the check.
  refusedRows: (count: number, why: string) => `${count} 行${why}，不导入`,
  repeatedRows: (count: number, rule: ImportOptions['duplicates']) => `${count} 行重名，${duplicates[rule]}`,
  leaverRows: (count: number, chosen: boolean) => `${count} 行的人员已离职，${chosen ? '给所选的成员' : '放入待分配'}`,
  strangerRows: (count: number, chosen: boolean) =>
    `${count} 行的人员不在成员里，${chosen ? '给所选的成员' : '放入待分配'}`,
  badRows: (count: number, field: string) => `${count} 行的${field}不能识别，留空后导入`,
  roundedRows: (count: number, field: string, examples: readonly string[]) =>
    `${count} 行的${field}小数位过多，四舍五入后导入，如 ${examples.join('，')}；要全部保留，先在表单设计里增加${field}的小数位`,
  mappedRows: (texts: readonly (readonly [text: string, times: number])[]) =>
    texts.map(([text, times]) => `${text}（${times}）`).join('，'),
  ambiguousRows: (count: number, field: string, rule: ImportOptions['ambiguous']) =>
    `${count} 行的${field}有几条同名数据，${ambiguous[rule]}`,
  unlinkedRows: (count: number, field: string) => `${count} 行没有找到对应的${field}`,
  unassigned: () => '待分配',
  pictures: (count: number) => `${count} 张图片`,

  // The run.
  notWritten: () => '没有写入',
  ofLine: (subform: string, row: number, field: string) => `${subform}第 ${row} 行的${field}`,
  ofField: (field: string, why: string) => `${field}：${why}`,
  formLeftOut: (form: string, why: string) => `${form}没有导入：${why}`,
  broken: () => '系统出错，导入停下了；已导入的数据可以撤销',
  takenBack: (row: number, why: string) => `第 ${row} 行没有写入（${why}），整批已撤回`,
  system: () => '系统',

  // Sheets that are not imported.
  emptySheet: () => '没有内容',
  noTable: () => '只有文字说明，没有表格',
  hiddenSheet: () => '隐藏的工作表',
  noForm: () => '没有对应的表单，新建表单需要设计权限',
  noRows: () => '标题行下面没有数据',

  // Workbooks that are made.
  errorsName: (file: string) => `${file} 未导入的行.xlsx`,
  noErrors: () => '没有未导入的行',
  reasonHeader: () => '未导入的原因',
  templateName: (form: string) => `${form} 导入模板.xlsx`,
  sampleMark: () => '示例，不会导入',
  optionsSheet: () => '选项',
  yes: () => '是',
  no: () => '否',
  yuan: () => '（元）',
  tenThousandYuan: () => '（万元）',
  percent: () => '（%）',
  samples: {
    text: '文字',
    longText: '可以换行的文字',
    tags: '重点、老客户',
    address: '浙江省杭州市西湖区文三路 1 号',
    member: '姓名、手机号或账号',
    members: '姓名、姓名',
    department: '部门名称',
    departments: '部门名称、部门名称',
    relation: '对方数据的标题',
  },
};
