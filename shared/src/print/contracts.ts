import { z } from 'zod';
import { fileView } from '../files/api.js';
import { uuidOf } from '../ids.js';
import { printBody, printQuery, printTemplateView, updatePrintTemplateBody } from './api.js';

const form = z.object({ formId: uuidOf<'form'>() });
const record = z.object({ formId: uuidOf<'form'>(), id: uuidOf<'record'>() });
const template = z.object({ id: uuidOf<'printTemplate'>() });

export const printContracts = {
  'prints.templates': {
    tag: 'prints',
    summary: '表单的打印模板',
    params: form,
    answer: z.object({ items: z.array(printTemplateView), cursor: z.null() }),
  },
  'prints.upload': {
    tag: 'prints',
    summary: '上传打印模板（docx）',
    params: form,
    answer: printTemplateView,
    upload: true,
  },
  'prints.update': {
    tag: 'prints',
    summary: '修改打印模板的名称、设为默认',
    params: template,
    body: updatePrintTemplateBody,
    answer: printTemplateView,
  },
  'prints.replace': {
    tag: 'prints',
    summary: '换一个打印模板文件',
    params: template,
    answer: printTemplateView,
    upload: true,
  },
  'prints.delete': { tag: 'prints', summary: '删除打印模板', params: template },
  'prints.templateFile': { tag: 'prints', summary: '下载打印模板', params: template, stream: true },
  'prints.sample': { tag: 'prints', summary: '下载示例模板：表单的每个字段', params: form, stream: true },
  'prints.record': {
    tag: 'prints',
    summary: '打印一条数据',
    params: record,
    query: printQuery,
    stream: true,
  },
  'prints.batch': { tag: 'prints', summary: '批量打印', params: form, body: printBody, stream: true },
  'prints.file': {
    tag: 'prints',
    summary: '批量打印成文件：只有打印的人能下载，48 小时后删除',
    params: form,
    body: printBody,
    answer: fileView,
  },
  'prints.approval': {
    tag: 'prints',
    summary: '打印审批记录',
    params: z.object({ id: uuidOf<'task'>() }),
    stream: true,
  },
  'records.qr': { tag: 'records', summary: '数据的二维码图片', params: record, stream: true },
} as const;
