import { z } from 'zod';
import { uuidOf } from '../../ids.js';
import type { Json } from '../../json.js';
import { bad, isBlank, ok, type Parsed } from '../types.js';
import type { SubformConfig } from './schema.js';

/**
 * One row of a subform as it is written. A list of rows is the whole list: rows left out are deleted, those with the `id`
 * of a row the record has keep what `values` does not name, rows without an id are new. `label` is what lists of records
 * show of a row; sent back it is passed over, so that a list as it was read changes nothing.
 */
export const subformRowInput = z.strictObject({
  id: uuidOf<'record'>().optional(),
  values: z.record(z.string().max(60), z.json()).optional(),
  label: z.string().optional(),
});

/** A row as it is stored and read; `values` by field id when stored, by field key in the API. */
export type SubformRow = { id?: string; values: Record<string, Json> };

const rowList = z.array(subformRowInput);

/** Checks the shape of a list of rows; what stands in them is checked by the fields of the rows. */
export function parseRows(raw: unknown, config: SubformConfig): Parsed<SubformRow[]> {
  if (isBlank(raw)) return ok(null);
  const rows = rowList.safeParse(raw);
  if (!rows.success) return bad('wrong_type', { expected: '[{id?, values}]' });
  if (rows.data.length > config.maxRows) return bad('too_many_rows', { max: config.maxRows });
  return ok(rows.data.map(({ id, values }) => ({ ...(id === undefined ? {} : { id }), values: values ?? {} })));
}
