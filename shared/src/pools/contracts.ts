import { z } from 'zod';
import { uuidOf } from '../ids.js';
import { recordView } from '../records/query.js';
import {
  assignBody,
  claimBody,
  poolPage,
  poolQuery,
  poolResult,
  poolSettings,
  poolSettingsView,
  poolView,
  returnBody,
} from './api.js';

const form = z.object({ formId: uuidOf<'form'>() });

export const poolContracts = {
  'pools.list': {
    tag: 'pools',
    summary: '自己能看到的公海，以及领取的上限和已用数',
    answer: z.object({ items: z.array(poolView), cursor: z.null() }),
  },
  'pools.get': { tag: 'pools', summary: '一个表单的公海', params: form, answer: poolView },
  'pools.settings': { tag: 'pools', summary: '公海规则', params: form, answer: poolSettingsView },
  'pools.save': {
    tag: 'pools',
    summary: '修改公海规则；下一个请求起生效',
    params: form,
    body: poolSettings,
    answer: poolSettingsView,
  },
  'pools.query': {
    tag: 'pools',
    summary: '公海里的数据；只有公海规则公开的字段可以看、筛选和排序',
    params: form,
    body: poolQuery,
    answer: poolPage,
  },
  'pools.record': {
    tag: 'pools',
    summary: '公海里的一条数据',
    params: z.object({ formId: uuidOf<'form'>(), id: uuidOf<'record'>() }),
    answer: recordView,
  },
  'pools.claim': {
    tag: 'pools',
    summary: '领取；同时领取时只有一个人成功，其余会知道被谁领走',
    params: form,
    body: claimBody,
    answer: poolResult,
  },
  'pools.assign': {
    tag: 'pools',
    summary: '把公海里的数据分配给成员',
    params: form,
    body: assignBody,
    answer: poolResult,
  },
  'pools.return': {
    tag: 'pools',
    summary: '把数据退回公海，写明原因',
    params: form,
    body: returnBody,
    answer: poolResult,
  },
} as const;
