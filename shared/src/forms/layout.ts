import type { Filter } from '../filter/ast.js';
import type { FormLayout, LayoutItem } from './layout-schema.js';

/** The reference of the field that an item places; undefined for words and lines. */
export function laidField(item: LayoutItem): string | undefined {
  return 'field' in item ? item.field : undefined;
}

/** Every condition that a layout puts on fields, words or lines. */
export function layoutConditions(layout: FormLayout): Filter[] {
  return layout.sections.flatMap((section) => [
    ...(section.visibleWhen ? [section.visibleWhen] : []),
    ...section.items.flatMap((item) =>
      'element' in item && item.element.visibleWhen ? [item.element.visibleWhen] : [],
    ),
  ]);
}

interface Ruled {
  readonly id: string;
  readonly key: string;
  readonly rules: { readonly visibleWhen?: Filter | undefined };
}

/** Fields as rules see them: a field in a section with a condition is visible only while that holds too. */
export function withSectionRules<T extends Ruled>(fields: readonly T[], layout: FormLayout | undefined): readonly T[] {
  const conditions = new Map<string, Filter>();
  for (const { visibleWhen, items } of layout?.sections ?? [])
    for (const item of visibleWhen ? items : []) {
      const ref = laidField(item);
      if (ref !== undefined && visibleWhen) conditions.set(ref, visibleWhen);
    }
  if (conditions.size === 0) return fields;
  return fields.map((field) => {
    const section = conditions.get(field.id) ?? conditions.get(field.key);
    if (!section) return field;
    const own = field.rules.visibleWhen;
    return { ...field, rules: { ...field.rules, visibleWhen: own ? { and: [own, section] } : section } };
  });
}

/** Sections as a page shows them: single ones, and strips of tabs with the sections of each. */
export type LayoutBlock<S> = { section: S } | { tabs: { title: string; sections: S[] }[] };

/** Groups neighbouring sections with tabs into strips. */
export function layoutBlocks<S extends { tab?: string | undefined }>(sections: readonly S[]): LayoutBlock<S>[] {
  const blocks: LayoutBlock<S>[] = [];
  for (const section of sections) {
    if (section.tab === undefined) {
      blocks.push({ section });
      continue;
    }
    let strip = blocks.at(-1);
    if (!strip || !('tabs' in strip)) {
      strip = { tabs: [] };
      blocks.push(strip);
    }
    const same = strip.tabs.find((tab) => tab.title === section.tab);
    if (same) same.sections.push(section);
    else strip.tabs.push({ title: section.tab, sections: [section] });
  }
  return blocks;
}
