import { z } from 'zod';
import { uuidOf } from '../ids.js';
import { reference } from '../records/query.js';

/** So long a share lasts that an owner gives with one tap. */
export const askedShareDays = 30;

/** 申请查看: values that one has of the record, as duplicates are looked for, and why. */
export const shareAskBody = z.object({
  values: z.record(z.string().max(60), z.json()),
  reason: z.string().trim().max(200).default(''),
});
export type ShareAskBody = z.infer<typeof shareAskBody>;

/** Who was asked; of the records themselves nothing is told. */
export const shareAskResult = z.object({ asked: z.array(reference) });
export type ShareAskResult = z.infer<typeof shareAskResult>;

export const shareRequestView = z.object({
  id: uuidOf<'shareRequest'>(),
  by: reference,
  reason: z.string(),
  at: z.string(),
});
export type ShareRequestView = z.infer<typeof shareRequestView>;

export const shareAnswerBody = z.object({ share: z.boolean() });

const requests = z.object({ items: z.array(shareRequestView), cursor: z.null() });

export const shareRequestContracts = {
  'shareRequests.ask': {
    tag: 'access',
    summary: '申请查看一条自己看不到的数据；负责人收到消息，点一下就共享',
    params: z.object({ formId: uuidOf<'form'>() }),
    body: shareAskBody,
    answer: shareAskResult,
  },
  'shareRequests.list': {
    tag: 'access',
    summary: '谁在申请查看这条数据',
    params: z.object({ formId: uuidOf<'form'>(), id: uuidOf<'record'>() }),
    answer: requests,
  },
  'shareRequests.answer': {
    tag: 'access',
    summary: '同意或拒绝查看申请；同意就共享 30 天',
    params: z.object({ requestId: uuidOf<'shareRequest'>() }),
    body: shareAnswerBody,
  },
} as const;
