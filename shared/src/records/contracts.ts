import { z } from 'zod';
import { unmaskBody, unmaskResult } from '../access/api.js';
import { type Contract, form, id, list, record } from '../api/contract.js';
import type { RouteName } from '../api/routes.js';
import { fileView } from '../files/api.js';
import { pressBody, pressResult, recordButton } from '../flows/api.js';
import { uuidOf } from '../ids.js';
import { undoReport } from '../imports/api.js';
import { bulkBody, bulkEntry, bulkResult, deletePreview, deletePreviewBody, revertBody, revertResult } from './bulk.js';
import { commentBody, commentView } from './comments.js';
import { exportBody, exportView } from './exports.js';
import { nearbyBody, nearbyItem } from './nearby.js';
import { placesAnswer, placesBody } from './places.js';
import { aggregateItem, aggregateQuery, recordPage, recordQuery, recordView } from './query.js';
import { recordLink, recordRef, searchBody } from './shortcuts.js';
import { transferBody, transferPreview, transferPreviewBody, transferResult } from './transfer.js';
import {
  batchBody,
  batchResult,
  binBody,
  createRecordBody,
  historyEntry,
  restoreResult,
  updateRecordBody,
} from './write.js';

/** Routes of records: reading, writing, what is said of them, and finding them again. */
export const recordContracts = {
  'records.create': { tag: 'records', summary: '新增数据', params: form, body: createRecordBody, answer: recordView },
  'records.get': { tag: 'records', summary: '读取数据', params: record, answer: recordView },
  'records.update': { tag: 'records', summary: '修改数据', params: record, body: updateRecordBody, answer: recordView },
  'records.delete': { tag: 'records', summary: '删除数据', params: record },
  'records.history': {
    tag: 'records',
    summary: '修改历史',
    params: record,
    query: z.object({ cursor: z.string().optional() }),
    answer: list(historyEntry),
  },
  'records.query': { tag: 'records', summary: '查询数据', params: form, body: recordQuery, answer: recordPage },
  'records.places': {
    tag: 'records',
    summary: '数据在地图上的分布',
    params: form,
    body: placesBody,
    answer: placesAnswer,
  },
  'records.nearby': {
    tag: 'records',
    summary: '离一个地点最近的数据',
    params: form,
    body: nearbyBody,
    answer: z.object({ items: z.array(nearbyItem) }),
  },
  'records.batch': {
    tag: 'records',
    summary: '批量写入',
    params: form,
    body: batchBody,
    answer: z.object({ results: z.array(batchResult), batchId: z.string() }),
  },
  'records.aggregate': {
    tag: 'records',
    summary: '汇总',
    params: form,
    body: aggregateQuery,
    answer: z.object({ items: z.array(aggregateItem) }),
  },
  'records.restore': {
    tag: 'records',
    summary: '从回收站恢复，连同一起删除的数据',
    params: form,
    body: binBody,
    answer: restoreResult,
  },
  'records.purge': {
    tag: 'records',
    summary: '彻底删除回收站里的数据',
    params: form,
    body: binBody,
    answer: z.object({ purged: z.number().int() }),
  },
  'records.transferPreview': {
    tag: 'records',
    summary: '转移前看看哪些数据一起走',
    params: form,
    body: transferPreviewBody,
    answer: transferPreview,
  },
  'records.transfer': {
    tag: 'records',
    summary: '把数据转移给另一位负责人',
    params: form,
    body: transferBody,
    answer: transferResult,
  },
  'records.bulk': {
    tag: 'records',
    summary: '对多条数据做同一件事，作为一批，可以撤销',
    params: form,
    body: bulkBody,
    answer: bulkResult,
  },
  'records.deletePreview': {
    tag: 'records',
    summary: '删除前看看哪些数据与之关联',
    params: form,
    body: deletePreviewBody,
    answer: deletePreview,
  },
  'records.revert': {
    tag: 'records',
    summary: '把一条数据恢复到历史上的某一刻，全部或某些字段',
    params: record,
    body: revertBody,
    answer: revertResult,
  },
  'comments.list': {
    tag: 'records',
    summary: '评论，新的在前',
    params: record,
    query: z.object({ cursor: z.string().optional() }),
    answer: list(commentView),
  },
  'comments.create': {
    tag: 'records',
    summary: '发表评论，可以 @ 成员',
    params: record,
    body: commentBody,
    answer: commentView,
  },
  'comments.update': {
    tag: 'records',
    summary: '修改自己的评论',
    params: z.object({ commentId: uuidOf<'comment'>() }),
    body: commentBody,
    answer: commentView,
  },
  'comments.delete': {
    tag: 'records',
    summary: '删除评论',
    params: z.object({ commentId: uuidOf<'comment'>() }),
  },
  'records.unmask': {
    tag: 'access',
    summary: '查看一个脱敏字段的完整内容，计入当天次数并留痕',
    params: record,
    body: unmaskBody,
    answer: unmaskResult,
  },
  'exports.create': { tag: 'exports', summary: '导出数据', params: form, body: exportBody, answer: exportView },
  'exports.list': {
    tag: 'exports',
    summary: '我的导出',
    query: z.object({ formId: uuidOf<'form'>().optional() }),
    answer: list(exportView),
  },
  'exports.get': { tag: 'exports', summary: '导出进度', params: id<'export'>(), answer: exportView },
  'exports.cancel': { tag: 'exports', summary: '停止导出', params: id<'export'>(), answer: exportView },
  'exports.notify': {
    tag: 'exports',
    summary: '导出结束时通知我',
    params: id<'export'>(),
    answer: exportView,
  },
  'exports.file': { tag: 'exports', summary: '下载导出的文件', params: id<'export'>(), stream: true },
  'search.all': {
    tag: 'records',
    summary: '搜索所有看得到的表单',
    body: searchBody,
    answer: z.object({ items: z.array(recordLink) }),
  },
  'favourites.list': { tag: 'records', summary: '收藏的数据', answer: list(recordLink) },
  'favourites.add': { tag: 'records', summary: '收藏', body: recordRef },
  'favourites.remove': { tag: 'records', summary: '取消收藏', body: recordRef },
  'recents.list': { tag: 'records', summary: '最近打开的数据', answer: list(recordLink) },
  'recents.add': { tag: 'records', summary: '记下打开过的数据', body: recordRef },
  'batches.list': { tag: 'records', summary: '批量操作的记录', params: form, answer: list(bulkEntry) },
  'batches.undo': {
    tag: 'records',
    summary: '撤销一批修改',
    params: z.object({ batchId: uuidOf<'batch'>() }),
    answer: undoReport,
  },
  'files.upload': { tag: 'files', summary: '上传文件', answer: fileView, upload: true },
  'files.get': { tag: 'files', summary: '下载文件', params: id<'file'>(), stream: true },
  'records.buttons': { tag: 'flows', summary: '数据页上的按钮', params: record, answer: list(recordButton) },
  'records.press': {
    tag: 'flows',
    summary: '点数据页上的按钮',
    params: record.extend({ flowId: uuidOf<'flow'>() }),
    body: pressBody,
    answer: pressResult,
  },
} as const satisfies Partial<Record<RouteName, Contract>>;
