import { z } from 'zod';
import type { ShapeText } from '../errors/shape-texts.js';
import { filter } from '../filter/ast.js';

const span = z.number().int().min(1).max(4).default(1);

/** What stands between fields and holds no value: words, or a line. Its id is its own, made by whoever designs. */
export const layoutElement = z.object({
  id: z.string().regex(/^e_[0-9a-z]{4,20}$/, 'layout_id' satisfies ShapeText),
  kind: z.enum(['text', 'divider']),
  /** Rich text of `text`; the caption on a `divider`'s line. */
  content: z.string().max(10_000).default(''),
  visibleWhen: filter.optional(),
});
export type LayoutElement = z.infer<typeof layoutElement>;

export const layoutItem = z.union([z.object({ element: layoutElement, span }), z.object({ field: z.string(), span })]);
export type LayoutItem = z.infer<typeof layoutItem>;

export const layoutSection = z.object({
  title: z.string().max(40).default(''),
  columns: z.number().int().min(1).max(4).default(2),
  /** Name of the tab it stands in. Neighbours with tabs make one strip, neighbours of one name stand in one tab. */
  tab: z.string().trim().min(1).max(20).optional(),
  /** While it does not hold, the section's fields are hidden like fields whose own condition does not hold. */
  visibleWhen: filter.optional(),
  items: z.array(layoutItem).max(500),
});
export type LayoutSection = z.infer<typeof layoutSection>;

/** Where fields stand on the page; `field` is an id (in input also a key, or the name of a field sent without a key). Fields named nowhere follow in the last section. */
export const formLayout = z.object({ sections: z.array(layoutSection).max(50).default([]) });
export type FormLayout = z.infer<typeof formLayout>;
