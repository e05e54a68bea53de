import { z } from 'zod';
import { type Contract, id, inApp, list, ofApp } from '../api/contract.js';
import type { RouteName } from '../api/routes.js';
import {
  createDashboardBody,
  dashboardData,
  dashboardDraft,
  dashboardView,
  deletedItem,
  publishDashboardBody,
  saveDashboardDraftBody,
  updateDashboardBody,
  widget,
  widgetData,
} from './definition.js';

/** Routes of dashboards. */
export const dashboardContracts = {
  'dashboards.list': { tag: 'dashboards', summary: '看板', query: ofApp, answer: list(dashboardView) },
  'dashboards.create': { tag: 'dashboards', summary: '新建看板', body: createDashboardBody, answer: dashboardView },
  'dashboards.get': { tag: 'dashboards', summary: '读取看板', params: id<'dashboard'>(), answer: dashboardView },
  'dashboards.update': {
    tag: 'dashboards',
    summary: '修改看板，立即生效',
    params: id<'dashboard'>(),
    body: updateDashboardBody,
    answer: dashboardView,
  },
  'dashboards.draft': {
    tag: 'dashboards',
    summary: '看板的草稿；没有草稿时是已发布的内容',
    params: id<'dashboard'>(),
    answer: dashboardDraft,
  },
  'dashboards.saveDraft': {
    tag: 'dashboards',
    summary: '保存看板的草稿；看的人在发布后才看到',
    params: id<'dashboard'>(),
    body: saveDashboardDraftBody,
    answer: dashboardDraft,
  },
  'dashboards.dropDraft': {
    tag: 'dashboards',
    summary: '放弃看板的草稿，答复是已发布的内容',
    params: id<'dashboard'>(),
    answer: dashboardDraft,
  },
  'dashboards.publish': {
    tag: 'dashboards',
    summary: '发布看板的草稿',
    params: id<'dashboard'>(),
    body: publishDashboardBody,
    answer: dashboardView,
  },
  'dashboards.delete': { tag: 'dashboards', summary: '删除看板，放进回收站', params: id<'dashboard'>() },
  'dashboards.deleted': {
    tag: 'dashboards',
    summary: '应用回收站里的看板',
    params: inApp,
    answer: list(deletedItem),
  },
  'dashboards.restore': {
    tag: 'dashboards',
    summary: '恢复删除的看板',
    params: id<'dashboard'>(),
    answer: dashboardView,
  },
  'dashboards.data': {
    tag: 'dashboards',
    summary:
      '看板数据。filters 是筛选栏所选的值（JSON，按筛选项的 id），不给时用看板打开时的值；of=draft 是设计者看草稿',
    params: id<'dashboard'>(),
    query: z.object({ filters: z.string().max(8000).optional(), of: z.enum(['published', 'draft']).optional() }),
    answer: dashboardData,
  },
  'dashboards.preview': {
    tag: 'dashboards',
    summary: '设计时的组件数据',
    body: z.object({ widget }),
    answer: widgetData,
  },
} as const satisfies Partial<Record<RouteName, Contract>>;
