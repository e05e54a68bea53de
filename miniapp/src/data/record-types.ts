import type { AnswerOf } from '@lianke/shared/api/contracts';
import type { FormView, ReadField } from '@lianke/shared/forms/definition';
import type { Json } from '@lianke/shared/json';

export type { FormView, Json, ReadField };
export type RecordRow = AnswerOf<'records.get'>;
export type Values = Record<string, Json>;
export interface Ref {
  id: string;
  label: string;
}

export function isRef(value: unknown): value is Ref {
  return typeof value === 'object' && value !== null && 'id' in value && 'label' in value;
}

export interface FileRef {
  id: string;
  name: string;
  size: number;
  mime: string;
}

export function filesOf(value: Json | undefined): FileRef[] {
  return Array.isArray(value)
    ? (value as unknown[]).filter(
        (item): item is FileRef => typeof item === 'object' && item !== null && 'id' in item && 'name' in item,
      )
    : [];
}

export function textsOf(value: Json | undefined): string[] {
  if (typeof value === 'string' && value !== '') return [value];
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

/** A field's config in the shape its type has; the server checked it when the form was saved. */
export function configOf<Config>(field: ReadField): Config {
  return field.config as unknown as Config;
}
