import { parentPrefix } from '@lianke/shared/forms/deciders';
import { createContext } from 'react';
import type { ReadField, Values } from '../data/record-types.js';

/** The record that is filled in around a subform: its rows may take values that follow from it. */
export interface ParentRecord {
  fields: readonly ReadField[];
  values: Values;
}

export const ParentRecordContext = createContext<ParentRecord | undefined>(undefined);

/** Fields of the record around them that rows follow from. */
export function fieldsAbove(linking: ReadonlySet<string>, parent: ParentRecord | undefined): ReadField[] {
  return (parent?.fields ?? []).filter((field) => linking.has(`${parentPrefix}${field.id}`));
}

/** How a change of such a field is named when rows are asked for. */
export const changeAbove = (field: ReadField): string => `${parentPrefix}${field.key}`;
