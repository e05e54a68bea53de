import { z } from 'zod';
import { filter } from '../filter/ast.js';
import { uuidOf } from '../ids.js';
import { sortItem } from './query.js';

/** The header of the column that names records; importing a file that has it changes these very records. */
export const recordIdHeader = '数据ID';

export const exportFormats = ['xlsx', 'csv'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** Most records that an export can name one by one. */
export const mostExportedIds = 10_000;

export const exportBody = z.object({
  format: z.enum(exportFormats).default('xlsx'),
  filter: filter.optional(),
  search: z.string().max(100).optional(),
  /** Only these records, as far as filter and search meet them too. */
  ids: z.array(uuidOf<'record'>()).min(1).max(mostExportedIds).optional(),
  sort: z.array(sortItem).max(5).optional(),
  /** Field keys or ids in the order of the columns; all readable fields when absent. */
  fields: z.array(z.string().max(200)).min(1).max(500).optional(),
  /** Puts the column 数据ID first. */
  withId: z.boolean().default(false),
  /** Rows of subforms beside their record, one below the other, or on sheets of their own (xlsx). */
  subforms: z.enum(['lines', 'sheets']).default('lines'),
  /** Forms with a relation to this one whose records that point at the exported ones get a sheet each (xlsx). */
  related: z.array(uuidOf<'form'>()).max(10).default([]),
});
export type ExportBody = z.infer<typeof exportBody>;

export const exportState = z.enum(['running', 'done', 'failed', 'cancelled', 'expired']);
export const exportView = z.object({
  id: uuidOf<'export'>(),
  formId: uuidOf<'form'>(),
  formName: z.string(),
  format: z.enum(exportFormats),
  fileName: z.string(),
  state: exportState,
  /** Rows written so far, and rows expected when it began. */
  progress: z.object({ done: z.number().int(), total: z.number().int() }),
  /** Bytes of the finished file. */
  size: z.number().int().nullable(),
  error: z.string().nullable(),
  createdAt: z.string(),
  /** The file is gone after this instant; null until it is finished. */
  expiresAt: z.string().nullable(),
});
export type ExportView = z.infer<typeof exportView>;
