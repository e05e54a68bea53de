import { instantCell, readInstant } from '../datetime/sheet.js';
import type { SheetFormat } from '../sheet-types.js';
import type { LastContactConfig } from './schema.js';

/** A sheet's value is the base that recorded contacts can only move forward. */
export const lastContactSheet: SheetFormat<LastContactConfig> = {
  reader:
    (_, { timeZone }) =>
    (cell) =>
      readInstant(cell, timeZone),
  write: (value, _, { timeZone }) => instantCell(value, timeZone),
};
