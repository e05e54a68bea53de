import { z } from 'zod';
import { formView } from '../api/form-view.js';
import { fileView } from '../files/api.js';
import { uuidOf } from '../ids.js';
import { reference } from '../records/query.js';
import {
  captchaView,
  createInvitesBody,
  createPublicFormBody,
  inviteQuery,
  openPublicFormBody,
  pickBody,
  publicFormView,
  publicInvite,
  publicParams,
  submitBody,
  submitResult,
  updatePublicFormBody,
} from './api.js';

const form = z.object({ formId: uuidOf<'form'>() });
const link = z.object({ id: uuidOf<'publicForm'>() });

/** What a visitor gets: the page's words and the form as far as it is public. */
export const publicPage = z.object({
  state: z.enum(['open', 'password']),
  title: z.string(),
  intro: z.string(),
  /** The company's, in which dates and times are shown and typed. */
  timeZone: z.string(),
  pass: z.string().nullable(),
  captcha: captchaView.nullable(),
  prefill: z.boolean(),
  pickers: z.array(z.string()),
  uploads: z.object({ accept: z.string(), maxMb: z.number().int(), maxFiles: z.number().int() }),
  form: formView.pick({ fields: true, layout: true, settings: true }).nullable(),
});

export const publicFormContracts = {
  'publicForms.list': {
    tag: 'publicForms',
    summary: '表单的外链',
    params: form,
    answer: z.object({ items: z.array(publicFormView), cursor: z.null() }),
  },
  'publicForms.create': {
    tag: 'publicForms',
    summary: '新建外链',
    params: form,
    body: createPublicFormBody,
    answer: publicFormView,
  },
  'publicForms.update': {
    tag: 'publicForms',
    summary: '修改外链、开关、密码',
    params: link,
    body: updatePublicFormBody,
    answer: publicFormView,
  },
  'publicForms.delete': { tag: 'publicForms', summary: '删除外链', params: link },
  'publicForms.invites': {
    tag: 'publicForms',
    summary: '外链的一次性链接',
    params: link,
    query: inviteQuery,
    answer: z.object({ items: z.array(publicInvite), cursor: z.string().nullable() }),
  },
  'publicForms.invite': {
    tag: 'publicForms',
    summary: '生成一次性链接，每人一个',
    params: link,
    body: createInvitesBody,
    answer: z.object({ items: z.array(publicInvite), cursor: z.null() }),
  },
  'publicForms.revokeInvite': {
    tag: 'publicForms',
    summary: '收回一次性链接',
    params: link.extend({ inviteId: uuidOf<'publicInvite'>() }),
  },
  'public.open': {
    tag: 'public',
    summary: '打开外链',
    params: publicParams,
    body: openPublicFormBody,
    answer: publicPage,
    open: true,
  },
  'public.captcha': { tag: 'public', summary: '换一张验证码', params: publicParams, answer: captchaView, open: true },
  'public.pick': {
    tag: 'public',
    summary: '外链里可选的关联数据',
    params: publicParams,
    body: pickBody,
    answer: z.object({ items: z.array(reference) }),
    open: true,
  },
  'public.upload': {
    tag: 'public',
    summary: '外链里上传文件，只用于这次提交',
    params: publicParams,
    query: z.object({ pass: z.string().max(500).optional() }),
    answer: fileView,
    upload: true,
    open: true,
  },
  'public.submit': {
    tag: 'public',
    summary: '提交外链表单',
    params: publicParams,
    body: submitBody,
    answer: submitResult,
    open: true,
  },
} as const;
