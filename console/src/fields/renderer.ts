import type { FieldTypeName } from '@lianke/shared/fields/registry';
import type { Json } from '@lianke/shared/json';
import type { Reference } from '@lianke/shared/records/query';
import type { ComponentType } from 'react';
import { pause } from '../i18n/punctuation.js';

/** What rendering needs of a field; stored, read and draft fields all fit. */
export interface FieldLike {
  readonly key: string;
  readonly name: string;
  readonly type: FieldTypeName;
  readonly config: Readonly<Record<string, unknown>>;
}

export interface ValueProps {
  field: FieldLike;
  /** As the API reads it: references `{id, label}`, files `{id, name, size, mime}`. */
  value: Json | undefined;
}

export interface EditorProps {
  field: FieldLike;
  value: Json | undefined;
  /** The new value in the same shape as read; `null` clears. */
  onChange: (value: Json) => void;
  id?: string | undefined;
  /** Name for assistive technology where no visible label is bound to the control. */
  label?: string | undefined;
  autoFocus?: boolean | undefined;
  disabled?: boolean | undefined;
  invalid?: boolean | undefined;
  /** Inside a grid cell: small, popups open at once, and `onDone` is called when the choice is complete. */
  inCell?: boolean | undefined;
  onDone?: (() => void) | undefined;
  /** Of subforms: what is wrong in which row, counted from 0, and field. */
  faults?: readonly RowFault[] | undefined;
}

export interface RowFault {
  row: number;
  field: string;
  reason: string;
}

/** How one field type is shown and edited in the console. */
export interface FieldRenderer {
  Value: ComponentType<ValueProps>;
  /** Absent for types that only the system writes. */
  Editor?: ComponentType<EditorProps>;
  /** The value as plain text: for copying, conflict bars, hover. */
  text: (field: FieldLike, value: Json | undefined) => string;
  align?: 'right';
  /** May be edited inside a grid cell. */
  inCell: boolean;
  /** First width of its column in pixels. */
  width: number;
}

/** Least width of a list that opens in a grid cell: a narrow column does not cut off its choices. */
export const listWidth = 220;

/** True for what the API reads as "no value". */
export function isEmptyValue(value: Json | undefined): value is null | undefined | '' {
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}

/** A reference as read by the API; a bare id is its own label. */
export function referenceOf(value: Json | undefined): Reference | null {
  if (typeof value === 'string' && value !== '') return { id: value, label: value };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const { id, label } = value;
  return typeof id === 'string' ? { id, label: typeof label === 'string' ? label : id } : null;
}

/** The references of a list value. */
export function referencesOf(value: Json | undefined): Reference[] {
  return (Array.isArray(value) ? value : [value]).flatMap((item) => referenceOf(item) ?? []);
}

/** Their names in one line. */
export function referencesText(value: Json | undefined): string {
  return referencesOf(value)
    .map((item) => item.label)
    .join(pause());
}

/** Strings of a list value. */
export function stringsOf(value: Json | undefined): string[] {
  if (typeof value === 'string' && value !== '') return [value];
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}
