import { z } from 'zod';
import { uuidOf } from '../ids.js';
import { createRecordLinkBody, openSharedBody, recordLinkUse, recordLinkView, sharedPage, sharedToken } from './api.js';

const record = z.object({ formId: uuidOf<'form'>(), id: uuidOf<'record'>() });
const link = z.object({ id: uuidOf<'recordLink'>() });

export const recordLinkContracts = {
  'recordLinks.list': {
    tag: 'recordLinks',
    summary: '一条数据的外部链接',
    params: record,
    answer: z.object({ items: z.array(recordLinkView), cursor: z.null() }),
  },
  'recordLinks.create': {
    tag: 'recordLinks',
    summary: '新建外部链接：字段、到期时间、密码',
    params: record,
    body: createRecordLinkBody,
    answer: recordLinkView,
  },
  'recordLinks.revoke': { tag: 'recordLinks', summary: '撤销外部链接', params: link },
  'recordLinks.uses': {
    tag: 'recordLinks',
    summary: '外部链接的打开记录',
    params: link,
    answer: z.object({ items: z.array(recordLinkUse), cursor: z.null() }),
  },
  'shared.open': {
    tag: 'public',
    summary: '打开数据的外部链接',
    params: z.object({ token: sharedToken }),
    body: openSharedBody,
    answer: sharedPage,
    open: true,
  },
  'shared.file': {
    tag: 'public',
    summary: '外部链接里的图片与附件',
    params: z.object({ token: sharedToken, id: uuidOf<'file'>() }),
    query: z.object({ pass: z.string().max(500).optional() }),
    stream: true,
    open: true,
  },
} as const;
