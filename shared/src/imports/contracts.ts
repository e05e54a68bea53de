import { z } from 'zod';
import { type Contract, form, id, list, ofApp } from '../api/contract.js';
import type { RouteName } from '../api/routes.js';
import { uuidOf } from '../ids.js';
import { importView, issueKinds, issueRow, planBody } from './api.js';

/** Routes of imports. */
export const importContracts = {
  'imports.create': {
    tag: 'imports',
    summary: '上传要导入的表格',
    query: z.object({ appId: uuidOf<'app'>(), formId: uuidOf<'form'>().optional() }),
    answer: importView,
    upload: true,
  },
  'imports.list': { tag: 'imports', summary: '导入记录', query: ofApp, answer: list(importView) },
  'imports.get': { tag: 'imports', summary: '导入进度与结果', params: id<'import'>(), answer: importView },
  'imports.plan': {
    tag: 'imports',
    summary: '修改对应关系并重新核对',
    params: id<'import'>(),
    body: planBody,
    answer: importView,
  },
  'imports.rows': {
    tag: 'imports',
    summary: '某一项计数背后的行',
    params: id<'import'>(),
    query: z.object({
      sheet: z.string(),
      target: z.string().optional(),
      kind: z.enum([...issueKinds, 'import']),
      subject: z.string().optional(),
      offset: z.coerce.number().int().min(0).default(0),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    answer: z.object({ items: z.array(issueRow), total: z.number().int() }),
  },
  'imports.start': {
    tag: 'imports',
    summary: '开始导入',
    params: id<'import'>(),
    body: planBody.partial(),
    answer: importView,
  },
  'imports.cancel': { tag: 'imports', summary: '停止导入', params: id<'import'>(), answer: importView },
  'imports.undo': { tag: 'imports', summary: '撤销整批导入', params: id<'import'>(), answer: importView },
  'imports.template': { tag: 'imports', summary: '下载导入模板', params: form, stream: true },
  'imports.errors': { tag: 'imports', summary: '下载出错的行', params: id<'import'>(), stream: true },
} as const satisfies Partial<Record<RouteName, Contract>>;
