import { z } from 'zod';
import { revisionNumber } from '../api/revision.js';
import type { ShapeText } from '../errors/shape-texts.js';
import { aggregateFns } from '../fields/types.js';
import { filter } from '../filter/ast.js';
import { uuidOf } from '../ids.js';
import { aggregateItem, recordView, sortItem, total } from '../records/query.js';
import { groupUnits } from '../time/zone.js';
import { pageFilter } from './page-filters.js';

const formId = uuidOf<'form'>();
const base = {
  id: z.string().regex(/^[a-zA-Z0-9_-]{1,40}$/, 'word_40' satisfies ShapeText),
  title: z.string().max(40),
  formId,
  filter: filter.optional(),
  /** Grid of 24 columns, rows of 40 px. */
  place: z.object({
    x: z.number().int().min(0).max(23),
    y: z.number().int().min(0),
    w: z.number().int().min(2).max(24),
    h: z.number().int().min(2).max(40),
  }),
};
const measure = z.object({ fn: z.enum(aggregateFns), field: z.string().max(200).optional() });
const dimension = z.object({ field: z.string().max(200), unit: z.enum(groupUnits).optional() });

export const chartTypes = ['pie', 'bar', 'funnel', 'line'] as const;
/** 饼图, 柱状图, 漏斗图, 折线图: 统计维度 × 统计数值. */
const chart = z.object({
  ...base,
  type: z.enum(chartTypes),
  dimension,
  measure,
  limit: z.number().int().min(1).max(50).default(20),
});
/** 指标图 */
const metric = z.object({
  ...base,
  type: z.literal('metric'),
  measure,
  unit: z.string().max(10).optional(),
  /** 目标 that the reader's own figure is compared with, or that of the departments he leads. */
  target: z.object({ id: uuidOf<'target'>(), whose: z.enum(['me', 'departments']) }).optional(),
});
/** 数据列表 */
const list = z.object({
  ...base,
  type: z.literal('list'),
  columns: z.array(z.string()).min(1).max(12),
  sort: z.array(sortItem).max(3).default([]),
  limit: z.number().int().min(1).max(100).default(20),
});

export const widget = z.discriminatedUnion('type', [chart, metric, list]);
export type Widget = z.infer<typeof widget>;
export type WidgetType = Widget['type'];

export const dashboardDefinition = z.object({
  widgets: z.array(widget).max(60),
  /** The filter bar; absent is the usual one (时间, 部门, 负责人), empty is none. */
  filters: z.array(pageFilter).max(8).optional(),
});
export type DashboardDefinition = z.infer<typeof dashboardDefinition>;

export const dashboardView = z.object({
  id: uuidOf<'dashboard'>(),
  appId: uuidOf<'app'>(),
  name: z.string(),
  definition: dashboardDefinition,
  version: z.number().int(),
  /** False for a page that its designers have not published yet: nobody else sees it. */
  published: z.boolean(),
  /** For designers: there are changes that readers do not see yet. */
  hasDraft: z.boolean(),
  mayEdit: z.boolean(),
  updatedAt: z.string(),
});
export type DashboardView = z.infer<typeof dashboardView>;

export const createDashboardBody = z.object({
  appId: uuidOf<'app'>(),
  name: z.string().trim().min(1).max(40),
  definition: dashboardDefinition.default({ widgets: [] }),
  /** False: a draft, seen by its designers only until it is published. */
  publish: z.boolean().default(true),
});
export const updateDashboardBody = z.object({
  name: z.string().trim().min(1).max(40).optional(),
  definition: dashboardDefinition.optional(),
  version: revisionNumber.optional(),
});

/** What a page's designers work on: its draft, or what is published while there is none. */
export const dashboardDraft = z.object({
  definition: dashboardDefinition,
  /** Whether there is something to publish. */
  pending: z.boolean(),
  /** The published version that the draft was begun on. */
  version: z.number().int(),
  /** Grows with every saving, publishing and discarding: who works on an older one is told instead of overwriting. */
  revision: z.number().int(),
  savedAt: z.string().nullable(),
  savedBy: z.object({ id: uuidOf<'member'>(), name: z.string() }).nullable(),
});
export type DashboardDraft = z.infer<typeof dashboardDraft>;
/** `version` and `revision`: those that were read with the draft. */
export const saveDashboardDraftBody = z.object({
  definition: dashboardDefinition,
  version: revisionNumber,
  revision: revisionNumber,
});
export const publishDashboardBody = z.object({ revision: revisionNumber });

/** How far the reader, or the departments he leads, are with a target in whole periods: both days are among them. */
export const widgetTargetData = z.object({
  name: z.string(),
  unit: z.string(),
  amount: z.string(),
  actual: z.string(),
  /** Rounded down; null where nothing is to be reached. */
  percent: z.number().int().nullable(),
  from: z.string(),
  to: z.string(),
});
export type WidgetTargetData = z.infer<typeof widgetTargetData>;

/**
 * What a widget shows, under the reader's rights. `drill` is the filter that opens the rows behind group `i`
 * (behind the number for a metric). A broken widget says what is wrong and which field is gone.
 */
export const widgetData = z.discriminatedUnion('kind', [
  z.object({ id: z.string(), kind: z.literal('groups'), items: z.array(aggregateItem), drill: z.array(filter) }),
  z.object({
    id: z.string(),
    kind: z.literal('value'),
    value: z.union([z.string(), z.number(), z.null()]),
    drill: filter.optional(),
    /** Of a metric with a target; null where the reader has none then, or may not see it. */
    target: widgetTargetData.nullable().optional(),
  }),
  z.object({ id: z.string(), kind: z.literal('rows'), items: z.array(recordView), total, drill: filter.optional() }),
  z.object({ id: z.string(), kind: z.literal('broken'), message: z.string() }),
]);
export type WidgetData = z.infer<typeof widgetData>;
export const dashboardData = z.object({ widgets: z.array(widgetData) });

/** A flow or page in its app's recycle bin. */
export const deletedItem = z.object({
  id: z.string(),
  name: z.string(),
  deletedAt: z.string(),
  /** Who deleted it. */
  deletedBy: z.string(),
});
export type DeletedItem = z.infer<typeof deletedItem>;
