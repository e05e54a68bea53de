import { z } from 'zod';
import { unmaskQuota } from '../access/api.js';
import { type Contract, form, list, ofApp } from '../api/contract.js';
import { formView } from '../api/form-view.js';
import type { RouteName } from '../api/routes.js';
import { uuidOf } from '../ids.js';
import { copyFormBody, createFormBody, updateFormBody } from './definition.js';
import { derivedBuild, formulaTrial, formulaTrialBody } from './derived.js';
import { deletedView, savedView, viewDef, viewPatch } from './views.js';

/** Routes of forms and their views. */
export const formContracts = {
  'forms.list': { tag: 'forms', summary: '表单', query: ofApp, answer: list(formView) },
  'forms.create': { tag: 'forms', summary: '新建表单', body: createFormBody, answer: formView },
  'forms.get': { tag: 'forms', summary: '读取表单', params: form, answer: formView },
  'forms.update': { tag: 'forms', summary: '修改表单', params: form, body: updateFormBody, answer: formView },
  'forms.copy': {
    tag: 'forms',
    summary: '复制表单：设计相同，没有数据',
    params: form,
    body: copyFormBody,
    answer: z.object({ form: formView, left: z.array(z.string()) }),
  },
  'forms.delete': { tag: 'forms', summary: '删除表单', params: form },
  'forms.derived': { tag: 'forms', summary: '正在计算的公式字段', params: form, answer: list(derivedBuild) },
  'forms.tryFormula': {
    tag: 'forms',
    summary: '在一条数据上试算公式',
    params: form,
    body: formulaTrialBody,
    answer: formulaTrial,
  },
  'views.list': { tag: 'forms', summary: '视图', params: form, answer: list(savedView) },
  'views.create': { tag: 'forms', summary: '新建视图', params: form, body: viewDef, answer: savedView },
  'views.update': {
    tag: 'forms',
    summary: '修改视图',
    params: form.extend({ viewId: uuidOf<'view'>() }),
    body: viewPatch,
    answer: savedView,
  },
  'views.delete': { tag: 'forms', summary: '删除视图，放进回收站', params: form.extend({ viewId: uuidOf<'view'>() }) },
  'views.deleted': { tag: 'forms', summary: '回收站里的视图', params: form, answer: list(deletedView) },
  'views.restore': {
    tag: 'forms',
    summary: '恢复视图',
    params: form.extend({ viewId: uuidOf<'view'>() }),
    answer: savedView,
  },
  'forms.unmaskQuota': {
    tag: 'access',
    summary: '每天能查看多少个脱敏字段的完整内容，今天还剩多少',
    params: z.object({ formId: uuidOf<'form'>() }),
    answer: unmaskQuota,
  },
} as const satisfies Partial<Record<RouteName, Contract>>;
