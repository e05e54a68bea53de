import { z } from 'zod';
import { type Contract, list, record } from '../api/contract.js';
import type { RouteName } from '../api/routes.js';
import { uuidOf } from '../ids.js';
import { explainBody, explanation, previewBody, previewView, shareBody, shareView } from './api.js';

/** Routes of shares and of what explains rights. */
export const accessContracts = {
  'shares.list': { tag: 'access', summary: '这条数据共享给了谁', params: record, answer: list(shareView) },
  'shares.create': {
    tag: 'access',
    summary: '把一条数据共享给成员、部门或角色',
    params: record,
    body: shareBody,
    answer: list(shareView),
  },
  'shares.delete': { tag: 'access', summary: '取消共享', params: z.object({ shareId: uuidOf<'share'>() }) },
  'access.explain': {
    tag: 'access',
    summary: '某人为什么能或不能看到、做到，逐条说明规则',
    body: explainBody,
    answer: explanation,
  },
  'access.preview': {
    tag: 'access',
    summary: '开始以某人身份预览（只读，一小时，留痕）；之后的请求带上 x-lianke-preview',
    body: previewBody,
    answer: previewView,
  },
} as const satisfies Partial<Record<RouteName, Contract>>;
