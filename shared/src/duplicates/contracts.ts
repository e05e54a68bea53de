import { z } from 'zod';
import { uuidOf } from '../ids.js';
import {
  duplicateCheckBody,
  duplicateFinding,
  duplicateGroups,
  duplicateGroupsBody,
  duplicateRulesBody,
  duplicateRuleView,
  mergeBody,
  mergePreview,
  mergePreviewBody,
  mergeResult,
} from './api.js';

const form = z.object({ formId: uuidOf<'form'>() });
const rules = z.object({ items: z.array(duplicateRuleView), cursor: z.null() });

export const duplicateContracts = {
  'duplicates.rules': { tag: 'duplicates', summary: '查重规则', params: form, answer: rules },
  'duplicates.saveRules': {
    tag: 'duplicates',
    summary: '保存查重规则；已有数据在后台计算',
    params: form,
    body: duplicateRulesBody,
    answer: rules,
  },
  'duplicates.check': {
    tag: 'duplicates',
    summary: '填写时查重',
    params: form,
    body: duplicateCheckBody,
    answer: z.object({ items: z.array(duplicateFinding) }),
  },
  'duplicates.groups': {
    tag: 'duplicates',
    summary: '整张表单里重复的数据',
    params: form,
    body: duplicateGroupsBody,
    answer: duplicateGroups,
  },
  'duplicates.mergePreview': {
    tag: 'duplicates',
    summary: '合并前对比',
    params: form,
    body: mergePreviewBody,
    answer: mergePreview,
  },
  'duplicates.merge': {
    tag: 'duplicates',
    summary: '合并数据；一批，可以撤销',
    params: form,
    body: mergeBody,
    answer: mergeResult,
  },
} as const;
