import type { FormView, ReadField } from '../api/queries.js';
import { fieldRenderers } from '../fields/registry.js';
import { laidFields, sectionsOf, titleFieldOf } from './layout.js';

/** What a person keeps for one view of one form in this browser. */
export interface ColumnChoice {
  /** Field keys in order; absent means the view's own columns. */
  columns?: string[];
  widths?: Record<string, number>;
  /** So many columns stay while the rest scrolls sideways, the title included. */
  frozen?: number;
}

export interface Column {
  field: ReadField;
  width: number;
  /** Stands first. */
  title: boolean;
  /** Stays while the rest scrolls sideways. */
  pinned: boolean;
}

export const minWidth = 60;
export const maxWidth = 800;

/** Keys of the columns a form shows when nobody chose: its fields by layout, then owner and the last change. */
export function usualColumns(form: FormView): string[] {
  const own = sectionsOf(form).flatMap((section) => laidFields(section).map((item) => item.field.key));
  const after = ['owner', 'updatedAt'].filter(
    (key) => !own.includes(key) && form.fields.some((field) => field.key === key),
  );
  return [...own, ...after];
}

/** The columns on screen: the person's choice, else the view's, else the usual ones; the title first. */
export function columnsOf(form: FormView, viewColumns: readonly string[], choice: ColumnChoice): Column[] {
  const wanted = choice.columns ?? (viewColumns.length > 0 ? viewColumns : usualColumns(form));
  const title = titleFieldOf(form);
  const fields = new Map<string, ReadField>();
  if (title) fields.set(title.key, title);
  for (const ref of wanted) {
    const field = form.fields.find((item) => item.key === ref || item.id === ref);
    if (field) fields.set(field.key, field);
  }
  const frozen = choice.frozen ?? 1;
  return [...fields.values()].map((field, index) => ({
    field,
    title: field === title,
    pinned: index < frozen,
    width: clampWidth(choice.widths?.[field.key] ?? fieldRenderers[field.type].width + (field === title ? 60 : 0)),
  }));
}

/** A column width in pixels within what can be read and handled. */
export function clampWidth(width: number): number {
  return Math.round(Math.min(maxWidth, Math.max(minWidth, width)));
}

/** `keys` with `key` moved so that it stands where `over` stands. */
export function moveKey(keys: readonly string[], key: string, over: string): string[] {
  const from = keys.indexOf(key);
  const to = keys.indexOf(over);
  if (from < 0 || to < 0 || from === to) return [...keys];
  const rest = keys.filter((item) => item !== key);
  rest.splice(to, 0, key);
  return rest;
}

/** Left edge of a pinned column in pixels, the box for picking included. */
export function pinnedLeft(columns: readonly Column[], col: number): number {
  return columns.slice(0, col).reduce((sum, column) => sum + column.width, 44);
}

/** Keys under which the recycle bin shows when and by whom a record was deleted; no form has such fields. */
export const deletedAtKey = 'deletedAt';
export const deletedByKey = 'deletedBy';

/** The recycle bin's columns: when it was deleted, and by whom, stand after the title. */
export function withDeleted(columns: readonly Column[], names: { at: string; by: string }): Column[] {
  const column = (key: string, name: string, type: 'datetime' | 'member', width: number): Column => ({
    field: { id: key as ReadField['id'], key, name, type, config: {}, rules: {}, system: true, writable: false },
    width,
    title: false,
    pinned: false,
  });
  const [title, ...rest] = columns;
  const added = [column(deletedAtKey, names.at, 'datetime', 150), column(deletedByKey, names.by, 'member', 110)];
  return [...(title ? [title] : []), ...added, ...rest];
}
