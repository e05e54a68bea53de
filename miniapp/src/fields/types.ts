import type { FieldErrorCode } from '@lianke/shared/errors/codes';
import { fieldErrorText } from '@lianke/shared/errors/field-text';
import type { ComponentType } from 'react';
import type { Json, ReadField } from '../data/record-types.js';
import { currentLanguage, type Translate } from '../i18n/index.js';

export interface FormatContext {
  t: Translate;
  /** The tenant's time zone. */
  zone: string;
  /** ms since 1970. */
  now: number;
}

export interface ControlProps {
  field: ReadField;
  /** In the shape records are read: references `{id, label}`, files `{id, name, size, mime}`. */
  value: Json | undefined;
  onChange(value: Json): void;
}

/** One field type on the phone. */
export interface FieldRenderer {
  /** Its control in forms; null: kept by the system, shown only. */
  Control: ComponentType<ControlProps> | null;
  /** Plain text for lists, facts and copying; '' when there is nothing to show. */
  format(value: Json, field: ReadField, context: FormatContext): string;
  /** Why the value will be refused, in the reader's language; the server checks again. */
  check?(value: Json, field: ReadField): string | null;
  /** The value as it is sent; the value itself when absent. */
  toWire?(value: Json, field: ReadField): Json;
}

export function fieldError(code: FieldErrorCode, params?: Record<string, string | number>): string {
  return fieldErrorText(code, params, currentLanguage());
}

/** The message of a refused parse of the shared field types. */
export function refusal(
  parsed: { ok: true } | { ok: false; code: FieldErrorCode; params?: Record<string, string | number> },
): string | null {
  return parsed.ok ? null : fieldError(parsed.code, parsed.params);
}

/** True for values that mean "nothing there". */
export function isEmpty(value: Json | undefined): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}
