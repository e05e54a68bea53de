import { laidField, layoutBlocks } from '@lianke/shared/forms/layout';
import type { LayoutElement } from '@lianke/shared/forms/layout-schema';
import { fieldOf } from './forms.js';
import type { FormView, ReadField } from './record-types.js';
import type { RecordRules } from './rules.js';

/** One thing of a page by the form's layout. */
export type LaidPart = { title: string } | { element: LayoutElement } | { field: ReadField };

export interface LaidTab {
  title: string;
  parts: LaidPart[];
}

/** A page by the form's layout: parts one under the other, and strips of tabs among them. */
export type LaidBlock = { parts: LaidPart[] } | { tabs: LaidTab[] };

/**
 * Whether a form's layout says more than an order: words, lines, tabs or conditions. A page then keeps that order, where
 * a plain form brings what must be filled in to the top.
 */
export function isLaid(form: FormView): boolean {
  return form.layout.sections.some(
    (section) =>
      section.tab !== undefined ||
      section.visibleWhen !== undefined ||
      section.items.some((item) => laidField(item) === undefined),
  );
}

/** True when tabs already keep the page short. */
export function hasTabs(form: FormView): boolean {
  return form.layout.sections.some((section) => section.tab !== undefined);
}

/**
 * The page of a laid form with these fields; those that its layout does not name follow. A section without any of its
 * fields is left out with its words, unless it has words only.
 */
export function laidBlocks(form: FormView, shown: readonly ReadField[], rules: RecordRules): LaidBlock[] {
  const rest = new Set(shown.map((field) => field.id));
  const sections = form.layout.sections.flatMap((section) => {
    if (!rules.holds(section.visibleWhen)) return [];
    let filled = section.items.every((item) => laidField(item) === undefined);
    const parts = section.items.flatMap((item): LaidPart[] => {
      if ('element' in item) return rules.holds(item.element.visibleWhen) ? [{ element: item.element }] : [];
      const field = fieldOf(form, item.field);
      if (!field || !rest.delete(field.id)) return [];
      filled = true;
      return [{ field }];
    });
    const titled: LaidPart[] = section.title ? [{ title: section.title }, ...parts] : parts;
    return filled && parts.length > 0 ? [{ tab: section.tab, parts: titled }] : [];
  });
  const blocks = layoutBlocks(sections).map(
    (block): LaidBlock =>
      'section' in block
        ? { parts: block.section.parts }
        : {
            tabs: block.tabs.map((tab) => ({
              title: tab.title,
              parts: tab.sections.flatMap((section) => section.parts),
            })),
          },
  );
  const others = shown.filter((field) => rest.has(field.id)).map((field) => ({ field }));
  return others.length > 0 ? [...blocks, { parts: others }] : blocks;
}
