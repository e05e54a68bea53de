export const zhHistory = {
  rowsSummary: { added: '新增 {{n}} 行', removed: '删除 {{n}} 行', changed: '修改 {{n}} 行', moved: '调整了行的顺序' },
  rowAt: '第 {{n}} 行',
  rowKind: { added: '新增', removed: '删除', changed: '修改' },
  rowsMore: '还有 {{n}} 行',
  rowsLess: '收起',
  draftWaits: '有一条没填完的{{name}}，{{time}}',
  draftGoOn: '继续填写',
  draftDiscard: '丢弃',
};
