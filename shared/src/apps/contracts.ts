import { z } from 'zod';
import { type Contract, list } from '../api/contract.js';
import type { RouteName } from '../api/routes.js';
import { uuidOf } from '../ids.js';
import { appAccess, appAccessView } from './access.js';
import { appView, arrangeBody, createAppBody, installResult, templateSummary, updateAppBody } from './api.js';

/** Routes of apps and the templates they are made from. */
export const appContracts = {
  'apps.list': { tag: 'apps', summary: '应用', answer: list(appView) },
  'apps.create': { tag: 'apps', summary: '新建应用', body: createAppBody, answer: appView },
  'apps.arrange': {
    tag: 'apps',
    summary: '排列应用导航，并分组',
    params: z.object({ appId: uuidOf<'app'>() }),
    body: arrangeBody,
    answer: appView,
  },
  'apps.update': {
    tag: 'apps',
    summary: '给应用改名',
    params: z.object({ appId: uuidOf<'app'>() }),
    body: updateAppBody,
    answer: appView,
  },
  'apps.delete': {
    tag: 'apps',
    summary: '删除空的应用：里面没有表单、流程、看板，回收站里也没有',
    params: z.object({ appId: uuidOf<'app'>() }),
  },
  'templates.list': { tag: 'apps', summary: '应用模板', answer: list(templateSummary) },
  'templates.install': {
    tag: 'apps',
    summary: '安装应用模板',
    params: z.object({ key: z.string().max(40) }),
    /** With the rows that the template has for a first look. */
    query: z.object({ sample: z.enum(['true', 'false']).default('false') }),
    answer: installResult,
  },
  'apps.access.get': {
    tag: 'access',
    summary: '谁能看到应用、谁是应用管理员',
    params: z.object({ appId: uuidOf<'app'>() }),
    answer: appAccessView,
  },
  'apps.access.set': {
    tag: 'access',
    summary: '设置谁能看到应用、谁是应用管理员',
    params: z.object({ appId: uuidOf<'app'>() }),
    body: appAccess,
  },
} as const satisfies Partial<Record<RouteName, Contract>>;
