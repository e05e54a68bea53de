import { z } from 'zod';
import { filter } from '../filter/ast.js';
import { uuidOf } from '../ids.js';
import { sortItem } from '../records/query.js';
import { groupUnits } from '../time/zone.js';

export const viewTypes = ['grid', 'kanban', 'calendar', 'gallery'] as const;
export type ViewType = (typeof viewTypes)[number];

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
  /** Kanban: a select or member field whose values are the lanes. */
  lane: fieldRef.optional(),
  /** Kanban: a number or money field summed up in each lane's head. */
  sum: fieldRef.optional(),
  /** Kanban: how many cards a lane should hold at most, by option or member id. */
  limits: z.record(z.string().max(60), z.number().int().min(1).max(9999)).optional(),
  /** Calendar: a date field, and the one that ends what lasts several days. */
  start: fieldRef.optional(),
  end: fieldRef.optional(),
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
  const { groups, lane, sum, start, end, cover } = view.look;
  const looked = [...(groups ?? []).map((group) => group.field), lane, sum, start, end, cover].filter(
    (ref): ref is string => ref !== undefined,
  );
  return [...view.columns, ...view.sort.map((item) => item.field), ...looked];
}

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
