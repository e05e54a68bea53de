import { z } from 'zod';
import { filter } from '../filter/ast.js';
import { uuidOf } from '../ids.js';
import { sortItem } from '../records/query.js';

/** A saved filter + sort + columns over one form. */
export const viewDef = z.object({
  name: z.string().trim().min(1).max(40),
  type: z.enum(['grid']).default('grid'),
  filter: filter.optional(),
  sort: z.array(sortItem).max(5).default([]),
  columns: z.array(z.string()).max(100).default([]),
  shared: z.boolean().default(true),
});
export type ViewDef = z.infer<typeof viewDef>;

export const savedView = viewDef.extend({
  id: uuidOf<'view'>(),
  formId: uuidOf<'form'>(),
  mine: z.boolean(),
  sort: z.array(sortItem),
});
export type SavedView = z.infer<typeof savedView>;
