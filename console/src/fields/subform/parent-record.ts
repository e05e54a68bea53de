import { createContext } from 'react';
import type { ReadField } from '../../api/queries.js';
import type { Values } from '../../records/values.js';

/** The record that is filled in around a subform: its rows may take values that follow from it. */
export interface ParentRecord {
  fields: readonly ReadField[];
  values: Values;
}

export const ParentRecordContext = createContext<ParentRecord | undefined>(undefined);
