import type { Filter } from '@lianke/shared/filter/ast';
import type { LayoutElement } from '@lianke/shared/forms/layout-schema';
import type { CSSProperties } from 'react';
import type { FormView, ReadField } from '../api/queries.js';

export interface LaidField {
  field: ReadField;
  span: number;
}

export type LaidItem = LaidField | { element: LayoutElement; span: number };

export interface LaidSection {
  title: string;
  /** Columns of the section's raster, 1–4. */
  columns: number;
  /** Name of the tab it stands in. */
  tab?: string | undefined;
  visibleWhen?: Filter | undefined;
  items: LaidItem[];
}

/** The fields of a section, without words and lines. */
export function laidFields(section: LaidSection): LaidField[] {
  return section.items.filter((item): item is LaidField => 'field' in item);
}

/** The form's own fields by its layout; fields that it names nowhere follow in the last section. */
export function sectionsOf(form: Pick<FormView, 'fields' | 'layout'>): LaidSection[] {
  const own = form.fields.filter((field) => !field.system);
  const placed = new Set<string>();
  const sections: LaidSection[] = form.layout.sections.map((section) => ({
    title: section.title,
    columns: section.columns,
    tab: section.tab,
    visibleWhen: section.visibleWhen,
    items: section.items.flatMap((item): LaidItem[] => {
      const span = Math.min(item.span, section.columns);
      if ('element' in item) return [{ element: item.element, span }];
      const field = form.fields.find(({ id, key }) => id === item.field || key === item.field);
      if (!field || placed.has(field.id)) return [];
      placed.add(field.id);
      return [{ field, span: field.type === 'subform' ? section.columns : span }];
    }),
  }));
  const rest = own.filter((field) => !placed.has(field.id)).map((field) => ({ field, span: usualSpan(field) }));
  if (rest.length > 0) {
    const last = sections.at(-1);
    if (last) last.items.push(...rest.map((item) => ({ ...item, span: Math.min(item.span, last.columns) })));
    else sections.push({ title: '', columns: 2, items: rest });
  }
  return sections.filter((section) => section.items.length > 0);
}

function usualSpan(field: ReadField): number {
  if (field.type === 'subform') return 4;
  return ['longText', 'richText', 'attachment', 'image', 'address'].includes(field.type) ? 2 : 1;
}

/** Columns of a raster, and how many of them a field takes; narrow windows have one whatever the layout says. */
export const columnsStyle = (columns: number) => ({ '--columns': columns }) as CSSProperties;
export const spanStyle = (span: number) => ({ '--span': span }) as CSSProperties;

/** The field whose value stands for the record: the form's choice, else its first text field, else its first field. */
export function titleFieldOf(form: Pick<FormView, 'fields' | 'settings'>): ReadField | undefined {
  const chosen = form.settings.titleField;
  const own = form.fields.filter((field) => !field.system);
  return (
    own.find((field) => chosen !== undefined && (field.id === chosen || field.key === chosen)) ??
    own.find((field) => field.type === 'text') ??
    own[0]
  );
}

/** The pipeline field shown as stage bar, if the form has one. */
export function stageFieldOf(form: Pick<FormView, 'fields'>): ReadField | undefined {
  return form.fields.find((field) => field.type === 'select' && field.config.stages === true);
}
