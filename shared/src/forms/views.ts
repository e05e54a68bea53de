import { z } from 'zod';
import type { FieldTypeName } from '../fields/registry.js';
import { filter } from '../filter/ast.js';
import { uuidOf } from '../ids.js';
import { placeTypes } from '../records/places.js';
import { sortItem } from '../records/query.js';
import { groupUnits } from '../time/zone.js';

export const viewTypes = ['grid', 'kanban', 'calendar', 'gallery', 'gantt', 'map'] as const;
export type ViewType = (typeof viewTypes)[number];

/** What a Gantt view's columns are; the wider ones show longer times. */
export const ganttScales = ['day', 'week', 'month', 'quarter'] as const;
export type GanttScale = (typeof ganttScales)[number];

export const rowHeights = ['small', 'medium', 'large'] as const;
const fieldRef = z.string().max(200);

export const viewGroup = z.object({
  field: fieldRef,
  /** Of a date field: months when absent. */
  unit: z.enum(groupUnits).optional(),
  dir: z.enum(['asc', 'desc']).default('asc'),
});
export type ViewGroup = z.infer<typeof viewGroup>;

/** How a view looks beyond what it selects. Fields are named by id or key. */
export const viewLook = z.object({
  /** Grid: records with the same value stand together, with counts and sums; the first level outermost. */
  groups: z.array(viewGroup).max(2).optional(),
  rowHeight: z.enum(rowHeights).optional(),
  /** Grid: column widths in pixels, by field key. */
  widths: z.record(z.string().max(60), z.number().int().min(60).max(800)).optional(),
  /** Grid: so many columns stay while the rest scrolls sideways, the title included. */
  frozen: z.number().int().min(1).max(6).optional(),
  /** Kanban: a select or member field whose values are the lanes. Gantt: the same for groups of bars. */
  lane: fieldRef.optional(),
  /** Kanban: a number or money field summed up in each lane's head. */
  sum: fieldRef.optional(),
  /** Kanban: how many cards a lane should hold at most, by option or member id. */
  limits: z.record(z.string().max(60), z.number().int().min(1).max(9999)).optional(),
  /** Calendar and Gantt: a date field, and the one that ends what lasts several days. Gantt: or a date range alone. */
  start: fieldRef.optional(),
  end: fieldRef.optional(),
  /** Gantt: a percent field of what is done, and how long the columns are when it opens. */
  progress: fieldRef.optional(),
  scale: z.enum(ganttScales).optional(),
  /** Map: a location, or an address that stands in the middle of its city. */
  place: fieldRef.optional(),
  /** Gantt and map: a select field whose options colour bars and points. */
  color: fieldRef.optional(),
  /** Gallery: an attachment field whose first picture stands on the card. */
  cover: fieldRef.optional(),
});
export type ViewLook = z.infer<typeof viewLook>;

const parts = {
  name: z.string().trim().min(1).max(40),
  type: z.enum(viewTypes),
  filter: filter.optional(),
  sort: z.array(sortItem).max(5),
  columns: z.array(fieldRef).max(200),
  look: viewLook,
  shared: z.boolean(),
  /** Nobody changes what it shows, not even on his own screen, until a designer unlocks it. */
  locked: z.boolean(),
};

/** A saved filter + sort + columns over one form, and how it is shown. */
export const viewDef = z.object({
  ...parts,
  type: parts.type.default('grid'),
  sort: parts.sort.default([]),
  columns: parts.columns.default([]),
  look: parts.look.default({}),
  shared: parts.shared.default(true),
  locked: parts.locked.default(false),
});
export type ViewDef = z.infer<typeof viewDef>;
/** A view as it is sent: what has a usual value may be left out. */
export type ViewInput = z.input<typeof viewDef>;

/** A change of a view: what is absent stays as it is. */
export const viewPatch = z.object(parts).partial();
export type ViewPatch = z.infer<typeof viewPatch>;

export const savedView = viewDef.extend({
  id: uuidOf<'view'>(),
  formId: uuidOf<'form'>(),
  mine: z.boolean(),
  sort: z.array(sortItem),
});
export type SavedView = z.infer<typeof savedView>;

/** Field references a view names outside of its filter. */
export function viewRefs(view: Pick<ViewDef, 'sort' | 'columns' | 'look'>): string[] {
  const { groups, lane, sum, start, end, cover, progress, place, color } = view.look;
  const single = [lane, sum, start, end, cover, progress, place, color];
  const looked = [...(groups ?? []).map((group) => group.field), ...single].filter((ref) => ref !== undefined);
  return [...view.columns, ...view.sort.map((item) => item.field), ...looked];
}

/** A part of a look that names one field. */
export type LookPart = 'lane' | 'sum' | 'start' | 'end' | 'cover' | 'progress' | 'place' | 'color';

/** A field that a kind of view is made of: of which types it may be, and whether the view is nothing without it. */
export interface LookRule {
  part: LookPart;
  types: readonly FieldTypeName[];
  needed: boolean;
}

const dates = ['date', 'datetime'] as const;
const choices = ['select', 'member'] as const;

/** The fields each kind of view takes, in the order they are asked for; the first decides what the view is about. */
export const lookRules: Record<ViewType, readonly LookRule[]> = {
  grid: [],
  kanban: [
    { part: 'lane', types: choices, needed: true },
    { part: 'sum', types: ['money', 'number'], needed: false },
  ],
  calendar: [
    { part: 'start', types: dates, needed: true },
    { part: 'end', types: dates, needed: false },
  ],
  gallery: [{ part: 'cover', types: ['attachment', 'image'], needed: false }],
  gantt: [
    { part: 'start', types: [...dates, 'dateRange'], needed: true },
    { part: 'end', types: dates, needed: false },
    { part: 'color', types: ['select'], needed: false },
    { part: 'lane', types: choices, needed: false },
    { part: 'progress', types: ['percent'], needed: false },
  ],
  map: [
    { part: 'place', types: placeTypes, needed: true },
    { part: 'color', types: ['select'], needed: false },
  ],
};

/** A view in the recycle bin; it waits there 30 days. */
export const deletedView = z.object({
  id: uuidOf<'view'>(),
  name: z.string(),
  type: viewDef.shape.type,
  shared: z.boolean(),
  deletedAt: z.string(),
  deletedBy: z.string(),
});
export type DeletedView = z.infer<typeof deletedView>;
